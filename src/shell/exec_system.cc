#include "shell/exec_system.h"

#include <fmt/format.h>

#include "base/text.h"
#include "config/config.h"
#include "config/document_text.h"
#include "config/grammar.h"
#include "config/secrets.h"
#include "show/json.h"
#include "show/lines_json.h"

namespace rri::shell {

namespace {

using show::Format;
using show::quoted_json;

/// "1 day, 2 hours, 3 minutes".
std::string spoken_uptime(Seconds uptime) {
  struct Unit {
    std::string_view name;
    std::int64_t seconds;
  };
  constexpr Unit kUnits[] = {{"week", 604800}, {"day", 86400}, {"hour", 3600}, {"minute", 60}};
  std::string text;
  auto left = uptime.count();
  for (const auto& [name, seconds] : kUnits) {
    const auto count = left / seconds;
    left %= seconds;
    const bool is_last_resort = seconds == 60 && text.empty();
    if (count > 0 || is_last_resort) text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", count, name, count == 1 ? "" : "s");
  }
  return text;
}

/// "0.1.0" of "RRI for Linux 0.1.0".
std::string number_of(const show::Health& health) { return health.version.substr(health.version.find_last_of(' ') + 1); }

/// Programs look for IOS's words: "Software (IMAGE), Version", "uptime is", "bytes of memory".
std::string version_text(const show::Health& health, const std::string& hostname) {
  return fmt::format(
      "Cisco IOS Software, RRI for Linux Software (RRID), Version {}, RELEASE SOFTWARE (linux)\n"
      "This is the IOS-compatible shell of {}, no product of Cisco Systems\n\n"
      "ROM: Linux {}\n\n"
      "{} uptime is {}\nSystem returned to ROM by reload\nSystem image file is \"linux:rrid\"\n\n"
      "IKE daemon: {}\nRoutes: {}\n\n"
      "cisco RRI ({}) processor with {}K/0K bytes of memory.\nProcessor board ID {}\n\n"
      "Configuration register is 0x2102\n\n",
      number_of(health), health.version, health.kernel, hostname, spoken_uptime(health.uptime), health.source, health.sink,
      health.machine, health.memory_kib, health.board);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.empty()) return lines;
  for (const auto line : split(text, '\n')) lines.emplace_back(line);
  return lines;
}

std::string with_header(std::string_view text) {
  const std::string_view bang = text.substr(0, 2) == "!\n" ? "" : "!\n";
  return fmt::format("Building configuration...\n\nCurrent configuration : {} bytes\n{}{}", text.size(), bang, text);
}

/// "*Nov 23 20:41:02.123: %RRI-6-ROUTE: text" in its parts; nothing for other lines.
std::optional<std::string> message_json(std::string_view line) {
  const auto percent = line.find(": %");
  if (percent == std::string_view::npos) return std::nullopt;
  const auto code = line.substr(percent + 3, line.find(": ", percent + 3) - percent - 3);
  const auto first = code.find('-');
  const auto second = code.find('-', first + 1);
  const auto severity = first == std::string_view::npos ? std::nullopt : parse_number<std::uint32_t>(code.substr(first + 1, second - first - 1));
  if (!severity || second == std::string_view::npos) return std::nullopt;
  const auto text = line.substr(std::min(line.size(), percent + 3 + code.size() + 2));
  return fmt::format("{{\"time\":{},\"facility\":{},\"severity\":{},\"mnemonic\":{},\"text\":{}}}", quoted_json(line.substr(0, percent)),
                     quoted_json(code.substr(0, first)), *severity, quoted_json(code.substr(second + 1)), quoted_json(text));
}

}  // namespace

std::string version_answer(Format format, const Environment& environment) {
  const auto health = environment.health();
  const auto hostname = environment.summary()->config->hostname;
  if (format == Format::Text) return version_text(health, hostname);
  return fmt::format(
      "{{\"version\":{},\"hostname\":{},\"uptime\":{},\"source\":{},\"sink\":{},\"kernel\":{},\"machine\":{},\"memory_kib\":{},\"board\":{}}}\n",
      quoted_json(health.version), quoted_json(hostname), health.uptime.count(), quoted_json(health.source), quoted_json(health.sink),
      quoted_json(health.kernel), quoted_json(health.machine), health.memory_kib, quoted_json(health.board));
}

std::string inventory_answer(Format format, const Environment& environment) {
  const auto health = environment.health();
  const auto description = fmt::format("{} on Linux {}", health.version, health.kernel);
  if (format == Format::Json) {
    return fmt::format("{{\"inventory\":[{{\"name\":\"Chassis\",\"description\":{},\"pid\":\"RRI\",\"vid\":{},\"sn\":{}}}]}}\n",
                       quoted_json(description), quoted_json(health.machine), quoted_json(health.board));
  }
  return fmt::format("NAME: \"Chassis\", DESCR: \"{}\"\nPID: RRI               , VID: {}  , SN: {}\n\n", description, health.machine, health.board);
}

std::string config_json(std::string_view text) {
  return fmt::format("{{\"bytes\":{},\"lines\":{}}}\n", text.size(), show::list_json(lines_of(text)));
}

namespace {

/// The running configuration, a thousand lines a turn; begins again when somebody changes it.
class RunningText {
 public:
  explicit RunningText(const Environment& environment) : environment_(environment), generation_(environment.generation()) {}

  bool add() {
    constexpr int kMostRestarts = 8;  // then in one go: whoever asks must get an answer
    constexpr std::size_t kLines = 1000;
    if (const auto now = environment_.generation(); now != std::exchange(generation_, now)) {
      text_ = DocumentText();
      ++restarts_;
    }
    return text_.add(environment_.document(), restarts_ > kMostRestarts ? SIZE_MAX : kLines);
  }
  std::string take() { return text_.take(); }

 private:
  Environment environment_;
  std::uint64_t generation_;
  DocumentText text_;
  int restarts_ = 0;
};

std::string with_numbers(std::string_view text) {
  auto lines = fmt::format("Building configuration...\n\nCurrent configuration : {} bytes\n", text.size());
  std::size_t number = 0;
  for (const auto& line : lines_of(text)) lines += fmt::format("{:>5} : {}\n", ++number, line);
  return lines;
}

}  // namespace

Pieces running_config_answer(Format format, const Environment& environment, bool numbered) {
  const auto running = std::make_shared<RunningText>(environment);
  return prepared([running] { return running->add(); },
                  [running, format, numbered] {
                    auto text = running->take();
                    if (format == Format::Text) return sliced(numbered ? with_numbers(text) : with_header(text));
                    auto head = fmt::format("{{\"bytes\":{}", text.size());
                    return joined({show::lines_json_behind(std::move(head), sliced(std::move(text))), one_piece("\n")});
                  });
}

std::string vrf_config_answer(const std::optional<std::string>& name, Format format, const Environment& environment) {
  std::string text;
  std::string section;
  bool is_about = false;
  const auto take_section = [&] {
    if (is_about) text += section + "!\n";
    section.clear();
    is_about = false;
  };
  for (const auto& line : lines_of(environment.running_config())) {
    if (!line.starts_with(' ')) take_section();
    section += line + "\n";
    const auto words = split_words(line);
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      const bool names = words[i] == "vrf" || (words[i] == "forwarding" && i > 0 && words[i - 1] == "vrf") || (words[i] == "definition" && i > 0 && words[i - 1] == "vrf");
      const bool is_keyword = words[i + 1] == "forwarding" || words[i + 1] == "definition";
      is_about = is_about || (names && !is_keyword && (!name || words[i + 1] == *name));
    }
  }
  take_section();
  text += "end\n";
  return format == Format::Json ? config_json(text) : with_header(text);
}

std::optional<std::string> interface_config_answer(const std::string& interface, Format format, const Environment& environment) {
  std::string section;
  bool inside = false;
  for (const auto& line : lines_of(environment.running_config())) {
    const bool begins = line == "interface " + interface || line.starts_with("interface " + interface + " ");
    inside = begins || (inside && line.starts_with(' '));
    if (inside) section += line + "\n";
  }
  if (section.empty()) return std::nullopt;
  section += "end\n";
  return format == Format::Json ? config_json(section) : with_header(section);
}

std::string object_groups(const Document& document, const std::optional<std::string>& name, Format format) {
  std::string text;
  for (const auto& line : document.lines) {
    const bool is_group = line.kind == LineKind::Command && line.row->row.opens == Mode::ObjectGroup;
    if (!is_group || (name && line.value("name") != *name)) continue;
    std::vector<std::string> members;
    for (const auto& child : line.children) members.push_back(child.text());
    if (format == Format::Json) {
      text += fmt::format("{}{{\"name\":{},\"members\":{}}}", text.empty() ? "" : ",\n", quoted_json(line.value("name")), show::list_json(members));
      continue;
    }
    text += fmt::format("Network object group {}\n", line.value("name"));
    for (const auto& member : members) text += fmt::format(" {}\n", member);
    text += "\n";
  }
  return format == Format::Json ? fmt::format("{{\"object_groups\":[{}]}}\n", text) : text;
}

std::string carried_answer(Format format, const Environment& environment) {
  std::string text;
  for (const auto& line : environment.carried()) {
    if (format == Format::Json) {
      text += fmt::format("{}{{\"line\":{},\"sections\":{},\"text\":{}}}", text.empty() ? "\n" : ",\n", line.position.line,
                          show::list_json(line.sections), quoted_json(line.text));
      continue;
    }
    std::string place;
    for (const auto& section : line.sections) place += fmt::format("{} / ", section);
    // A typed line stands in no file.
    if (line.position.line > 0) text += fmt::format("line {}: ", line.position.line);
    text += fmt::format("{}{}\n", place, line.text);
  }
  return format == Format::Json ? fmt::format("{{\"carried\":[{}]}}\n", text) : text;
}

std::string logging_answer(Format format, const Environment& environment) {
  const auto lines = environment.log_lines();
  std::string text;
  if (format == Format::Json) {
    for (const auto& line : lines) {
      const auto message = message_json(line);
      if (message) text += (text.empty() ? "\n" : ",\n") + *message;
    }
    return fmt::format("{{\"messages\":[{}]}}\n", text);
  }
  std::size_t bytes = 0;
  for (const auto& line : lines) {
    text += line + "\n";
    bytes += line.size() + 1;
  }
  return fmt::format("Syslog logging: enabled\n    Buffer logging:  {} messages logged\n\nLog Buffer ({} bytes):\n\n{}", lines.size(), bytes, text);
}

Pieces rri_answer(Format format, const Environment& environment) {
  const auto tally = std::make_shared<core::Tally>();
  return prepared([count = environment.count(), tally]() mutable { return count(*tally); },
                  [format, tally, summary = environment.summary, health = environment.health] {
                    return one_piece(show::rri_summary(*summary(), *tally, health(), format));
                  });
}

namespace {

/// Made when its turn comes, so that no part waits in memory for the others.
Pieces when_due(std::function<std::string()> text) {
  return prepared([] { return false; }, [text = std::move(text)] { return one_piece(text()); });
}

Pieces titled(std::string_view title, Pieces part) {
  return joined({one_piece(fmt::format("\n------------------ {} ------------------\n\n", title)), std::move(part)});
}

}  // namespace

Pieces tech_support_answer(Format format, const Environment& environment, std::vector<std::pair<std::string, Pieces>> crypto) {
  std::vector<std::pair<std::string, Pieces>> parts;
  const auto add = [&](std::string title, Pieces part) { parts.emplace_back(std::move(title), std::move(part)); };
  const auto add_text = [&](std::string title, std::string (*text)(const Environment&)) {
    add(std::move(title), when_due([environment, text] { return text(environment); }));
  };
  add_text("show version", [](const Environment& e) { return version_answer(Format::Text, e); });
  add_text("show running-config", [](const Environment& e) { return with_header(render_document(without_secrets(e.document()))); });
  add("show rri", rri_answer(Format::Text, environment));
  add("show crypto route detail", show::crypto_routes(environment.rows({}), {std::nullopt, true, Format::Text}));
  add("show crypto map", show::crypto_maps(environment.summary(), environment.sas, {std::nullopt, std::nullopt, environment.transforms, environment.ipsec_settings, environment.chosen_peer, environment.last_failure}));
  std::move(crypto.begin(), crypto.end(), std::back_inserter(parts));
  add("show ip static route", show::static_routes(environment.rows({std::string(kDefaultVrf)}), {std::nullopt, false, Format::Text}));
  add_text("show ip interface brief", [](const Environment& e) { return show::interface_brief(*e.summary()); });
  add_text("show vrf", [](const Environment& e) { return show::vrfs(*e.summary()->config, std::nullopt); });
  add_text("show standby", [](const Environment& e) { return show::standby(*e.summary(), e.redundancy(), true, Format::Text); });
  add_text("show configuration carried", [](const Environment& e) {
    auto shown = e;
    shown.carried = [&e] { return without_secrets(e.document()).carried(); };
    return carried_answer(Format::Text, shown);
  });
  add_text("show rri history", [](const Environment& e) { return show::route_history(e.history(), std::nullopt, Format::Text); });
  add_text("show logging", [](const Environment& e) { return logging_answer(Format::Text, e); });
  std::vector<Pieces> all;
  if (format == Format::Json) all.push_back(one_piece("{\"answers\":["));
  for (auto& [title, part] : parts) {
    all.push_back(format == Format::Text ? titled(title, std::move(part)) : joined({one_piece(all.size() == 1 ? "\n" : ",\n"), show::lines_json(title, std::move(part))}));
  }
  if (format == Format::Json) all.push_back(one_piece("]}\n"));
  return joined(std::move(all));
}

}  // namespace rri::shell

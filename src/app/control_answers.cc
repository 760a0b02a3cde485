#include "app/control_answers.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>

#include "base/text.h"

namespace rri::app {

namespace {

control::Status status_of(const shell::ExecMisfit& misfit) {
  using Kind = control::Status::Kind;
  switch (misfit.reason) {
    case shell::ExecMisfit::Reason::Invalid: return {Kind::Invalid, misfit.column, {}};
    case shell::ExecMisfit::Reason::Incomplete: return {Kind::Incomplete, 0, {}};
    case shell::ExecMisfit::Reason::Ambiguous: return {Kind::Ambiguous, misfit.column, {}};
  }
  return {};
}

bool names_host(const std::map<std::uint32_t, CryptoEntry>& entries, const std::string& host) {
  return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
    const auto& peers = entry.second.peers;
    return std::any_of(peers.begin(), peers.end(), [&](const auto& peer) { return peer.host == host; });
  });
}

}  // namespace

control::Answer make_answer(shell::ExecAnswer exec) {
  control::Answer answer;
  if (exec.misfit) {
    answer.status = status_of(*exec.misfit);
  } else if (!exec.failure.empty()) {
    answer.status = {control::Status::Kind::Failed, 0, std::move(exec.failure)};
  } else if (exec.later) {
    answer.later = [ask = std::move(exec.later)](std::function<void(control::Answer)> done) {
      ask([done = std::move(done)](shell::ExecAnswer made) { done(make_answer(std::move(made))); });
    };
  } else {
    answer.pieces = std::move(exec.pieces);
  }
  return answer;
}

std::string find_transforms(const Document& document, const std::string& name) {
  constexpr std::string_view kOpener = "crypto ipsec transform-set ";
  for (const auto& line : document.lines) {
    if (line.kind != LineKind::Command || line.words.size() < 4 || line.words[2].text != "transform-set") continue;
    const auto text = line.text();
    if (line.value("name") == name && text.size() > kOpener.size() + name.size() + 1) {
      return text.substr(kOpener.size() + name.size() + 1);
    }
  }
  return {};
}

bool logs_sessions(const Document& document) {
  return std::any_of(document.lines.begin(), document.lines.end(), [](const Line& line) {
    return line.kind == LineKind::Command && line.row != nullptr && line.text() == "crypto logging session";
  });
}

namespace {

void take_lifetime(const Line& line, show::IpsecSettings& settings) {
  const auto value = parse_number<std::uint64_t>(line.value("value"));
  const auto kind = line.value("kind");
  constexpr std::uint32_t kDaySeconds = 86400;
  if (kind == "kilobytes") settings.kilobytes = value;  // none: `disable`
  if (kind == "seconds") settings.seconds = static_cast<std::uint32_t>(value.value_or(settings.seconds));
  if (kind == "days" && value) settings.seconds = static_cast<std::uint32_t>(*value) * kDaySeconds;
}

void take_setting(const Line& line, show::IpsecSettings& settings) {
  constexpr std::string_view kPfsDefault = "group1";  // what IOS takes for a bare `set pfs`
  if (line.kind != LineKind::Command) return;
  if (line.has_keyword("lifetime") && line.has_keyword("security-association")) take_lifetime(line, settings);
  if (line.has_keyword("idle-time")) settings.idle_seconds = parse_number<std::uint32_t>(line.value("value"));
  if (line.has_keyword("pfs")) settings.pfs_group = line.words.size() > 2 ? line.words[2].text : std::string(kPfsDefault);
}

bool is_entry(const Line& line, const show::EntryKey& key) {
  if (line.kind != LineKind::Command || line.words.size() < 2 || line.words[0].text != "crypto") return false;
  const auto* word = key.dynamic ? "dynamic-map" : "map";
  return line.words[1].text == word && line.value("name") == key.map && line.value("seq") == std::to_string(key.sequence);
}

}  // namespace

show::IpsecSettings find_ipsec_settings(const Document& document, const show::EntryKey& key) {
  show::IpsecSettings settings;
  for (const auto& line : document.lines) {
    const bool is_global = line.kind == LineKind::Command && line.words.size() > 2 && line.words[1].text == "ipsec" &&
                           line.words[2].text == "security-association";
    if (is_global) take_setting(line, settings);
  }
  for (const auto& line : document.lines) {
    if (!is_entry(line, key)) continue;
    for (const auto& child : line.children) take_setting(child, settings);
  }
  return settings;
}

std::string render_clock() {
  const auto now = std::chrono::system_clock::now();
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  const auto local = fmt::localtime(std::chrono::system_clock::to_time_t(now));
  return fmt::format("{:%H:%M:%S}.{:03} {:%Z %a %b %e %Y}", local, millis, local);
}

bool names_host(const Config& config, const std::string& host) {
  const auto any = [&](const auto& maps) {
    return std::any_of(maps.begin(), maps.end(), [&](const auto& map) { return names_host(map.second.entries, host); });
  };
  return any(config.crypto_maps) || any(config.dynamic_maps);
}

}  // namespace rri::app

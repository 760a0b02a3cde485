#include "app/check_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

#include "app/plan/simulated_links.h"
#include "app/render_swanctl.h"
#include "app/startup.h"
#include "base/text.h"
#include "config/ios_words.h"
#include "core/block_policy.h"
#include "model/applied.h"
#include "shell/slips.h"

namespace rri::app {

namespace {

class Doubts {
 public:
  explicit Doubts(const ParseResult& parsed) : parsed_(parsed), config_(parsed.config) {}

  std::vector<Diagnostic> take() {
    note_unused();
    for (const auto& [name, map] : config_.crypto_maps) note_mirrored(map);
    note_lockouts();
    const auto* strongswan = std::get_if<StrongSwanSource>(&config_.settings.ike);
    if (strongswan != nullptr && !strongswan->observe) {
      for (auto& remark : swanctl_remarks(parsed_)) warn(remark.position, std::move(remark.text));
    }
    note_carried();
    note_slips();
    const auto place = [](const Diagnostic& one) { return std::pair(one.position.line, one.position.column); };
    std::stable_sort(found_.begin(), found_.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
    return std::move(found_);
  }

 private:
  void warn(TextPosition position, std::string text) { found_.push_back({Severity::Warning, position, std::move(text)}); }

  /// Elsewhere lines that do nothing are what running-configs are full of: of those, the ones that are none of IOS.
  static bool does_nothing(const CarriedLine& line) {
    constexpr std::array<std::string_view, 7> kAllAct = {"crypto map ", "crypto dynamic-map ", "rri", "ip access-list extended ",
                                                         "ip access-list standard ", "ipv6 access-list ", "object-group network "};
    constexpr std::array<std::string_view, 6> kSomeAct = {"interface ", "router ", "vrf definition ", "ip vrf ", "line ", "track "};
    const auto is_in = [&](const auto& openers) {
      return std::any_of(openers.begin(), openers.end(), [&](std::string_view opener) { return line.sections.front().starts_with(opener); });
    };
    if (is_in(kAllAct)) return true;
    const auto words = split_words(line.text);
    const std::size_t first = !words.empty() && (words[0] == "no" || words[0] == "default") ? 1 : 0;
    return is_in(kSomeAct) && first < words.size() && !begins_any_command(words[first]);
  }

  void note_carried() {
    for (const auto& line : parsed_.document.carried()) {
      if (line.sections.empty()) continue;
      if (is_told(line.position) || !does_nothing(line)) continue;
      warn(line.position, fmt::format("`{}` in `{}` is no command that does anything here; it is kept as it is", printable(line.text),
                                      printable(line.sections.front())));
    }
  }

  [[nodiscard]] bool is_told(TextPosition position) const {
    const auto is_here = [&](const Diagnostic& one) { return one.position.line == position.line; };
    return std::any_of(parsed_.diagnostics.begin(), parsed_.diagnostics.end(), is_here) || std::any_of(found_.begin(), found_.end(), is_here);
  }

  void note_slips() {
    for (auto& slip : shell::find_slips(parsed_.document)) {
      if (!is_told(slip.position)) found_.push_back(std::move(slip));
    }
  }

  void note_unused() {
    const auto applied = applied_maps(config_);
    std::set<std::string> templates;
    for (const auto& [name, map] : config_.crypto_maps) {
      for (const auto& [sequence, entry] : map.entries) templates.insert(entry.dynamic_map);
      if (!map.entries.empty() && applied.count(name) == 0) {
        warn(map.entries.begin()->second.position, fmt::format("crypto map {} is on no interface: it does nothing", printable(name)));
      }
    }
    for (const auto& [name, map] : config_.dynamic_maps) {
      if (map.entries.empty() || templates.count(name) > 0) continue;
      warn(map.entries.begin()->second.position, fmt::format("dynamic map {} is in no crypto map: it does nothing", printable(name)));
    }
  }

  [[nodiscard]] const Interface* find_inside(const Prefix& prefix) const {
    for (const auto& [name, interface] : config_.interfaces) {
      for (const auto& address : interface.addresses) {
        if (Prefix(address.address, address.length).contains(prefix)) return &interface;
      }
    }
    return nullptr;
  }

  /// The far side's list, pasted as it was.
  void note_mirrored(const CryptoMap& map) {
    for (const auto& [sequence, entry] : map.entries) {
      const auto list = config_.access_lists.find(entry.match_address);
      if (list == config_.access_lists.end()) continue;
      for (const auto& line : list->second.lines) {
        const auto to = line.destinations.size() == 1 ? line.destinations.front().to_prefix() : std::nullopt;
        const auto* inside = line.permit && to ? find_inside(*to) : nullptr;
        if (inside == nullptr) continue;
        warn(line.position, fmt::format("crypto map {} {}: the destination of `{}` is a network of {}. A crypto access list is written from "
                                        "this side: source here, destination behind the peer",
                                        printable(map.name), sequence, line.text, inside->name));
      }
    }
  }

  void note_lockouts() {
    plan::SimulatedLinks links;
    links.set_config(config_);
    core::Host host;
    host.replace_all(links.list());
    for (auto& warning : core::plan_blocks(config_, host).warnings) warn(warning.position, "fail-closed: " + std::move(warning.text));
  }

  const ParseResult& parsed_;
  const Config& config_;
  std::vector<Diagnostic> found_;
};

}  // namespace

std::vector<Diagnostic> find_doubtful(const ParseResult& parsed) { return Doubts(parsed).take(); }

int check_config(const std::string& path) {
  const auto text = read_config_file(path);
  if (!text) {
    std::fprintf(stderr, "rrid: could not %s\n", text.error().text.c_str());
    return 1;
  }
  const auto parsed = parse_document(*text);
  const auto doubtful = find_doubtful(parsed);
  for (const auto* diagnostics : {&parsed.diagnostics, &doubtful}) {
    for (const auto& diagnostic : *diagnostics) std::fprintf(stderr, "%s\n", render_diagnostic(diagnostic, path).c_str());
  }
  return has_errors(parsed.diagnostics) ? 1 : 0;
}

}  // namespace rri::app

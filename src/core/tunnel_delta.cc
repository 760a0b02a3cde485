#include "core/tunnel_delta.h"

#include <algorithm>
#include <array>

#include "core/tunnel_parts.h"

namespace rri::core {
namespace {

using Kind = TunnelStep::Kind;

/// What an SA is between, and what it is for.
constexpr std::array<std::string_view, 2> kSelectors = {"local_ts", "remote_ts"};
constexpr std::array<std::string_view, 6> kEnds = {"local_addrs", "remote_addrs", "if_id_in", "if_id_out", "mark_in", "mark_out"};

bool differ_in_substance(const CharonSection& before, const CharonSection& after) {
  const auto differs = [&](std::string_view name) { return before.list(name) != after.list(name) || before.text(name) != after.text(name); };
  return std::any_of(kSelectors.begin(), kSelectors.end(), differs) || std::any_of(kEnds.begin(), kEnds.end(), differs);
}

bool has_all(const std::set<std::string>& names, const std::set<std::string>& wanted) {
  return std::includes(names.begin(), names.end(), wanted.begin(), wanted.end());
}

/// Whether an IKE SA that knows `known` does for the lines of a connection: one that went could be called back
/// by the peer; one that came is called by us, where we call this peer at all.
bool serves(const std::set<std::string>& known, const CharonSection& connection) {
  const auto lines = child_names(connection);
  const bool calls = connection.list("remote_addrs") != std::vector<std::string>{"%any"};
  return has_all(lines, known) && (calls || lines == known);
}

/// What of the connection's SAs has to end before it is loaded again.
void end_changed(const CharonConnection& wanted, const CharonSection& before, std::vector<TunnelStep>& steps) {
  const bool knows_others = differ_in_ike(before, wanted.settings) && !serves(child_names(before), wanted.settings);
  if (differ_in_substance(before, wanted.settings) || knows_others) {
    steps.push_back({Kind::TerminateIke, wanted.name, {}, 0});
    return;
  }
  const auto* old_children = before.find_section("children");
  const auto* new_children = wanted.settings.find_section("children");
  if (old_children == nullptr || new_children == nullptr) return;
  for (const auto& child : old_children->settings) {
    const auto* now = new_children->find_section(child.name);
    const auto* then = old_children->find_section(child.name);
    if (now == nullptr || differ_in_substance(*then, *now)) steps.push_back({Kind::TerminateChild, wanted.name, child.name, 0});
  }
}

class Diff {
 public:
  Diff(const TunnelPlan& wanted, const LoadedTunnels& loaded) : wanted_(wanted), loaded_(loaded) {}

  std::vector<TunnelStep> take() {
    load_keys();
    unload_connections();
    load_connections(false);
    load_connections(true);
    unload_keys();
    return std::move(steps_);
  }

 private:
  /// charon puts a key that is loaded before all others, and the order of those with patterns counts (exactness()).
  void load_keys() {
    bool is_order_lost = false;
    for (std::size_t i = 0; i < wanted_.keys.size(); ++i) {
      const auto& key = wanted_.keys[i];
      const auto found = loaded_.keys.find(key.id);
      const bool is_right = found != loaded_.keys.end() && found->second == key;
      const bool is_pattern = exactness(key.owners) < kExactOwners;
      if (is_right && !(is_order_lost && is_pattern)) continue;
      steps_.push_back({Kind::LoadKey, key.id, {}, i});
      is_order_lost = is_order_lost || is_pattern;
    }
  }

  void unload_keys() {
    for (const auto& [id, key] : loaded_.keys) {
      const auto is_it = [&id = id](const CharonKey& one) { return one.id == id; };
      if (std::none_of(wanted_.keys.begin(), wanted_.keys.end(), is_it)) steps_.push_back({Kind::UnloadKey, id, {}, 0});
    }
  }

  void unload_connections() {
    std::set<std::string_view> names;
    for (const auto& connection : wanted_.connections) names.insert(connection.name);
    for (const auto& [name, settings] : loaded_.connections) {
      if (names.contains(name) || wanted_.undecided.contains(name)) continue;
      steps_.push_back({Kind::UnloadConnection, name, {}, 0});
      const auto* configured = wanted_.find_configured(name);
      if (configured == nullptr) {
        steps_.push_back({Kind::TerminateIke, name, {}, 0});
      } else if (settings) {
        end_lines(name, *settings, *configured);
      }
    }
  }

  /// What cannot be loaded keeps its SAs, as long as all lines that they know are there.
  void end_lines(const std::string& name, const CharonSection& settings, const std::set<std::string>& configured) {
    if (!has_all(configured, child_names(settings))) steps_.push_back({Kind::TerminateIke, name, {}, 0});
  }

  void load_connections(bool with_traps) {
    for (std::size_t i = 0; i < wanted_.connections.size(); ++i) {
      const auto& connection = wanted_.connections[i];
      if (is_current(connection) != with_traps) continue;
      const auto found = loaded_.connections.find(connection.name);
      const bool is_known = found != loaded_.connections.end() && found->second;
      if (is_known && *found->second == connection.settings) continue;
      if (is_known) end_changed(connection, *found->second, steps_);
      steps_.push_back({Kind::LoadConnection, connection.name, {}, i});
    }
  }

  const TunnelPlan& wanted_;
  const LoadedTunnels& loaded_;
  std::vector<TunnelStep> steps_;
};

}  // namespace

CharonSection substance_of(const CharonSection& connection) {
  const auto strip = [](const CharonSection& section) {
    auto kept = section;
    std::erase_if(kept.settings, [](const CharonSetting& one) { return std::find(kEnds.begin(), kEnds.end(), one.name) == kEnds.end(); });
    return kept;
  };
  auto out = strip(connection);
  const auto* children = connection.find_section("children");
  std::vector<CharonSection> kinds;
  for (const auto& child : children == nullptr ? std::vector<CharonSetting>() : children->settings) {
    auto kind = strip(*children->find_section(child.name));
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(std::move(kind));
  }
  auto& into = out.section("children");
  for (std::size_t i = 0; i < kinds.size(); ++i) into.section(std::to_string(i)) = std::move(kinds[i]);
  return out;
}

bool is_current(const CharonConnection& connection) {
  const auto* children = connection.settings.find_section("children");
  return children != nullptr && std::any_of(children->settings.begin(), children->settings.end(), [&](const CharonSetting& child) {
           return children->find_section(child.name)->text("start_action") != "none";
         });
}

std::vector<TunnelStep> diff_tunnels(const TunnelPlan& wanted, const LoadedTunnels& loaded) {
  return Diff(wanted, loaded).take();
}

std::set<std::string> child_names(const CharonSection& connection) {
  std::set<std::string> names;
  const auto* children = connection.find_section("children");
  for (const auto& child : children == nullptr ? std::vector<CharonSetting>() : children->settings) names.insert(child.name);
  return names;
}

bool differ_in_ike(const CharonSection& before, const CharonSection& after) {
  const auto ike_part = [](CharonSection section) {
    std::erase_if(section.settings, [](const CharonSetting& one) { return one.name == "children"; });
    return section;
  };
  return ike_part(before) != ike_part(after);
}

std::vector<TunnelStep> end_outlived(const TunnelPlan& wanted, const OutlivedTunnels& outlived) {
  std::vector<TunnelStep> steps;
  for (const auto& [name, lines] : outlived) {
    if (wanted.undecided.contains(name)) continue;
    const auto* connection = wanted.find(name);
    const auto* configured = wanted.find_configured(name);
    const bool is_right = connection != nullptr ? serves(lines, connection->settings) : configured != nullptr && has_all(*configured, lines);
    if (!is_right) steps.push_back({Kind::TerminateIke, name, {}, 0});
  }
  return steps;
}

}  // namespace rri::core

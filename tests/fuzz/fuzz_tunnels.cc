// Any text: what charon shall have of it is one tree of uniquely named things that
// VICI takes, planning it twice gives the same, and a plan that is loaded needs no step.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstdio>
#include <set>
#include <string>
#include <string_view>
#include <variant>

#include "config/config.h"
#include "core/peer_choice.h"
#include "core/swanctl_text.h"
#include "core/tunnel_delta.h"
#include "core/tunnel_plan.h"
#include "io/vici/codec.h"
#include "io/vici/connection_message.h"

namespace {

using namespace rri;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "oracle: %s\n", what);
  std::abort();
}

/// Every section, list and setting is there once, in the message as in the tree.
void check_section(const CharonSection& section, const vici::SectionView& view) {
  std::set<std::string_view> names;
  for (const auto& setting : section.settings) {
    require(!setting.name.empty() && names.insert(setting.name).second, "names of one section are unique");
    if (const auto* text = std::get_if<std::string>(&setting.value)) {
      const bool starts = setting.name == "start_action" && *text == "start";  // rrid starts those itself
      require(view.value_or_empty(setting.name) == (starts ? "none" : *text), "the message has the value");
    } else if (const auto* list = std::get_if<std::vector<std::string>>(&setting.value)) {
      std::size_t count = 0;
      view.for_each_item(setting.name, [&](std::string_view item) { require(count < list->size() && item == (*list)[count++], "the message has the items"); });
      require(count == list->size(), "the message has every item");
    } else {
      const auto inner = view.find_section(setting.name);
      require(inner.has_value(), "the message has the section");
      check_section(*section.find_section(setting.name), *inner);
    }
  }
}

void check_connection(const CharonConnection& connection) {
  const auto request = vici::load_connection(connection);
  if (!request) {
    require(!request.error().text.empty(), "what VICI does not take is told");
    return;
  }
  vici::MessageView view;
  require(view.parse(request->message).has_value(), "the message reads back");
  const auto section = view.root().find_section(connection.name);
  require(section.has_value(), "the message has the connection");
  check_section(connection.settings, *section);
  if (connection.entry) require(entry_of_connection(connection.name) == connection.entry, "the name tells the entry");
}

core::LoadedTunnels loaded_by(const TunnelPlan& plan) {
  core::LoadedTunnels loaded;
  for (const auto& connection : plan.connections) loaded.connections[connection.name] = connection.settings;
  for (const auto& key : plan.keys) loaded.keys[key.id] = key;
  return loaded;
}

void check_plan(const TunnelPlan& plan) {
  std::set<std::string> names;
  for (const auto& connection : plan.connections) {
    require(connection.name.starts_with(kCharonPrefix) && names.insert(connection.name).second, "connections have names of their own");
    check_connection(connection);
  }
  std::set<std::string> ids;
  for (const auto& key : plan.keys) {
    require(ids.insert(key.id).second, "keys have ids of their own");
    const auto request = vici::load_key(key);
    vici::MessageView view;
    require(!request || view.parse(request->message).has_value(), "the key's message reads back");
  }
  require(core::diff_tunnels(plan, loaded_by(plan)).empty(), "a plan that is loaded needs no step");
  for (const auto& step : core::diff_tunnels({}, loaded_by(plan))) {
    require(step.kind != core::TunnelStep::Kind::LoadConnection && step.kind != core::TunnelStep::Kind::LoadKey, "nothing wanted loads nothing");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = parse_document(text).config;
  core::TunnelWorld world;
  const auto plan = core::plan_tunnels(config, world);
  check_plan(plan);
  const auto again = core::plan_tunnels(config, world);
  require(again.connections == plan.connections && again.keys == plan.keys && again.remarks == plan.remarks, "planned twice is the same");
  require(core::render_swanctl(plan) == core::render_swanctl(again), "rendered twice is the same");
  // As the daemon goes on: the plan says which peers can be called, and those have the traps.
  core::PeerChoice choice;
  choice.set_config(config);
  choice.on_plan(plan);
  world.current = choice.current();
  const auto followed = core::plan_tunnels(config, world);
  check_plan(followed);
  require(followed.connections == plan.connections, "the traps are with the peer that is chosen");
  require(!choice.on_plan(followed), "the choice is settled");
  return 0;
}

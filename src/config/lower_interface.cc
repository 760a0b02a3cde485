// Interfaces and their standby groups.
#include <algorithm>

#include "base/text.h"
#include "config/lower.h"
#include "config/siblings.h"
#include "model/track.h"

namespace rri {
namespace {

StandbyGroup& find_or_add_group(Interface& interface, std::uint32_t number) {
  auto at = std::lower_bound(interface.standby.begin(), interface.standby.end(), number,
                             [](const StandbyGroup& group, std::uint32_t wanted) { return group.number < wanted; });
  if (at == interface.standby.end() || at->number != number) {
    at = interface.standby.insert(at, StandbyGroup{});
    at->number = number;
  }
  return *at;
}

void lower_address(const Line& line, Interface& interface) {
  if (line.has("how")) {
    interface.dhcp = true;
    return;
  }
  const auto length = mask_length(address_value(line, "mask")).value_or(address_bits(Family::V4));
  interface.addresses.push_back({address_value(line, "address"), length, line.has_keyword("secondary")});
}

void lower_ipv6_address(const Line& line, Interface& interface) {
  if (line.has("linklocal")) {
    interface.addresses.push_back({address_value(line, "linklocal"), 64, false});
    return;
  }
  // An EUI-64 or general-prefix address is not known from the text.
  if (!line.has("prefix") || line.has("general") || line.has_keyword("eui-64")) return;
  const auto text = line.value("prefix");
  const auto length = parse_number<int>(text.substr(text.find('/') + 1)).value_or(128);
  interface.addresses.push_back({address_value(line, "prefix"), length, false});
}

void lower_vrid(const Line& line, Interface& interface) {
  const auto vrid = static_cast<int>(number_value(line, "vrid"));
  if (line.has("group")) {
    find_or_add_group(interface, number_value(line, "group")).vrid = vrid;
  } else if (!interface.standby.empty()) {
    interface.standby.front().vrid = vrid;
  }
}

void lower_attachment(const Line& line, Interface& interface) {
  MapAttachment attachment;
  attachment.map = std::string(line.value("map"));
  attachment.ipv6 = line.words.front().text == "ipv6";
  if (line.has("group")) attachment.redundancy_group = std::string(line.value("group"));
  attachment.stateful = line.has_keyword("stateful");
  // `crypto map` and `ipv6 crypto map` name the same maps.
  const auto known = std::find_if(interface.maps.begin(), interface.maps.end(), [&](const auto& one) { return one.map == attachment.map; });
  if (known != interface.maps.end()) {
    if (!known->redundancy_group) *known = std::move(attachment);
    return;
  }
  interface.maps.push_back(std::move(attachment));
}

void lower_timers(const Line& line, StandbyGroup& group) {
  constexpr std::int64_t kMillisPerSecond = 1000;
  if (line.has("hello")) group.hello = Millis(number_value(line, "hello") * kMillisPerSecond);
  if (line.has("hello_ms")) group.hello = Millis(number_value(line, "hello_ms"));
  if (line.has("hold")) group.hold = Millis(number_value(line, "hold") * kMillisPerSecond);
  if (line.has("hold_ms")) group.hold = Millis(number_value(line, "hold_ms"));
}

void lower_interface_line(const Line& line, Interface& interface) {
  if (begins_with(line, "description")) interface.description = text_value(line, "text");
  if (begins_with(line, "linux device")) interface.linux_device = text_value(line, "device");
  if (line.has("vrf") && line.has_keyword("forwarding")) interface.vrf = text_value(line, "vrf");
  if (begins_with(line, "ip address")) lower_address(line, interface);
  if (begins_with(line, "ipv6 address")) lower_ipv6_address(line, interface);
  if (begins_with(line, "ip unnumbered")) interface.unnumbered = text_value(line, "interface");
  if (begins_with(line, "shutdown")) interface.shutdown = true;
  if (begins_with(line, "crypto map") || begins_with(line, "ipv6 crypto map")) lower_attachment(line, interface);
  if (begins_with(line, "tunnel protection")) interface.ipsec_profile = text_value(line, "profile");
  if (begins_with(line, "standby")) lower_standby(line, interface);
}

}  // namespace

void lower_standby(const Line& line, Interface& interface) {
  if (line.has_keyword("version")) {
    interface.standby_version = line.has_keyword("2") ? 2 : 1;
    return;
  }
  if (begins_with(line, "standby delay")) {
    for (const auto* when : {"minimum", "reload"}) {
      if (line.has(when)) interface.standby_delay_seconds = std::max(interface.standby_delay_seconds, static_cast<int>(number_value(line, when)));
    }
    return;
  }
  auto& group = find_or_add_group(interface, number_value(line, "group"));
  if (line.has_keyword("ip") || line.has_keyword("ipv6")) {
    if (line.has("address")) group.virtual_addresses.push_back(address_value(line, "address"));
    if (line.has("prefix")) group.virtual_addresses.push_back(address_value(line, "prefix"));
    if (line.has_keyword("ip") && !line.has("address")) group.learns_address = true;
    if (line.has_keyword("autoconfig")) group.derives_address = true;
  }
  if (line.has("name")) group.name = text_value(line, "name");
  if (line.has("priority")) group.priority = static_cast<int>(number_value(line, "priority"));
  if (line.has_keyword("preempt")) group.preempt = true;
  if (line.has("minimum")) group.preempt_delay_seconds = static_cast<int>(number_value(line, "minimum"));
  if (line.has_keyword("timers")) lower_timers(line, group);
  if (line.has("authentication")) group.authentication = text_value(line, "authentication");
  if (line.has("object")) {
    StandbyGroup::Track track;
    track.object = number_value(line, "object");
    if (line.has("decrement")) track.decrement = static_cast<int>(number_value(line, "decrement"));
    track.shutdown = line.has_keyword("shutdown");
    group.tracks.push_back(track);
  }
}

/// `standby N track INTERFACE [DECREMENT]`: an object of its own for each interface.
void lower_tracked_interface(const Line& line, Interface& interface, Lowering& out) {
  auto& objects = out.config.tracked_interfaces;
  const auto name = text_value(line, "interface");
  const auto known = std::find_if(objects.upper_bound(kLastTrackObject), objects.end(), [&](const auto& item) { return item.second == name; });
  const auto next = objects.empty() ? kLastTrackObject + 1 : std::max(objects.rbegin()->first, kLastTrackObject) + 1;
  StandbyGroup::Track track;
  track.object = known != objects.end() ? known->first : next;
  if (line.has("decrement")) track.decrement = static_cast<int>(number_value(line, "decrement"));
  objects[track.object] = name;
  find_or_add_group(interface, number_value(line, "group")).tracks.push_back(track);
}

void lower_interface(const Line& line, Lowering& out) {
  Interface interface;
  interface.name = text_value(line, "name");
  interface.vrf = "default";
  interface.position = line.position;
  for (const auto& child : line.children) {
    if (!is_command(child) || child.kind == LineKind::Negated) continue;
    lower_interface_line(child, interface);
    if (begins_with(child, "linux route-form")) interface.route_form = route_form_value(child);
    if (begins_with(child, "standby") && child.has("name")) out.standby_names[{interface.name, number_value(child, "group")}] = child.position;
    if (begins_with(child, "standby") && child.has("interface")) lower_tracked_interface(child, interface, out);
    if (child.has("map")) out.references.push_back({"crypto map", text_value(child, "map"), child.position});
    if (child.has("profile")) {
      out.references.push_back({"ipsec profile", text_value(child, "profile"), child.position});
    }
    if (child.has("vrf")) out.references.push_back({"VRF", text_value(child, "vrf"), child.position});
  }
  for (const auto& child : line.children) {
    if (is_command(child) && begins_with(child, "linux vrid")) lower_vrid(child, interface);
  }
  if (interface.name.starts_with("Tunnel") || !interface.ipsec_profile.empty()) {
    lower_tunnel_ends(line, interface.name, out.config.ike);
  }
  out.config.interfaces[interface.name] = std::move(interface);
}

}  // namespace rri

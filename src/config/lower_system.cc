// VRFs, static routes, prefix lists, and the `rri` section.
#include <algorithm>

#include "base/assert.h"
#include "base/text.h"
#include "config/lower.h"
#include "config/siblings.h"

namespace rri {
namespace {

Prefix prefix_value(const Line& line, std::string_view slot) {
  const auto prefix = Prefix::parse(line.value(slot));
  RRI_ASSERT(prefix.has_value());
  return *prefix;
}

void lower_ike_source(const Line& line, Settings& settings) {
  settings.ike_written = line.position;
  if (line.value("kind") == "xfrm") {
    settings.ike = XfrmSource{};
    return;
  }
  StrongSwanSource source;
  if (line.has("socket")) source.socket = text_value(line, "socket");
  source.observe = line.has_keyword("observe");
  settings.ike = source;
}

void lower_sink(const Line& line, Settings& settings) {
  if (line.value("kind") == "frr") {
    FrrSink sink;
    if (line.has("directory")) sink.directory = text_value(line, "directory");
    settings.route = sink;
    return;
  }
  KernelSink sink;
  if (line.has("protocol")) sink.protocol = static_cast<std::uint8_t>(number_value(line, "protocol"));
  settings.route = sink;
}

}  // namespace

RouteFormSetting route_form_value(const Line& line) {
  const auto form = line.value("form");
  if (form == "gateway") return {RouteForm::Gateway, {}};
  if (form == "interface") return {RouteForm::Interface, {}};
  if (form == "device") return {RouteForm::Device, text_value(line, "device")};
  return {RouteForm::Peer, {}};
}

void lower_vrf(const Line& line, Lowering& out) {
  const auto name = text_value(line, "name");
  auto& vrf = out.config.vrfs[name];
  vrf.name = name;
  if (line.row->row.opens == Mode::IpVrf) vrf.ipv4 = true;
  for (const auto& child : line.children) {
    if (!is_command(child)) continue;
    if (begins_with(child, "rd")) vrf.route_distinguisher = text_value(child, "rd");
    if (child.has("cast")) continue;  // multicast only
    if (child.value("family") == "ipv4") vrf.ipv4 = true;
    if (child.value("family") == "ipv6") vrf.ipv6 = true;
  }
}

void lower_rri(const Line& line, Lowering& out) {
  auto& settings = out.config.settings;
  for (const auto& child : line.children) {
    if (!is_command(child)) continue;
    const auto& command = child.words.front().text;
    if (command == "ike") lower_ike_source(child, settings);
    if (command == "route" && child.has("kind")) lower_sink(child, settings);
    if (command == "route" && child.has("form")) settings.route_form = route_form_value(child);
    if (command == "fail-closed") settings.fail_closed = child.value("value") == "on";
    if (command == "redundancy") {
      settings.redundancy.address_only = child.value("kind") == "address-only";
      if (child.has("fifo")) settings.redundancy.fifo = text_value(child, "fifo");
    }
    if (command == "nexthop-objects") {
      const auto value = child.value("value");
      if (value == "on") out.note(child.position, "next-hop objects are not made: each route names its next hops itself, as with `off`");
      settings.nexthop_objects = value == "on" ? Choice::On : value == "off" ? Choice::Off : Choice::Auto;
    }
    if (command == "hold-down") settings.hold_down = Seconds(number_value(child, "seconds"));
    if (command == "grace") settings.grace = Seconds(number_value(child, "seconds"));
    if (command == "on-exit") settings.withdraw_on_exit = child.value("value") == "withdraw";
  }
}

void lower_static_route(const Line& line, Lowering& out) {
  if (line.has_keyword("multicast")) return;  // kept: no unicast route follows from it
  if (line.has_keyword("dhcp")) {
    return out.note(line.position, "no route follows from it here: the gateway of a DHCP lease is the DHCP client's to set");
  }
  StaticRoute route;
  route.vrf = line.has("vrf") ? text_value(line, "vrf") : "default";
  if (line.has("prefix")) {
    route.prefix = prefix_value(line, "prefix");
  } else {
    route.prefix = Prefix::from_mask(address_value(line, "network"), address_value(line, "mask")).value_or(Prefix());
  }
  if (line.has("gateway")) route.next_hop = address_value(line, "gateway");
  route.next_hop_vrf = line.has_keyword("global") ? "default" : text_value(line, "nexthop_vrf");
  if (line.has("nexthop_vrf")) out.references.push_back({"VRF", route.next_hop_vrf, line.position});
  route.interface = text_value(line, "interface");
  if (route.interface == "Null0") {
    route.null0 = true;
    route.interface.clear();
  }
  route.distance = static_cast<std::uint8_t>(number_value(line, "distance", 1));
  route.tag = number_value(line, "tag");
  route.name = text_value(line, "name");
  route.permanent = line.has_keyword("permanent");
  if (line.has("track")) route.track = number_value(line, "track");
  route.position = line.position;
  if (route.vrf != "default") out.references.push_back({"VRF", route.vrf, line.position});
  out.config.static_routes.push_back(std::move(route));
}

void lower_prefix_list_entry(const Line& line, Lowering& out) {
  const bool ipv6 = line.words.front().text == "ipv6";
  const auto name = text_value(line, "list");
  auto& list = (ipv6 ? out.config.ipv6_prefix_lists : out.config.prefix_lists)[name];
  list.name = name;
  list.family = ipv6 ? Family::V6 : Family::V4;
  PrefixListLine entry;
  entry.sequence = line.sequence;
  entry.permit = line.has_keyword("permit");
  entry.prefix = prefix_value(line, "prefix");
  if (line.has("ge")) entry.ge = static_cast<int>(number_value(line, "ge"));
  if (line.has("le")) entry.le = static_cast<int>(number_value(line, "le"));
  list.lines.push_back(entry);
}

}  // namespace rri

// Object groups and access lists: one line becomes all its networks.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "config/limits.h"
#include "config/lower.h"
#include "config/service_numbers.h"
#include "config/siblings.h"

namespace rri {
namespace {

struct Expansion {
  const std::map<std::string, ObjectGroup>& groups;
  std::vector<Wildcard> networks;
  std::string missing;  // a group that nothing defines
  bool too_many = false;
};

void expand_group(const std::string& name, int depth, Expansion& out) {
  const auto found = out.groups.find(name);
  if (found == out.groups.end()) {
    out.missing = name;
    return;
  }
  if (depth > kMaxGroupNesting || out.networks.size() > kMaxExpandedNetworks) {
    out.too_many = true;
    return;
  }
  out.networks.insert(out.networks.end(), found->second.networks.begin(), found->second.networks.end());
  for (const auto& inner : found->second.groups) {
    if (!out.too_many) expand_group(inner, depth + 1, out);
  }
}

/// Slots of one end of an entry.
struct End {
  std::string_view form;   // any, host, object-group, or none
  std::string_view address;
  std::string_view bits;
  std::string_view group;
};

constexpr End kSource{"src", "source", "source_bits", "source_group"};
constexpr End kDestination{"dst", "destination", "destination_bits", "destination_group"};

Wildcard end_wildcard(const Line& line, const End& end) {
  const auto text = line.value(end.address);
  if (text.find('/') != std::string_view::npos) return make_wildcard(Prefix::parse(text).value_or(Prefix()));
  const auto address = address_value(line, end.address);
  if (line.has(end.bits)) return make_wildcard(address, address_value(line, end.bits));
  return make_wildcard(Prefix::host(address));
}

/// What one end of an entry means; none when it cannot be said.
std::vector<Wildcard> lower_end(const Line& line, const End& end, AccessList& list, Lowering& out) {
  const auto family = list.family;
  if (line.value(end.form) == "any") return {make_wildcard(Prefix::all(family))};
  if (!line.has(end.group)) return {end_wildcard(line, end)};
  Expansion expansion{out.groups, {}, {}, false};
  expand_group(text_value(line, end.group), 0, expansion);
  if (!expansion.missing.empty()) {
    out.note(line.position, fmt::format("object group {} is not defined", printable(expansion.missing)));
  }
  if (expansion.too_many) {
    const auto reason = fmt::format("object group {} gives more than {} networks or nests too deep; the list makes no routes, and all that the "
                                    "entry may mean stays closed",
                                    printable(line.value(end.group)), kMaxExpandedNetworks);
    out.diagnostics.push_back({Severity::Error, line.position, reason});
    if (list.error.empty()) list.error = fmt::format("line {}: {}", line.position.line, reason);
    // docs/decisions/0015: closed wider. A deny that is left out closes more as well.
    if (line.value("action") == "permit") return {make_wildcard(Prefix::all(family))};
    return {};
  }
  return std::move(expansion.networks);
}

}  // namespace

void lower_object_group(const Line& line, Lowering& out) {
  auto& group = out.groups[text_value(line, "name")];
  for (const auto& child : line.children) {
    if (!is_command(child)) continue;
    if (child.has("host")) {
      const auto address = IpAddress::try_parse(child.value("host"));
      if (address) {
        group.networks.push_back(make_wildcard(Prefix::host(*address)));
      } else {
        out.note(child.position, fmt::format("host {} is a name, which is not resolved", child.value("host")));
      }
    } else if (child.has("first")) {
      const auto blocks = split_range({address_value(child, "first"), address_value(child, "last")}, 64);
      if (!blocks) out.diagnostics.push_back({Severity::Error, child.position, blocks.error().text});
      for (const auto& block : blocks.value_or(std::vector<Prefix>())) group.networks.push_back(make_wildcard(block));
    } else if (child.has("group")) {
      group.groups.push_back(text_value(child, "group"));
    } else if (child.has_keyword("any")) {
      group.networks.push_back(make_wildcard(Prefix::all(Family::V4)));
    } else if (child.has("network")) {
      const auto length = child.has("mask") ? mask_length(address_value(child, "mask"))
                                            : parse_number<int>(child.value("length").substr(1));
      group.networks.push_back(make_wildcard(Prefix(address_value(child, "network"), length.value_or(32))));
    }
  }
}

void lower_access_list(const Line& line, Lowering& out) {
  const bool ipv6 = line.row->row.opens == Mode::AclIpv6;
  const bool is_standard = line.row->row.opens == Mode::AclStandard;
  const auto name = text_value(line, "name");
  auto& lists = ipv6 ? out.config.ipv6_access_lists : out.config.access_lists;
  auto& list = lists[std::string(is_standard ? kStandardLists : "") + name];
  list.name = name;
  list.family = ipv6 ? Family::V6 : Family::V4;
  if (list.error.empty()) list.error = first_refusal(line);
  for (const auto& child : line.children) {
    if (!is_command(child) || !child.has("action")) continue;
    AclLine entry;
    entry.sequence = child.sequence;
    entry.permit = child.value("action") == "permit";
    entry.protocol = is_standard ? "ip" : text_value(child, "proto");
    entry.sources = lower_end(child, kSource, list, out);
    entry.text = child.text();
    entry.position = child.position;
    if (is_standard) {
      if (child.has_keyword("log")) entry.options = "log";
    } else {
      entry.destinations = lower_end(child, kDestination, list, out);
      set_services(entry);
    }
    if (!entry.sources.empty() && (is_standard || !entry.destinations.empty())) list.lines.push_back(std::move(entry));
  }
}

}  // namespace rri

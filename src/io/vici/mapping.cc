#include "io/vici/mapping.h"

#include "base/text.h"
#include "io/vici/limits.h"

namespace rri::vici {
namespace {

/// "0000002a", "0x2a" or "0000002a/ffffffff": the number before the mask.
std::optional<std::uint32_t> parse_hex(std::string_view text) {
  text = text.substr(0, text.find('/'));
  if (text.starts_with("0x")) text.remove_prefix(2);
  std::uint32_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, 16);
  if (error != std::errc{} || stop != end || text.empty()) return std::nullopt;
  return value;
}

std::uint32_t hex_or_zero(const SectionView& section, std::string_view name) {
  return parse_hex(section.value_or_empty(name)).value_or(0);
}

/// Outbound counts, since a route sends; inbound stands in where it is alone.
std::uint32_t read_if_id(const SectionView& section) {
  const auto out = hex_or_zero(section, "if-id-out");
  return out != 0 ? out : hex_or_zero(section, "if-id-in");
}

std::optional<IpAddress> read_address(const SectionView& section, std::string_view name) {
  const auto address = IpAddress::try_parse(section.value_or_empty(name));
  return address && !address->is_unspecified() ? address : std::nullopt;
}

std::string read_identity(const SectionView& section) {
  for (const auto* name : {"remote-eap-id", "remote-xauth-id", "remote-id"}) {
    const auto identity = section.value_or_empty(name);
    if (!identity.empty() && identity != "%any") return printable(identity);
  }
  return {};
}

bool is_live_state(std::string_view state) {
  return state == "INSTALLED" || state == "UPDATING" || state == "REKEYING";
}

/// The selectors of one side. What cannot be read becomes a problem, the others stay.
std::vector<TrafficSelector> read_selectors(const SectionView& section, std::string_view list, ChildReport& child) {
  std::vector<TrafficSelector> selectors;
  std::size_t count = 0;
  section.for_each_item(list, [&](std::string_view text) {
    if (++count > kMaxSelectors) return;
    auto selector = TrafficSelector::parse(text);
    if (selector) {
      selectors.push_back(std::move(*selector));
    } else {
      child.problems.push_back(fmt::format("could not use {} {} of SA {}: {}", list, printable(text.substr(0, 90)),
                                           child.sa.id.value, selector.error().text));
    }
  });
  if (count > kMaxSelectors) {
    child.problems.push_back(fmt::format("could not use {} of {} selectors in {} of SA {}: more than {}",
                                         count - kMaxSelectors, count, list, child.sa.id.value, kMaxSelectors));
  }
  // No local selector means "anything", which is not what an unreadable one says.
  if (selectors.empty() && count > 0 && list == "local-ts") child.sa.remote.clear();
  return selectors;
}

}  // namespace

std::optional<IkeReport> read_ike(std::string_view connection, const SectionView& section) {
  const auto id = parse_number<std::uint64_t>(section.value_or_empty("uniqueid"));
  if (!id) return std::nullopt;
  IkeReport ike;
  ike.id = *id;
  if (connection != "(unnamed)") ike.connection = printable(connection);
  ike.peer = read_address(section, "remote-host");
  ike.local = read_address(section, "local-host");
  ike.identity = read_identity(section);
  ike.if_id = read_if_id(section);
  ike.passive = section.value_or_empty("state") == "PASSIVE";
  return ike;
}

std::optional<ChildReport> read_child(const IkeReport& ike, const SectionView& section) {
  const auto id = parse_number<std::uint64_t>(section.value_or_empty("uniqueid"));
  if (!id) return std::nullopt;
  ChildReport child;
  child.sa.id = SaId(*id);
  const bool live = is_live_state(section.value_or_empty("state")) && section.value_or_empty("mode") == "TUNNEL";
  if (!live || ike.passive) return child;
  if (!ike.peer) {
    child.problems.push_back(fmt::format("could not use SA {} of {}: it names no remote-host", *id, ike.connection));
    return child;
  }
  child.carries_traffic = true;
  child.sa.peer = *ike.peer;
  child.sa.local_endpoint = ike.local;
  child.sa.remote = read_selectors(section, "remote-ts", child);
  child.sa.local = read_selectors(section, "local-ts", child);
  child.sa.identity = ike.identity;
  child.sa.connection = ike.connection;
  child.sa.child = printable(section.value_or_empty("name"));
  child.sa.if_id = read_if_id(section);
  if (child.sa.if_id == 0) child.sa.if_id = ike.if_id;
  child.sa.mark = hex_or_zero(section, "mark-out");
  return child;
}

std::vector<ChildReport> read_children(const IkeReport& ike, const SectionView& section) {
  std::vector<ChildReport> children;
  section.for_each_section([&](std::string_view name, const SectionView& inside) {
    if (name != "child-sas") return;
    inside.for_each_section([&](std::string_view, const SectionView& child_section) {
      if (auto child = read_child(ike, child_section)) children.push_back(std::move(*child));
    });
  });
  return children;
}

}  // namespace rri::vici

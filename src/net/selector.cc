#include "net/selector.h"

#include "base/text.h"

namespace rri {
namespace {

Result<AddressRange> parse_range(std::string_view text) {
  auto separator = text.find("..");
  std::size_t width = 2;
  if (separator == std::string_view::npos) separator = text.find('-'), width = 1;
  if (separator == std::string_view::npos) {
    return Prefix::parse(text).map([](const Prefix& prefix) { return prefix.range(); });
  }
  const auto first = IpAddress::parse(text.substr(0, separator));
  if (!first) return tl::make_unexpected(first.error());
  const auto last = IpAddress::parse(text.substr(separator + width));
  if (!last) return tl::make_unexpected(last.error());
  if (first->family() != last->family() || *last < *first) {
    return fail("read \"{}\" as a traffic selector: not a range", printable(text.substr(0, 90)));
  }
  return AddressRange{*first, *last};
}

}  // namespace

Result<TrafficSelector> TrafficSelector::parse(std::string_view text) {
  std::string service;
  const auto bracket = text.find('[');
  if (bracket != std::string_view::npos) {
    if (text.back() != ']') {
      return fail("read \"{}\" as a traffic selector: no closing bracket", printable(text.substr(0, 90)));
    }
    service = text.substr(bracket + 1, text.size() - bracket - 2);
  }
  return parse_range(text.substr(0, bracket)).map([&](const AddressRange& range) {
    return TrafficSelector{range, std::move(service)};
  });
}

std::optional<Prefix> TrafficSelector::to_prefix() const {
  const auto blocks = split_range(range, 1);
  if (!blocks) return std::nullopt;
  return blocks->front();
}

std::string TrafficSelector::to_string() const {
  const auto prefix = to_prefix();
  std::string text = prefix ? prefix->to_string()
                            : fmt::format("{}..{}", range.first.to_string(), range.last.to_string());
  if (!service.empty()) text += fmt::format("[{}]", service);
  return text;
}

}  // namespace rri

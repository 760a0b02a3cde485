#include "config/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/assert.h"
#include "base/text.h"
#include "config/config.h"
#include "config/service_names.h"
#include "net/address.h"
#include "net/ios_text.h"
#include "net/prefix.h"

namespace rri {
namespace {

using Kind = ArgumentType::Kind;

struct TypeName {
  std::string_view name;
  Kind kind;
  std::string_view shown;
};

constexpr std::array<TypeName, 31> kTypes = {{
    {"word", Kind::Word, "WORD"}, {"text", Kind::Text, "LINE"}, {"addr", Kind::Address, "A.B.C.D or X:X:X:X::X"},
    {"addr4", Kind::Address4, "A.B.C.D"}, {"addr6", Kind::Address6, "X:X:X:X::X"}, {"mask", Kind::Mask, "a network mask"},
    {"wildcard", Kind::Wildcard, "A.B.C.D wildcard bits"}, {"prefix4", Kind::Prefix4, "A.B.C.D/nn"},
    {"prefix6", Kind::Prefix6, "X:X:X:X::X/<0-128>"}, {"masklen", Kind::MaskLength, "/nn"},
    {"interface", Kind::Interface, "an interface"}, {"peer", Kind::Peer, "an address or host name"},
    {"path", Kind::Path, "a path"}, {"extacl", Kind::ExtendedAcl, "<100-199> or <2000-2699>"},
    {"aclname", Kind::AclName, "an access list name, <100-199> or <2000-2699>"},
    {"stdacl", Kind::StandardAcl, "<1-99> or <1300-1999>"}, {"stdname", Kind::StandardName, "an access list name, <1-99> or <1300-1999>"},
    {"anyacl", Kind::AnyAclName, "an access list name or number"},
    {"proto", Kind::Protocol, "a protocol name or <0-255>"}, {"proto6", Kind::Protocol6, "a protocol name or <0-255>"},
    {"tcpport", Kind::TcpPort, "a TCP port"}, {"udpport", Kind::UdpPort, "a UDP port"},
    {"icmptype", Kind::IcmpType, "an ICMP type"}, {"icmp6type", Kind::Icmp6Type, "an ICMPv6 type"},
    {"dscp", Kind::Dscp, "a DSCP value"}, {"precedence", Kind::Precedence, "a precedence"}, {"tos", Kind::Tos, "a TOS value"},
    {"rd", Kind::RouteDistinguisher, "ASN:nn or A.B.C.D:nn"}, {"tcpflag", Kind::TcpFlag, "+flag or -flag"},
    {"number", Kind::Number, "a number"}, {"host", Kind::Peer, "an address or host name"},
}};

ArgumentMatch one_word(std::string text) { return {1, std::move(text), false}; }

ArgumentMatch match_number(const ArgumentType& type, std::string_view word) {
  if (word.empty() || !std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; })) return {};
  const auto number = parse_number<std::uint64_t>(word);
  if (!number || *number < type.low || *number > type.high) return {0, {}, true};
  return one_word(fmt::format("{}", *number));
}

ArgumentMatch match_address(std::string_view word, std::optional<Family> family) {
  const auto address = IpAddress::try_parse(word);
  if (!address || (family && address->family() != *family)) return {};
  return one_word(ios_text(*address));
}

ArgumentMatch match_mask(std::string_view word) {
  const auto address = IpAddress::try_parse(word);
  if (!address || !address->is_v4() || !mask_length(*address)) return {};
  return one_word(address->to_string());
}

/// An address with a length; host bits stay, so that `ipv6 address P/L` keeps them.
ArgumentMatch match_prefix(std::string_view word, Family family) {
  const auto slash = word.find('/');
  if (slash == std::string_view::npos) return {};
  const auto address = IpAddress::try_parse(word.substr(0, slash));
  const auto length = parse_number<int>(word.substr(slash + 1));
  if (!address || address->family() != family || !length || *length < 0 || *length > address_bits(family)) return {};
  return one_word(fmt::format("{}/{}", ios_text(*address), *length));
}

ArgumentMatch match_mask_length(std::string_view word) {
  if (word.empty() || word.front() != '/') return {};
  const auto length = parse_number<int>(word.substr(1));
  if (!length || *length < 0 || *length > address_bits(Family::V4)) return {};
  return one_word(fmt::format("/{}", *length));
}

bool is_host_name(std::string_view word) {
  const auto is_name_character = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
  };
  const bool has_letter =
      std::any_of(word.begin(), word.end(), [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; });
  constexpr std::size_t kMaxHostName = 253;  // RFC 1035
  return has_letter && word.size() <= kMaxHostName && std::all_of(word.begin(), word.end(), is_name_character);
}

ArgumentMatch match_peer(std::string_view word) {
  if (auto address = match_address(word, std::nullopt); address.words != 0) return address;
  return is_host_name(word) ? one_word(std::string(word)) : ArgumentMatch{};
}

bool is_extended_number(std::string_view word) {
  const auto number = parse_number<std::uint32_t>(word);
  return number && ((*number >= 100 && *number <= 199) || (*number >= 2000 && *number <= 2699));
}

/// An access list name never begins with a digit unless it is a number.
ArgumentMatch match_acl_name(std::string_view word, bool takes_standard, bool takes_extended) {
  const bool numeric = std::isdigit(static_cast<unsigned char>(word.front())) != 0;
  const bool fits = (takes_standard && is_standard_number(word)) || (takes_extended && is_extended_number(word));
  if (numeric && !fits) return {0, {}, parse_number<std::uint64_t>(word).has_value()};
  return one_word(std::string(word));
}

/// The only name that begins with `word`. Protocols with commands of their own are keywords of those.
const Service* find_abbreviated(std::span<const Service> services, std::string_view word) {
  constexpr std::array<std::string_view, 5> kOwnRows = {"tcp", "udp", "icmp", "igmp", "sctp"};
  const auto begins = [&](const Service& one) { return is_beginning_of(word, one.name); };
  constexpr std::size_t kShortest = 2;
  if (word.size() < kShortest || std::count_if(services.begin(), services.end(), begins) != 1) return nullptr;
  const auto found = std::find_if(services.begin(), services.end(), begins);
  return std::find(kOwnRows.begin(), kOwnRows.end(), found->name) == kOwnRows.end() ? &*found : nullptr;
}

/// A name, or a number, as IOS prints it.
ArgumentMatch match_name(std::string_view word, std::span<const Service> services, std::uint64_t highest) {
  const auto* named = find_service(services, word);
  if (named != nullptr && named->number < 0) return one_word(std::string(named->name));
  auto number = named != nullptr ? one_word(std::to_string(named->number)) : match_number({Kind::Number, 0, highest}, word);
  if (number.words == 0) return number;
  const auto printed = service_name(services, *parse_number<int>(number.text), named != nullptr ? named->code : -1);
  if (!printed.empty()) number.text = printed;
  return number;
}

ArgumentMatch match_abbreviated(std::string_view word, std::span<const Service> services, std::uint64_t highest) {
  auto match = match_name(word, services, highest);
  const auto* named = match.words == 0 && !match.number_out_of_range ? find_abbreviated(services, word) : nullptr;
  return named != nullptr ? match_name(named->name, services, highest) : match;
}

/// `GigabitEthernet0/0/1` or `GigabitEthernet 0/0/1`: the second word is taken
/// when the first is letters only and the second begins with a digit.
ArgumentMatch match_interface(const LexedLine& line, std::size_t index) {
  const auto first = line.words[index].text;
  const bool letters_only = std::none_of(first.begin(), first.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (letters_only && index + 1 < line.words.size()) {
    const auto second = line.words[index + 1].text;
    if (second.front() >= '0' && second.front() <= '9') {
      auto name = canonical_interface(fmt::format("{} {}", first, second));
      if (!name.empty()) return {2, std::move(name), false};
    }
  }
  auto name = canonical_interface(first);
  return name.empty() ? ArgumentMatch{} : one_word(std::move(name));
}

ArgumentMatch match_route_distinguisher(std::string_view word) {
  const auto colon = word.rfind(':');
  if (colon == std::string_view::npos || !parse_number<std::uint32_t>(word.substr(colon + 1))) return {};
  const auto left = word.substr(0, colon);
  const bool numeric = parse_number<std::uint32_t>(left).has_value();
  const auto address = IpAddress::try_parse(left);
  const auto dot = left.find('.');
  const bool dotted_as = dot != std::string_view::npos && parse_number<std::uint16_t>(left.substr(0, dot)) &&
                         parse_number<std::uint16_t>(left.substr(dot + 1));
  return numeric || dotted_as || (address && address->is_v4()) ? one_word(std::string(word)) : ArgumentMatch{};
}

constexpr std::uint64_t kHighestPort = 65535;
constexpr std::uint64_t kHighestByte = 255;

ArgumentMatch match_service(Kind kind, std::string_view word) {
  switch (kind) {
    case Kind::Protocol: return match_abbreviated(word, protocol_names(), kHighestByte);
    case Kind::Protocol6: return match_abbreviated(word, protocol6_names(), kHighestByte);
    case Kind::TcpPort: return match_abbreviated(word, tcp_port_names(), kHighestPort);
    case Kind::UdpPort: return match_abbreviated(word, udp_port_names(), kHighestPort);
    case Kind::IcmpType: return match_name(word, icmp_type_names(), kHighestByte);
    case Kind::Icmp6Type: return match_name(word, icmp6_type_names(), kHighestByte);
    case Kind::Dscp: return match_name(word, dscp_names(), 63);
    case Kind::Precedence: return match_name(word, precedence_names(), 7);
    case Kind::Tos: return match_name(word, tos_names(), 15);
    default: {
      auto flag = match_name(word, tcp_flag_names(), 0);
      return flag.text == "0" ? ArgumentMatch{} : flag;
    }
  }
}

}  // namespace

bool is_standard_number(std::string_view name) {
  const auto number = parse_number<std::uint32_t>(name);
  return number && ((*number >= 1 && *number <= 99) || (*number >= 1300 && *number <= 1999));
}

ArgumentType argument_type(std::string_view name) {
  for (const auto& type : kTypes) {
    if (type.name == name) return {type.kind, 0, 0};
  }
  const auto dash = name.find('-');
  RRI_ASSERT(dash != std::string_view::npos);
  const auto low = parse_number<std::uint64_t>(name.substr(0, dash));
  const auto high = parse_number<std::uint64_t>(name.substr(dash + 1));
  RRI_ASSERT(low && high && *low <= *high);
  return {Kind::Number, *low, *high};
}

std::string describe_argument(const ArgumentType& type) {
  if (type.kind == Kind::Number) return fmt::format("<{}-{}>", type.low, type.high);
  for (const auto& named : kTypes) {
    if (named.kind == type.kind) return std::string(named.shown);
  }
  return "WORD";
}

ArgumentMatch match_argument(const ArgumentType& type, const LexedLine& line, std::size_t index) {
  const auto word = line.words[index].text;
  switch (type.kind) {
    case Kind::Word: return one_word(std::string(word));
    case Kind::Text: return {line.words.size() - index, std::string(line.rest_from(index)), false};
    case Kind::Number: return match_number(type, word);
    case Kind::Address: return match_address(word, std::nullopt);
    case Kind::Address4:
    case Kind::Wildcard: return match_address(word, Family::V4);
    case Kind::Address6: return match_address(word, Family::V6);
    case Kind::Mask: return match_mask(word);
    case Kind::Prefix4: return match_prefix(word, Family::V4);
    case Kind::Prefix6: return match_prefix(word, Family::V6);
    case Kind::MaskLength: return match_mask_length(word);
    case Kind::Interface: return match_interface(line, index);
    case Kind::Peer: return match_peer(word);
    case Kind::Path: return word.front() == '/' ? one_word(std::string(word)) : ArgumentMatch{};
    case Kind::ExtendedAcl: return is_extended_number(word) ? one_word(std::string(word)) : ArgumentMatch{};
    case Kind::StandardAcl: return is_standard_number(word) ? one_word(std::string(word)) : ArgumentMatch{};
    case Kind::AclName: return match_acl_name(word, false, true);
    case Kind::StandardName: return match_acl_name(word, true, false);
    case Kind::AnyAclName: return match_acl_name(word, true, true);
    case Kind::RouteDistinguisher: return match_route_distinguisher(word);
    case Kind::Protocol:
    case Kind::Protocol6:
    case Kind::TcpPort:
    case Kind::UdpPort:
    case Kind::IcmpType:
    case Kind::Icmp6Type:
    case Kind::Dscp:
    case Kind::Precedence:
    case Kind::Tos:
    case Kind::TcpFlag: return match_service(type.kind, word);
  }
  return {};
}

}  // namespace rri

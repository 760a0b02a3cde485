#include "config/acl_entry.h"

#include <algorithm>

#include "base/text.h"
#include "config/grammar.h"
#include "config/service_names.h"
#include "net/address.h"
#include "net/ios_text.h"
#include "net/prefix.h"
#include "net/wildcard.h"

namespace rri {
namespace {

using Words = std::vector<Word>;

/// Slots of one end of an entry.
struct End {
  std::string_view form;
  std::string_view address;
  std::string_view bits;
};

constexpr End kSource{"src", "source", "source_bits"};
constexpr End kDestination{"dst", "destination", "destination_bits"};

Words::iterator find_slot(Words& words, std::string_view slot) {
  return std::find_if(words.begin(), words.end(), [&](const Word& word) { return word.slot == slot; });
}

/// The words for all that `wildcard` matches.
Words end_words(const Wildcard& wildcard, const End& end, bool names_hosts) {
  const auto prefix = wildcard.to_prefix();
  if (prefix && prefix->length() == 0) return {{"any", end.form, true}};
  const Word address{ios_text(wildcard.address), end.address, false};
  if (prefix && prefix->is_host()) return names_hosts ? Words{{"host", end.form, true}, address} : Words{address};
  if (wildcard.address.is_v4()) return {address, {wildcard.bits.to_string(), end.bits, false}};
  return {{ios_text(*prefix), end.address, false}};  // IPv6 has no other wildcards
}

void canonicalise_end(Words& words, const End& end, bool is_standard) {
  const auto form = find_slot(words, end.form);
  if (form != words.end() && form->text == "addrgroup") form->text = "object-group";
  if (form != words.end() && form->text == "host" && is_standard) words.erase(form);
  const auto at = find_slot(words, end.address);
  const auto bits = find_slot(words, end.bits);
  const auto slash = at == words.end() ? std::string::npos : at->text.find('/');
  if (bits == words.end() && slash == std::string::npos) return;
  const auto wildcard = slash != std::string::npos ? make_wildcard(Prefix::parse(at->text).value_or(Prefix()))
                                                   : make_wildcard(*IpAddress::try_parse(at->text), *IpAddress::try_parse(bits->text));
  auto made = end_words(wildcard, end, !is_standard);
  const auto rest = words.erase(at, bits == words.end() ? at + 1 : bits + 1);
  words.insert(rest, made.begin(), made.end());
}

/// A number, or a name that is not the one that is printed.
void name_number(Words& words, std::string_view slot, std::span<const Service> services) {
  const auto word = find_slot(words, slot);
  if (word == words.end()) return;
  const auto number = parse_number<int>(word->text);
  const auto name = number ? service_name(services, *number) : std::string_view();
  if (!name.empty()) *word = {std::string(name), slot, word->is_keyword};
}

/// `3 1` is `host-unreachable`; a type with a code that has no name is printed as numbers.
void canonicalise_icmp(Words& words, std::span<const Service> types) {
  const auto code = find_slot(words, "code");
  if (code == words.end()) return;
  const auto type = find_slot(words, "icmp");
  const auto* named = find_service(types, type->text);
  const auto number = named != nullptr && named->code < 0 ? named->number : parse_number<int>(type->text).value_or(-1);
  if (number < 0) return;
  const auto both = service_name(types, number, parse_number<int>(code->text).value_or(-1));
  type->text = both.empty() ? std::to_string(number) : std::string(both);
  if (!both.empty()) words.erase(code);
}

}  // namespace

void canonicalise_entry(Line& entry) {
  auto& words = entry.words;
  const bool is_ipv6 = entry.row->row.modes == in(Mode::AclIpv6);
  const bool is_standard = entry.row->row.modes == in(Mode::AclStandard);
  name_number(words, "proto", is_ipv6 ? protocol6_names() : protocol_names());
  name_number(words, "igmp", igmp_type_names());
  name_number(words, "option", option_names());
  canonicalise_icmp(words, is_ipv6 ? icmp6_type_names() : icmp_type_names());
  canonicalise_end(words, kSource, is_standard);
  canonicalise_end(words, kDestination, is_standard);
}

}  // namespace rri

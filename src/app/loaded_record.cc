#include "app/loaded_record.h"

#include <fmt/format.h>

#include <cmath>
#include <ctime>

#include "base/text.h"
#include "core/tunnel_delta.h"
#include "io/vici/connection_message.h"

namespace rri::app {

namespace {

std::uint64_t hash_of(const CharonConnection& connection) {
  constexpr std::uint64_t kBasis = 14695981039346656037U;  // FNV-1a, the same in every build
  constexpr std::uint64_t kPrime = 1099511628211U;
  const auto request = vici::load_connection(connection);
  if (!request) return 0;
  auto hash = kBasis;
  for (const char byte : request->message) hash = (hash ^ static_cast<unsigned char>(byte)) * kPrime;
  return hash;
}

}  // namespace

Fingerprint fingerprint(const CharonConnection& connection) {
  return {hash_of(connection), hash_of({{}, {}, core::substance_of(connection.settings), {}})};
}

bool is_same_start(const std::string& a, const std::string& b) {
  // charon counts back from now with two clocks, each cut to its second.
  constexpr double kRoundings = 2;
  std::tm first{};
  std::tm second{};
  constexpr const char* kFormat = "%b %d %H:%M:%S %Y";
  if (::strptime(a.c_str(), kFormat, &first) == nullptr || ::strptime(b.c_str(), kFormat, &second) == nullptr) return false;
  return std::abs(std::difftime(::timegm(&first), ::timegm(&second))) <= kRoundings;
}

std::string render_record(const LoadedRecord& record) {
  auto text = fmt::format("since {}\n", record.charon_since);
  for (const auto& [name, hash] : record.connections) text += fmt::format("{} {} {}\n", name, hash.settings, hash.substance);
  return text;
}

LoadedRecord parse_record(std::string_view text) {
  constexpr std::string_view kSince = "since ";
  LoadedRecord record;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with(kSince)) {
      record.charon_since = line.substr(kSince.size());
      continue;
    }
    const auto words = split_words(line);
    const auto settings = words.size() < 2 ? std::nullopt : parse_number<std::uint64_t>(words[1]);
    const auto substance = words.size() < 3 ? std::nullopt : parse_number<std::uint64_t>(words[2]);
    if (settings && *settings != 0 && line.starts_with(kCharonPrefix)) record.connections.emplace(words[0], Fingerprint{*settings, substance.value_or(0)});
  }
  return record;
}

}  // namespace rri::app

#include "config/service_numbers.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "config/service_names.h"

namespace rri {
namespace {

constexpr std::uint16_t kLastPort = 65535;

/// Walks over the words of one line.
class Words {
 public:
  explicit Words(std::string_view text) : words_(split_words(text)) {}
  [[nodiscard]] std::string_view peek() const { return at_ < words_.size() ? words_[at_] : std::string_view(); }
  std::string_view next() { return at_ < words_.size() ? words_[at_++] : std::string_view(); }
  void skip_to_protocol() {
    while (!peek().empty() && peek() != "permit" && peek() != "deny") next();
    next();
  }
  [[nodiscard]] std::string rest() const {
    std::string text;
    for (std::size_t i = at_; i < words_.size(); ++i) {
      if (!text.empty()) text += ' ';
      text += words_[i];
    }
    return text;
  }

 private:
  std::vector<std::string_view> words_;
  std::size_t at_ = 0;
};

/// any, host A, object-group G, A W, or P/L.
void skip_end(Words& words) {
  const auto first = words.next();
  if (first == "any" || first.find('/') != std::string_view::npos) return;
  words.next();
}

std::vector<PortRange> read_ports(Words& words, bool udp) {
  const auto relation = words.peek();
  std::vector<PortRange> ports;
  if (relation != "eq" && relation != "neq" && relation != "gt" && relation != "lt" && relation != "range") return ports;
  words.next();
  std::vector<std::uint16_t> numbers;
  while (const auto number = port_number(words.peek(), udp)) {
    numbers.push_back(*number);
    words.next();
  }
  if (numbers.empty()) return ports;
  const auto one = numbers.front();
  if (relation == "gt" && one < kLastPort) ports.push_back({static_cast<std::uint16_t>(one + 1), kLastPort});
  if (relation == "lt" && one > 0) ports.push_back({0, static_cast<std::uint16_t>(one - 1)});
  if (relation == "range") ports.push_back({std::min(one, numbers.back()), std::max(one, numbers.back())});
  if (relation == "eq") {
    for (const auto number : numbers) ports.push_back({number, number});
  }
  if (relation == "neq") {
    if (one > 0) ports.push_back({0, static_cast<std::uint16_t>(one - 1)});
    if (one < kLastPort) ports.push_back({static_cast<std::uint16_t>(one + 1), kLastPort});
  }
  return ports;
}

}  // namespace

std::optional<std::uint16_t> port_number(std::string_view name, bool udp) {
  if (const auto number = parse_number<std::uint16_t>(name)) return number;
  const auto* found = find_service(udp ? udp_port_names() : tcp_port_names(), name);
  return found == nullptr ? std::nullopt : std::optional(static_cast<std::uint16_t>(found->number));
}

void set_services(AclLine& line) {
  Words words(line.text);
  words.skip_to_protocol();
  const auto protocol = words.next();
  if (protocol == "object-group") {
    line.options = "object-group " + std::string(words.peek());
    return;
  }
  const bool udp = protocol == "udp" || protocol == "17";
  const bool has_ports = udp || protocol == "tcp" || protocol == "6" || protocol == "sctp" || protocol == "132";
  skip_end(words);
  if (has_ports) line.source_ports = read_ports(words, udp);
  skip_end(words);
  if (has_ports) line.destination_ports = read_ports(words, udp);
  line.options = words.rest();
}

}  // namespace rri

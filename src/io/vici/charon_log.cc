#include "io/vici/charon_log.h"

#include "base/text.h"

namespace rri::vici {

std::string CharonLog::start() {
  frames_.clear();
  return make_frame({PacketType::EventRegister, "log", {}}).value();
}

Result<> CharonLog::receive(std::string_view bytes, const OnLine& on_line) {
  return for_each_packet(frames_, bytes, [&](const Packet& packet) -> Result<> {
    if (packet.type != PacketType::Event || packet.name != "log") return {};
    if (auto parsed = message_.parse(packet.message); !parsed) return parsed;
    const auto root = message_.root();
    const auto ike = parse_number<std::uint64_t>(root.value_or_empty("ikesa-uniqueid"));
    if (ike) on_line({std::string(root.value_or_empty("ikesa-name")), *ike, std::string(root.value_or_empty("msg"))});
    return {};
  });
}

}  // namespace rri::vici

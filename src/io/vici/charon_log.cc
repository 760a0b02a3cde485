#include "io/vici/charon_log.h"

#include "base/text.h"

namespace rri::vici {

std::string CharonLog::start() {
  frames_.clear();
  return make_frame({PacketType::EventRegister, "log", {}}).value();
}

Result<> CharonLog::receive(std::string_view bytes, const OnLine& on_line) {
  frames_.append(bytes);
  while (true) {
    const auto frame = frames_.next();
    if (!frame) return tl::make_unexpected(frame.error());
    if (!*frame) return {};
    const auto packet = parse_packet(**frame);
    if (!packet) return tl::make_unexpected(packet.error());
    if (packet->type != PacketType::Event || packet->name != "log") continue;
    if (auto parsed = message_.parse(packet->message); !parsed) return parsed;
    const auto root = message_.root();
    const auto ike = parse_number<std::uint64_t>(root.value_or_empty("ikesa-uniqueid"));
    if (!ike) continue;
    on_line({std::string(root.value_or_empty("ikesa-name")), *ike, std::string(root.value_or_empty("msg"))});
  }
}

}  // namespace rri::vici

// VICI bytes from outside: codec, mapping and session.
//
// Oracles: what is read is written again byte for byte; however a stream is cut,
// the same comes out; SaDown and SaRekeyed name SAs that were up; SourceLost
// comes once.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "io/vici/command_channel.h"
#include "io/vici/ike_sas.h"
#include "io/vici/session.h"

namespace {

using namespace rri;
using namespace rri::vici;

void write_element(const Element& element, ByteWriter& out) {
  out.u8(static_cast<std::uint8_t>(element.type));
  const bool named = element.type == ElementType::SectionStart || element.type == ElementType::KeyValue ||
                     element.type == ElementType::ListStart;
  if (named) {
    out.u8(static_cast<std::uint8_t>(element.name.size()));
    out.bytes(element.name);
  }
  if (element.type == ElementType::KeyValue || element.type == ElementType::ListItem) {
    out.u16(static_cast<std::uint16_t>(element.value.size()));
    out.bytes(element.value);
  }
}

void check_message(std::string_view bytes) {
  MessageView view;
  if (!view.parse(bytes)) return;
  ByteWriter out;
  for (const Element& element : view.root().elements()) write_element(element, out);
  RRI_ASSERT(out.view() == bytes);
}

void check_packet(std::string_view payload) {
  const auto packet = parse_packet(payload);
  if (!packet) return;
  check_message(packet->message);
  const auto frame = make_frame(*packet);
  RRI_ASSERT(frame && std::string_view(*frame).substr(4) == payload);
}

/// What a session makes of `stream` in pieces of `step` bytes, as text.
struct Outcome {
  std::string sent;
  std::string events;
  std::size_t log_lines = 0;
  bool failed = false;
  bool operator==(const Outcome&) const = default;
};

class Reader {
 public:
  std::string hear(const core::Event& event) {
    if (const auto* up = std::get_if<core::SaUp>(&event)) {
      up_.insert(up->sa.id.value);
      return fmt::format("up {} {} {}\n", up->sa.id.value, up->sa.peer.to_string(), up->sa.remote.size());
    }
    if (const auto* down = std::get_if<core::SaDown>(&event)) {
      RRI_ASSERT(up_.erase(down->id.value) == 1);
      return fmt::format("down {}\n", down->id.value);
    }
    if (const auto* rekeyed = std::get_if<core::SaRekeyed>(&event)) {
      RRI_ASSERT(up_.erase(rekeyed->old_id.value) == 1);
      up_.insert(rekeyed->new_id.value);
      return fmt::format("rekeyed {} {}\n", rekeyed->old_id.value, rekeyed->new_id.value);
    }
    if (const auto* list = std::get_if<core::SaList>(&event)) {
      up_.clear();
      for (const auto& sa : list->sas) up_.insert(sa.id.value);
      listed_ = true;
      return fmt::format("list {}\n", list->sas.size());
    }
    RRI_ASSERT(std::holds_alternative<core::SourceLost>(event));
    RRI_ASSERT(std::exchange(listed_, false));
    return "lost\n";
  }

 private:
  std::set<std::uint64_t> up_;
  bool listed_ = false;
};

Outcome follow(std::string_view stream, std::size_t step) {
  Session session({});
  Output out;
  Outcome outcome;
  const TimePoint now(std::chrono::seconds(1));
  session.start(now, out);
  for (; !stream.empty() && !outcome.failed; stream.remove_prefix(std::min(step, stream.size()))) {
    outcome.failed = !session.receive(stream.substr(0, step), now, out);
  }
  session.stop(out);
  session.stop(out);
  Reader reader;
  for (const auto& event : out.events) outcome.events += reader.hear(event);
  outcome.sent = std::move(out.send);
  outcome.log_lines = out.log.size();
  return outcome;
}

void check_command_channel(std::string_view stream) {
  CommandChannel channel;
  CommandChannel::Output out;
  int answers = 0;
  const auto count = [&](const Result<Reply>&) { ++answers; };
  channel.ask({"list-conns", {}, "list-conn", Millis(1)}, count, TimePoint(), out);
  channel.ask({"version", {}, {}, Millis(1)}, count, TimePoint(), out);
  channel.start(out);
  const auto taken = channel.receive(stream, out);
  channel.stop({"the stream ended"}, out);
  const auto ticked = channel.tick(TimePoint(Millis(1)), out);
  RRI_ASSERT(ticked.has_value());
  for (auto& [on_reply, result] : out.done) on_reply(std::move(result));
  RRI_ASSERT(answers == 2 && (taken || !taken.error().text.empty()));
}

/// Lists for people: children are by id, whatever the bytes.
void check_lists(std::string_view bytes) {
  Reply reply;
  reply.response = std::string(bytes);
  reply.streamed.emplace_back(bytes);
  const auto sas = read_ike_sas(bytes, [](const rri::IkeSa& ike) {
    for (std::size_t i = 1; i < ike.children.size(); ++i) RRI_ASSERT(ike.children[i - 1].id <= ike.children[i].id);
  });
  RRI_ASSERT(sas || !sas.error().text.empty());
  const auto connections = read_connections(reply);
  const auto success = check_success(reply, "end an SA");
  RRI_ASSERT(connections || !connections.error().text.empty());
  RRI_ASSERT(success || !success.error().text.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_message(bytes);
  check_packet(bytes);
  check_command_channel(bytes);
  check_lists(bytes);
  const auto whole = follow(bytes, bytes.size());
  RRI_ASSERT(whole == follow(bytes, 1));
  RRI_ASSERT(whole == follow(bytes, 1 + size % 97));
  return 0;
}

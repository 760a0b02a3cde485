// io/vici/codec.h -- VICI on the wire: frames, packets, messages.
//
// A frame is a 32-bit big-endian length and so many bytes: one packet. A packet
// is a type, for some types a name, and for some a message. A message is a flat
// run of elements that nest: sections hold key/values, lists and sections; lists
// hold items only. Source: strongSwan 5.9.8, src/libcharon/plugins/vici/README.md.
//
// Nothing is copied: packets and messages are views of the frame's bytes, and
// a MessageView keeps its memory from one message to the next.
//
// Traps: there are no request ids. Two sections may have one name (charon names
// IKE_SAs after their connection), so a message is never turned into a map.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace rri::vici {

enum class PacketType : std::uint8_t {
  CommandRequest = 0,
  CommandResponse = 1,
  CommandUnknown = 2,
  EventRegister = 3,
  EventUnregister = 4,
  EventConfirm = 5,
  EventUnknown = 6,
  Event = 7,
};

/// Whether packets of this type carry a name, or a message.
bool has_name(PacketType type);
bool has_message(PacketType type);
/// "CMD_REQUEST", as strongSwan's documentation has it.
std::string_view to_text(PacketType type);

/// One packet, as views of the bytes it was read from.
struct Packet {
  PacketType type{};
  std::string_view name;
  std::string_view message;
};

/// Reads one frame's payload. The message is not looked into.
Result<Packet> parse_packet(std::string_view payload);

/// A frame with its length, ready to send. An error when the name does not fit
/// into 255 bytes or the packet into kMaxFrameBytes.
Result<std::string> make_frame(const Packet& packet);

/// Cuts a byte stream into frames, however the bytes come.
class FrameReader {
 public:
  void append(std::string_view bytes);
  /// The next whole frame's payload, nothing when bytes are missing, or an error
  /// that stays: a stream that is out of step cannot be mended. The view lives
  /// until the next append().
  Result<std::optional<std::string_view>> next();
  /// Bytes of a frame that has not ended; above 0 at EOF it was cut.
  [[nodiscard]] std::size_t pending() const { return bytes_.size() - used_; }
  void clear();

 private:
  std::string bytes_;
  std::size_t used_ = 0;
};

/// Hands on the packets that are whole with these bytes; `take` gives Result<void>, and an error ends it.
template <class Take>
Result<void> for_each_packet(FrameReader& frames, std::string_view bytes, Take take) {
  frames.append(bytes);
  while (true) {
    const auto frame = frames.next();
    if (!frame) return tl::make_unexpected(frame.error());
    if (!*frame) return {};
    const auto packet = parse_packet(**frame);
    if (!packet) return tl::make_unexpected(packet.error());
    if (auto done = take(*packet); !done) return done;
  }
}

enum class ElementType : std::uint8_t {
  SectionStart = 1,
  SectionEnd = 2,
  KeyValue = 3,
  ListStart = 4,
  ListItem = 5,
  ListEnd = 6,
};

struct Element {
  ElementType type{};
  std::uint32_t size = 1;  // SectionStart, ListStart: elements up to and with its end
  std::string_view name;
  std::string_view value;
};

/// The inside of a section or of a whole message. Order and repetitions are kept.
class SectionView {
 public:
  explicit SectionView(std::span<const Element> elements) : elements_(elements) {}

  /// The first value of that name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  [[nodiscard]] std::string_view value_or_empty(std::string_view name) const { return find(name).value_or(""); }
  [[nodiscard]] std::optional<SectionView> find_section(std::string_view name) const;

  /// Calls fn(name, SectionView) for each section in here.
  template <class Fn>
  void for_each_section(Fn&& fn) const {
    walk(ElementType::SectionStart, [&](const Element& start) { fn(start.name, inside(start)); });
  }
  /// Calls fn(item) for each item of each list of that name.
  template <class Fn>
  void for_each_item(std::string_view list, Fn&& fn) const {
    walk(ElementType::ListStart, [&](const Element& start) {
      if (start.name != list) return;
      for (const Element& item : inside(start).elements_) fn(item.value);
    });
  }
  [[nodiscard]] std::span<const Element> elements() const { return elements_; }

 private:
  static SectionView inside(const Element& start) { return SectionView({&start + 1, start.size - 2}); }
  /// Calls fn for the elements of `type` in here, not for those further inside.
  template <class Fn>
  void walk(ElementType type, Fn&& fn) const {
    for (std::size_t i = 0; i < elements_.size(); i += elements_[i].size) {
      if (elements_[i].type == type) fn(elements_[i]);
    }
  }

  std::span<const Element> elements_;
};

/// A message, checked as a whole before anything of it can be seen.
class MessageView {
 public:
  /// Replaces what was read before. `bytes` must outlive the view.
  Result<void> parse(std::string_view bytes);
  [[nodiscard]] SectionView root() const { return SectionView(elements_); }

 private:
  std::vector<Element> elements_;
  std::vector<std::uint32_t> open_;  // starts that have not ended
};

/// Builds a message. A name over 255 bytes, a value over 65535 or an end too
/// few or too many is remembered and told by take().
class MessageWriter {
 public:
  MessageWriter& begin_section(std::string_view name);
  MessageWriter& end_section();
  MessageWriter& value(std::string_view name, std::string_view value);
  MessageWriter& list(std::string_view name, std::span<const std::string> items);

  /// The bytes; the writer is empty afterwards.
  Result<std::string> take();

 private:
  void element(ElementType type);
  void add_name(std::string_view name);
  void add_value(std::string_view value);

  ByteWriter out_;
  std::size_t depth_ = 0;
  std::string error_;
};

}  // namespace rri::vici

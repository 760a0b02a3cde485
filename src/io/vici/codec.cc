#include "io/vici/codec.h"

#include "base/text.h"
#include "io/vici/limits.h"

namespace rri::vici {
namespace {

constexpr std::size_t kHeaderBytes = 4;

std::optional<std::string_view> take_name(ByteReader& reader) {
  const auto length = reader.u8();
  return length ? reader.take(*length) : std::nullopt;
}

std::optional<std::string_view> take_value(ByteReader& reader) {
  const auto length = reader.u16();
  return length ? reader.take(*length) : std::nullopt;
}

/// Name and value of an element whose type was read; false when they are cut short.
bool take_content(ByteReader& reader, Element& element) {
  const auto type = element.type;
  if (type == ElementType::SectionStart || type == ElementType::KeyValue || type == ElementType::ListStart) {
    const auto name = take_name(reader);
    if (!name) return false;
    element.name = *name;
  }
  if (type == ElementType::KeyValue || type == ElementType::ListItem) {
    const auto value = take_value(reader);
    if (!value) return false;
    element.value = *value;
  }
  return true;
}

/// Why an element of `type` may not come here; "" when it may.
/// `inside` is what was started last and has not ended.
std::string_view misplaced(ElementType type, std::optional<ElementType> inside, std::size_t depth) {
  const bool in_list = inside == ElementType::ListStart;
  switch (type) {
    case ElementType::SectionStart:
      if (in_list) return "a section inside a list";
      return depth >= kMaxDepth ? "sections nest too deep" : "";
    case ElementType::SectionEnd:
      return inside == ElementType::SectionStart ? "" : "a section end without its start";
    case ElementType::KeyValue: return in_list ? "a key inside a list" : "";
    case ElementType::ListStart: return in_list ? "a list inside a list" : "";
    case ElementType::ListItem: return in_list ? "" : "a list item outside a list";
    case ElementType::ListEnd: return in_list ? "" : "a list end without its start";
  }
  return "an unknown element type";
}

}  // namespace

bool has_name(PacketType type) {
  return type == PacketType::CommandRequest || type == PacketType::EventRegister ||
         type == PacketType::EventUnregister || type == PacketType::Event;
}

bool has_message(PacketType type) {
  return type == PacketType::CommandRequest || type == PacketType::CommandResponse || type == PacketType::Event;
}

std::string_view to_text(PacketType type) {
  switch (type) {
    case PacketType::CommandRequest: return "CMD_REQUEST";
    case PacketType::CommandResponse: return "CMD_RESPONSE";
    case PacketType::CommandUnknown: return "CMD_UNKNOWN";
    case PacketType::EventRegister: return "EVENT_REGISTER";
    case PacketType::EventUnregister: return "EVENT_UNREGISTER";
    case PacketType::EventConfirm: return "EVENT_CONFIRM";
    case PacketType::EventUnknown: return "EVENT_UNKNOWN";
    case PacketType::Event: return "EVENT";
  }
  return "unknown";
}

Result<Packet> parse_packet(std::string_view payload) {
  ByteReader reader(payload);
  const auto type = reader.u8();
  if (!type) return fail("read a VICI packet: it is empty");
  if (*type > static_cast<std::uint8_t>(PacketType::Event)) {
    return fail("read a VICI packet: unknown packet type {}", *type);
  }
  Packet packet{static_cast<PacketType>(*type), {}, {}};
  if (has_name(packet.type)) {
    const auto name = take_name(reader);
    if (!name) return fail("read a VICI packet: the name of {} is cut short", to_text(packet.type));
    packet.name = *name;
  }
  if (has_message(packet.type)) {
    packet.message = reader.rest();
  } else if (!reader.empty()) {
    return fail("read a VICI packet: {} bytes too many after {}", reader.remaining(), to_text(packet.type));
  }
  return packet;
}

Result<std::string> make_frame(const Packet& packet) {
  if (packet.name.size() > 255) {
    return fail("write the VICI packet {}: its name is longer than 255 bytes", printable(packet.name.substr(0, 60)));
  }
  const std::size_t length = 1 + (has_name(packet.type) ? 1 + packet.name.size() : 0) + packet.message.size();
  if (length > kMaxFrameBytes) {
    return fail("write the VICI packet {}: {} bytes are more than charon takes ({})", printable(packet.name), length,
                kMaxFrameBytes);
  }
  ByteWriter out;
  out.u32(static_cast<std::uint32_t>(length));
  out.u8(static_cast<std::uint8_t>(packet.type));
  if (has_name(packet.type)) {
    out.u8(static_cast<std::uint8_t>(packet.name.size()));
    out.bytes(packet.name);
  }
  out.bytes(packet.message);
  return out.take();
}

void FrameReader::append(std::string_view bytes) {
  // Frames are taken out by moving used_; the bytes before it go when they are
  // the larger part, so that every byte is moved at most once on average.
  if (used_ == bytes_.size()) {
    clear();
  } else if (used_ > bytes_.size() / 2) {
    bytes_.erase(0, used_);
    used_ = 0;
  }
  bytes_.append(bytes);
}

Result<std::optional<std::string_view>> FrameReader::next() {
  ByteReader reader(std::string_view(bytes_).substr(used_));
  const auto length = reader.u32();
  if (!length) return std::nullopt;
  if (*length == 0) return fail("read from charon: a VICI frame of no bytes");
  if (*length > kMaxFrameBytes) {
    return fail("read from charon: a frame of {} bytes is no VICI (at most {})", *length, kMaxFrameBytes);
  }
  const auto payload = reader.take(*length);
  if (!payload) return std::nullopt;
  used_ += kHeaderBytes + *length;
  return *payload;
}

void FrameReader::clear() {
  bytes_.clear();
  used_ = 0;
}

std::optional<std::string_view> SectionView::find(std::string_view name) const {
  for (std::size_t i = 0; i < elements_.size(); i += elements_[i].size) {
    const Element& element = elements_[i];
    if (element.type == ElementType::KeyValue && element.name == name) return element.value;
  }
  return std::nullopt;
}

std::optional<SectionView> SectionView::find_section(std::string_view name) const {
  for (std::size_t i = 0; i < elements_.size(); i += elements_[i].size) {
    const Element& element = elements_[i];
    if (element.type == ElementType::SectionStart && element.name == name) return inside(element);
  }
  return std::nullopt;
}

Result<void> MessageView::parse(std::string_view bytes) {
  elements_.clear();
  open_.clear();
  const auto reject = [&](std::size_t offset, std::string_view reason) {
    elements_.clear();
    return fail("read a VICI message: {} at byte {} of {}", reason, offset, bytes.size());
  };
  ByteReader reader(bytes);
  while (!reader.empty()) {
    const auto offset = bytes.size() - reader.remaining();
    Element element{static_cast<ElementType>(*reader.u8()), 1, {}, {}};
    std::optional<ElementType> inside;
    if (!open_.empty()) inside = elements_[open_.back()].type;
    const auto wrong = misplaced(element.type, inside, open_.size());
    if (!wrong.empty()) return reject(offset, wrong);
    if (!take_content(reader, element)) return reject(offset, "an element is cut short");

    const auto index = static_cast<std::uint32_t>(elements_.size());
    if (element.type == ElementType::SectionStart || element.type == ElementType::ListStart) open_.push_back(index);
    if (element.type == ElementType::SectionEnd || element.type == ElementType::ListEnd) {
      elements_[open_.back()].size = index - open_.back() + 1;
      open_.pop_back();
    }
    elements_.push_back(element);
  }
  if (!open_.empty()) return reject(bytes.size(), "a section or list does not end");
  return {};
}

void MessageWriter::element(ElementType type) { out_.u8(static_cast<std::uint8_t>(type)); }

void MessageWriter::add_name(std::string_view name) {
  if (name.size() > 255 && error_.empty()) {
    error_ = fmt::format("the name {}... is longer than 255 bytes", printable(name.substr(0, 60)));
  }
  out_.u8(static_cast<std::uint8_t>(name.size()));
  out_.bytes(name);
}

void MessageWriter::add_value(std::string_view value) {
  if (value.size() > 65535 && error_.empty()) {
    error_ = fmt::format("a value of {} bytes is longer than 65535", value.size());
  }
  out_.u16(static_cast<std::uint16_t>(value.size()));
  out_.bytes(value);
}

MessageWriter& MessageWriter::begin_section(std::string_view name) {
  element(ElementType::SectionStart);
  add_name(name);
  ++depth_;
  return *this;
}

MessageWriter& MessageWriter::end_section() {
  element(ElementType::SectionEnd);
  if (depth_ == 0 && error_.empty()) error_ = "a section ends that was not begun";
  if (depth_ > 0) --depth_;
  return *this;
}

MessageWriter& MessageWriter::value(std::string_view name, std::string_view value) {
  element(ElementType::KeyValue);
  add_name(name);
  add_value(value);
  return *this;
}

MessageWriter& MessageWriter::list(std::string_view name, std::span<const std::string> items) {
  element(ElementType::ListStart);
  add_name(name);
  for (const auto& item : items) {
    element(ElementType::ListItem);
    add_value(item);
  }
  element(ElementType::ListEnd);
  return *this;
}

Result<std::string> MessageWriter::take() {
  if (depth_ > 0 && error_.empty()) error_ = "a section does not end";
  std::string bytes = out_.take();
  std::string error = std::move(error_);
  *this = MessageWriter();
  if (!error.empty()) return fail("write a VICI message: {}", error);
  return bytes;
}

}  // namespace rri::vici

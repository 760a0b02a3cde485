// base/bytes.h -- reading and writing big-endian bytes with every length checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rri {

/// A cursor over bytes from outside. Each read either gives a value and moves
/// on, or gives nothing and stays; no read looks past the end.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] std::size_t remaining() const { return rest_.size(); }
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] std::string_view rest() const { return rest_; }

  std::optional<std::uint8_t> u8() {
    const auto bytes = take(1);
    if (!bytes) return std::nullopt;
    return static_cast<std::uint8_t>((*bytes)[0]);
  }

  std::optional<std::uint16_t> u16() {
    const auto bytes = take(2);
    if (!bytes) return std::nullopt;
    return static_cast<std::uint16_t>(big_endian(*bytes));
  }

  std::optional<std::uint32_t> u32() {
    const auto bytes = take(4);
    if (!bytes) return std::nullopt;
    return big_endian(*bytes);
  }

  /// The next `count` bytes; they live as long as the input does.
  std::optional<std::string_view> take(std::size_t count) {
    if (count > rest_.size()) return std::nullopt;
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

 private:
  static std::uint32_t big_endian(std::string_view bytes) {
    std::uint32_t value = 0;
    for (const char c : bytes) value = (value << 8) | static_cast<std::uint8_t>(c);
    return value;
  }

  std::string_view rest_;
};

/// Appends big-endian numbers and raw bytes to a string.
class ByteWriter {
 public:
  void u8(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void u16(std::uint16_t value) {
    u8(static_cast<std::uint8_t>(value >> 8));
    u8(static_cast<std::uint8_t>(value));
  }
  void u32(std::uint32_t value) {
    u16(static_cast<std::uint16_t>(value >> 16));
    u16(static_cast<std::uint16_t>(value));
  }
  void bytes(std::string_view raw) { out_.append(raw); }

  [[nodiscard]] const std::string& view() const { return out_; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace rri

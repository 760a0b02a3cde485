#include "core/swanctl_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace rri::core {
namespace {

constexpr std::string_view kPlain = "-_.:/,%@*+=[]~^()";

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kPlain.find(c) != std::string_view::npos;
}

/// In quotes where the file's language would take a character for its own.
std::string quoted(std::string_view value) {
  if (!value.empty() && std::all_of(value.begin(), value.end(), is_plain)) return std::string(value);
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < '\x7f'; });
}

/// A secret; 0x... and 0s... mean encodings there, so a key that begins so is encoded itself.
std::string secret_text(const std::string& data) {
  const bool looks_encoded = data.starts_with("0x") || data.starts_with("0s");
  if (!data.empty() && is_printable(data) && !looks_encoded) {
    std::string text = quoted(data);
    return text.front() == '"' ? text : '"' + text + '"';
  }
  std::string hex = "0x";
  for (const char c : data) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

class Writer {
 public:
  void open(std::string_view name) {
    indent();
    text_ += fmt::format("{} {{\n", name);
    ++depth_;
  }
  void close() {
    --depth_;
    indent();
    text_ += "}\n";
  }
  void line(std::string_view name, std::string_view value) {
    indent();
    text_ += fmt::format("{} = {}\n", name, value);
  }
  void section(const CharonSection& section) {
    for (const auto& setting : section.settings) {
      if (const auto* value = std::get_if<std::string>(&setting.value)) line(setting.name, quoted(*value));
      if (const auto* values = std::get_if<std::vector<std::string>>(&setting.value)) {
        std::string joined;
        for (const auto& one : *values) joined += (joined.empty() ? "" : ",") + one;
        line(setting.name, quoted(joined));
      }
      if (const auto* inner = std::get_if<std::vector<CharonSection>>(&setting.value)) {
        open(setting.name);
        this->section(inner->front());
        close();
      }
    }
  }
  std::string take() { return std::move(text_); }

 private:
  void indent() { text_.append(depth_ * 2, ' '); }
  std::string text_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string render_swanctl(const TunnelPlan& plan) {
  Writer out;
  out.open("connections");
  for (const auto& connection : plan.connections) {
    out.open(connection.name);
    out.section(connection.settings);
    out.close();
  }
  out.close();
  out.open("secrets");
  for (const auto& key : plan.keys) {
    out.open("ike-" + key.id);
    std::size_t number = 0;
    for (const auto& owner : key.owners) out.line(fmt::format("id-{}", ++number), quoted(owner));
    out.line("secret", secret_text(key.data));
    out.close();
  }
  out.close();
  return out.take();
}

}  // namespace rri::core

// shell/settings_answer.h -- things that are set, in IOS's lines or as a JSON list.
//
// Each setting is added once, with the line that IOS prints of it and the value that
// a program gets. Made for a handful of things: the whole is one text.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "show/routes.h"

namespace rri::shell {

class SettingsAnswer {
 public:
  using Json = nlohmann::ordered_json;

  SettingsAnswer(show::Format format, std::string_view plural) : format_(format), plural_(plural) {}

  /// The next thing. `line`: IOS's line above its settings.
  void begin(std::string_view name, std::string_view line) {
    objects_.push_back({{"name", name}});
    text_ += line;
  }
  /// `lines`: what IOS prints of it, "" for nothing.
  void add(const char* key, Json value, std::string_view lines) {
    objects_.back()[key] = std::move(value);
    text_ += lines;
  }
  /// What has no value for programs.
  void print(std::string_view lines) { text_ += lines; }

  [[nodiscard]] std::string finish() const {
    return format_ == show::Format::Text ? text_ : Json{{plural_, objects_}}.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }

 private:
  show::Format format_;
  std::string plural_;
  std::string text_;
  Json objects_ = Json::array();
};

}  // namespace rri::shell

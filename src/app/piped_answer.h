// app/piped_answer.h -- what becomes of an answer behind the `|`: filtered, or written to a file.
//
// Both happen here, where the reader is, with his rights (docs/decisions/0028). A
// resource type: it has the file open.
#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/command_runner.h"
#include "shell/pipe.h"

namespace rri::app {

class PipedAnswer {
 public:
  /// Without `words` the answer goes through as it is.
  static Result<PipedAnswer> make(const std::optional<shell::FilterWords>& words, const Print& print);

  /// Takes the next bytes of the answer.
  void take(std::string_view bytes);
  [[nodiscard]] bool has_begun() const { return has_begun_; }
  /// The end of a good answer, or of one that has begun. Gives why it could not be written, "" when all is well.
  std::string finish();

 private:
  explicit PipedAnswer(Print print) : print_(std::move(print)) {}
  void write(std::string_view bytes);

  Print print_;
  std::unique_ptr<shell::LineFilter> filter_;
  shell::FilterKind kind_{};
  std::string file_name_;  // "": no file
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{nullptr, &std::fclose};
  std::string trouble_;
  bool has_begun_ = false;
};

}  // namespace rri::app

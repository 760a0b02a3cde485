// app/state_file.h -- one small file that must outlive a restart.
//
// Written whole and renamed into place, so that a crash leaves the old text or
// the new one. What is read may still be anything: the reader checks it.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace rri::app {

class StateFile {
 public:
  StateFile(std::string directory, const std::string& name)
      : directory_(std::move(directory)), path_(directory_ + "/" + name) {}

  /// Fails with the cure when the directory is missing or closed to us.
  [[nodiscard]] Result<> require_writable() const;
  /// Nothing when there is no such file, or it cannot be read.
  [[nodiscard]] std::optional<std::string> read() const;
  [[nodiscard]] Result<> write(const std::string& text) const;

 private:
  std::string directory_;
  std::string path_;
};

}  // namespace rri::app

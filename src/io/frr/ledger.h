// io/frr/ledger.h -- which of FRR's static routes are ours, across restarts.
//
// FRR's lines have no room for an owner's name, so a file in the state directory
// has it. Before a line is typed, its identity is written here; after it was taken
// away, that is written too. A crash between leaves an identity too many, which
// does no harm: an identity says what is ours where FRR has it, no more.
//
//   frr-routes 1
//   directory /var/run/frr
//   daemon 1234
//   + ip route 10.1.0.0/16 198.51.100.2 h-out
//   - ip route 10.1.0.0/16 198.51.100.2 h-out
//
// `daemon` is the process that the lines were typed into. Where another one has
// them, somebody saved them into FRR's configuration file.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"

namespace rri::frr {

/// What a ledger says. Every line that is none is passed over.
struct LedgerText {
  std::string directory;
  std::int32_t daemon = 0;  // process id, 0 when none
  std::set<std::string> identities;
  std::size_t lines = 0;
};
LedgerText parse_ledger(std::string_view text);

class Ledger {
 public:
  /// `path`: the file, made when something is written.
  explicit Ledger(std::string path) : path_(std::move(path)) {}

  /// Empty when there is no file.
  Result<LedgerText> read();
  /// Replaces the file, in one step.
  Result<> rewrite(const LedgerText& text);
  /// Adds lines at the end. Before rewrite() was called, it fails.
  Result<> append(const std::vector<std::string>& gained, const std::vector<std::string>& lost);
  /// Lines in the file; more than the identities in it, when many came and went.
  [[nodiscard]] std::size_t lines() const { return lines_; }

 private:
  std::string path_;
  std::size_t lines_ = 0;
  bool is_ready_ = false;
};

}  // namespace rri::frr

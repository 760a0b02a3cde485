// app/control_answers.h -- commands of the control socket, answered by the shell layer.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "config/document.h"
#include "io/control/server.h"
#include "model/config.h"
#include "shell/exec.h"

namespace rri::app {

control::Answer make_answer(shell::ExecAnswer exec);

/// Whether `crypto logging session` is configured.
bool logs_sessions(const Document& document);

/// What entries and transform sets say of IPsec, read once for each state of the document.
class IpsecIndex {
 public:
  /// Reads the document where `generation` is another one than before.
  const IpsecIndex& of(const Document& document, std::uint64_t generation);

  /// "esp-aes esp-sha-hmac": what the transform set is made of, "" when there is none.
  [[nodiscard]] std::string transforms(const std::string& name) const;
  /// Lifetimes and PFS of an entry, with the global lines and IOS's defaults behind them.
  [[nodiscard]] show::IpsecSettings settings(const show::EntryKey& key) const;

 private:
  void read_global(const Line& line);
  void read_entry(const Line& line);

  std::optional<std::uint64_t> generation_;
  show::IpsecSettings global_;
  std::map<show::EntryKey, show::IpsecSettings> entries_;
  std::map<std::string, std::string> transforms_;  // by name of the set
};

/// "20:41:02.123 UTC Mon Nov 23 2026", as `show clock` prints it.
std::string render_clock();

/// Whether some `set peer` of the configuration names `host`.
bool names_host(const Config& config, const std::string& host);

}  // namespace rri::app

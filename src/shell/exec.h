// shell/exec.h -- carries out one exec command.
//
// Runs in the daemon, for whoever asks: `rri -c`, the interactive shell, later
// rri-web. Reads summaries, live tables and a few texts; changes nothing but by
// asking for it through Environment.
#pragma once

#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/pieces.h"
#include "base/result.h"
#include "config/document.h"
#include "core/snapshot.h"
#include "shell/exec_grammar.h"
#include "shell/ike_access.h"
#include "model/device.h"
#include "show/history.h"
#include "show/routes.h"
#include "show/standby.h"
#include "show/summary.h"
#include "show/tables.h"

namespace rri::shell {

/// A file next to the startup configuration.
struct StoredFile {
  std::string name;
  std::uint64_t bytes = 0;
  std::time_t changed = 0;
};
struct FileStore {
  std::vector<StoredFile> files;  // by name
  std::uint64_t total = 0;        // bytes of the filesystem
  std::uint64_t free = 0;
};

/// What commands read and ask for. Each is called only when a command needs it.
struct Environment {
  std::function<std::shared_ptr<const core::Summary>()> summary;
  std::function<core::Rows(core::RowQuery)> rows;     // of the live table
  std::function<bool(const std::string& vrf)> has_rows;
  std::function<core::Count()> count;                 // of its rows and SAs
  std::function<core::SaViews()> sas;
  std::function<std::optional<core::SaPlace>(SaId id)> find_sa;
  std::function<std::string()> running_config;
  std::function<std::uint64_t()> generation;          // of document(): another number, another text
  std::function<Result<std::optional<std::string>>()> startup_config;  // nothing: none is there
  std::function<Result<FileStore>()> files;
  std::function<Result<std::string>(const std::string& name)> read_file;  // one of files()
  std::function<std::vector<CarriedLine>()> carried;
  std::function<std::vector<std::string>()> log_lines;  // oldest first
  std::function<show::Health()> health;
  std::function<std::string()> clock;                 // "20:41:02.123 UTC Mon Nov 23 2026"
  std::function<void(std::optional<Prefix>)> clear_routes;
  std::function<show::RedundancyStatus()> redundancy;
  std::function<std::string(const std::string& name)> transforms;  // of a transform set
  IkeAccess ike;
  std::function<Result<HostDevices>()> devices;
  std::function<const Document&()> document;
  std::function<show::IpsecSettings(const show::EntryKey& entry)> ipsec_settings;
  std::function<std::vector<show::HistoryEntry>()> history;  // oldest first
  /// Index of the peer of a static entry that rrid has charon call; may be empty.
  std::function<std::optional<std::size_t>(const EntryName& entry)> chosen_peer = nullptr;
  /// Why an entry's tunnel did not come up last, "" while all is well; may be empty.
  std::function<std::string(const EntryName& entry)> last_failure = nullptr;
};

struct ExecAnswer {
  Pieces pieces;
  std::optional<ExecMisfit> misfit;  // the line is no command
  std::string failure;               // it is one, and could not be carried out; what is known all the same is in `pieces`
  std::string refusal{};             // the same in IOS's own words, without the last line end
  /// Set when somebody else (the IKE daemon) has to be asked first: called once, it
  /// hands the answer to its argument, now or later. The rest is then empty.
  std::function<void(std::function<void(ExecAnswer)>)> later = nullptr;
};

/// A blank line is a command that answers nothing.
ExecAnswer run_exec(std::string_view line, show::Format format, const Environment& environment);

}  // namespace rri::shell

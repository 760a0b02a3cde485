// shell/exec_grammar.h -- the commands of the exec mode, as one table.
//
// A row is a pattern, its help and the command it stands for; parsing, help and
// documentation all come from the rows. Patterns: keywords, `<slot>` for one
// word, `<low-high>` for a number, `[...]` for words that may be left out.
//
// Words are matched as IOS does it: an exact keyword wins, an unambiguous
// abbreviation is as good, and several keywords that fit are ambiguous.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace rri::shell {

enum class ExecCommand : std::uint8_t {
  ClearCryptoCounters,
  ClearCryptoRoute,
  ClearCryptoRoutes,
  ClearCryptoSa,
  ClearCryptoSession,
  ClearIkev2Sa,
  ClearIsakmp,
  ClearKernels,
  ClearLine,
  ClearLogging,
  ConfigureAsk,
  ConfigureConfirm,
  ConfigureReplace,
  ConfigureRevert,
  ConfigureRevertNow,
  ConfigureRevertTimer,
  ConfigureTerminal,
  CopyRunning,
  CopyToRunning,
  DebugAll,
  DebugIkev2,
  DebugIpsec,
  DebugIsakmp,
  Dir,
  Disable,
  Enable,
  EraseStartup,
  Exit,
  Help,
  InitiateSession,
  More,
  Ping,
  Reload,
  ReloadCancel,
  ReloadIn,
  ShowAccessLists,
  ShowArchive,
  ShowArp,
  ShowCarried,
  ShowClock,
  ShowCryptoEngine,
  ShowCryptoMap,
  ShowCryptoRoute,
  ShowCryptoSession,
  ShowDebugging,
  ShowDynamicMap,
  ShowHistory,
  ShowHostname,
  ShowIkev2Policy,
  ShowIkev2Profile,
  ShowIkev2Proposal,
  ShowIkev2Sa,
  ShowIkev2Session,
  ShowInterfaceBrief,
  ShowInterfaceDescription,
  ShowInterfaces,
  ShowInventory,
  ShowIpInterface,
  ShowIpRoute,
  ShowIpRouteSummary,
  ShowIpStaticRoute,
  ShowIpsecProfile,
  ShowIpsecSa,
  ShowIpv6Brief,
  ShowIpv6Interface,
  ShowIsakmpKey,
  ShowIsakmpPolicy,
  ShowIsakmpProfile,
  ShowIsakmpSa,
  ShowIsakmpSaCount,
  ShowLogging,
  ShowObjectGroup,
  ShowPrefixList,
  ShowPrivilege,
  ShowReload,
  ShowRri,
  ShowRriExplain,
  ShowRriHistory,
  ShowRunningConfig,
  ShowRunningInterface,
  ShowRunningVrf,
  ShowStandby,
  ShowStartupConfig,
  ShowTechSupport,
  ShowTerminal,
  ShowTrack,
  ShowTransformSet,
  ShowUsers,
  ShowVersion,
  ShowVrf,
  TerminalDefault,
  TerminalHistory,
  TerminalLength,
  TerminalMonitor,
  TerminalNoMonitor,
  TerminalWidth,
  Traceroute,
  UndebugAll,
  UndebugIkev2,
  UndebugIpsec,
  UndebugIsakmp,
  WriteMemory,
};

struct ExecRow {
  std::string_view pattern;
  std::string_view help;
  ExecCommand command{};
  std::uint8_t privilege = 1;  // the least that may
};

/// The levels that there are: user exec and privileged exec.
inline constexpr std::uint8_t kUserLevel = 1;
inline constexpr std::uint8_t kPrivilegedLevel = 15;

/// All rows, by pattern.
std::span<const ExecRow> exec_rows();

/// Whether a `show` stands for it, perhaps beside another word (`write terminal`): those have objects of their own in JSON.
bool is_show(ExecCommand command);

struct ExecMatch {
  ExecCommand command{};
  std::map<std::string, std::string, std::less<>> words;  // slot to what was typed; keyword to itself

  [[nodiscard]] bool has(std::string_view word) const { return words.contains(word); }
};

struct ExecMisfit {
  enum class Reason : std::uint8_t { Invalid, Incomplete, Ambiguous };
  Reason reason{};
  /// Invalid: 1-based, the first character that fits nothing. Ambiguous: the one
  /// behind the word that is, 0 when that is not known.
  std::uint32_t column = 0;

  friend bool operator==(const ExecMisfit&, const ExecMisfit&) = default;
};

/// A command that is above `level` does not exist there, as in IOS.
tl::expected<ExecMatch, ExecMisfit> match_exec(std::string_view line, std::uint8_t level = kPrivilegedLevel);

/// What may follow the words of `line`; Misfit when they are no beginning of a command.
struct NextWord {
  std::string text;  // keyword, "WORD", "<0-512>"
  std::string help;
  bool is_keyword = true;
  std::string_view slot;  // of a value: what it is
  bool ends_row = false;  // `help` is about this very word
};
struct NextWords {
  std::vector<NextWord> words;
  bool may_end = false;
};
tl::expected<NextWords, ExecMisfit> next_exec_words(std::string_view line, std::uint8_t level);

/// What IOS prints. `prompt_width`: columns to the left of the typed line.
std::string render_misfit(const ExecMisfit& misfit, std::string_view line, std::size_t prompt_width);

}  // namespace rri::shell

#include "shell/exec_grammar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <array>
#include <optional>
#include <vector>

#include "base/text.h"
#include "config/lexer.h"

namespace rri::shell {

namespace {

constexpr std::uint8_t kPrivileged = kPrivilegedLevel;

constexpr std::array kRows = {
    ExecRow{"clear arp-cache", "Clear the entire ARP cache", ExecCommand::ClearKernels, kPrivileged},
    ExecRow{"clear counters", "Clear counters on all interfaces", ExecCommand::ClearKernels, kPrivileged},
    ExecRow{"clear counters <if>", "Clear counters on one interface", ExecCommand::ClearKernels, kPrivileged},
    ExecRow{"clear crypto ikev2 sa", "Clear IKEv2 SAs", ExecCommand::ClearIkev2Sa, kPrivileged},
    ExecRow{"clear crypto ikev2 sa remote <address>", "Clear IKEv2 SAs with one peer", ExecCommand::ClearIkev2Sa, kPrivileged},
    ExecRow{"clear crypto isakmp", "Clear IKEv1 SAs", ExecCommand::ClearIsakmp, kPrivileged},
    ExecRow{"clear crypto isakmp <1-4294967295>", "Clear the IKEv1 SA of this connection id", ExecCommand::ClearIsakmp, kPrivileged},
    ExecRow{"clear crypto route *", "Withdraw all RRI routes and derive them again", ExecCommand::ClearCryptoRoutes, kPrivileged},
    ExecRow{"clear crypto route <prefix>", "Withdraw one RRI route and derive it again", ExecCommand::ClearCryptoRoute, kPrivileged},
    ExecRow{"clear crypto sa", "Clear IPsec SAs", ExecCommand::ClearCryptoSa, kPrivileged},
    ExecRow{"clear crypto sa counters", "Count packets of IPsec SAs from 0 again", ExecCommand::ClearCryptoCounters, kPrivileged},
    ExecRow{"clear crypto sa map <map-name>", "Clear IPsec SAs of one crypto map", ExecCommand::ClearCryptoSa, kPrivileged},
    ExecRow{"clear crypto sa peer <address>", "Clear IPsec SAs with one peer", ExecCommand::ClearCryptoSa, kPrivileged},
    ExecRow{"clear crypto session", "Clear IKE and IPsec SAs", ExecCommand::ClearCryptoSession, kPrivileged},
    ExecRow{"clear crypto session remote <address>", "Clear IKE and IPsec SAs with one peer", ExecCommand::ClearCryptoSession, kPrivileged},
    ExecRow{"clear line <0-511>", "End the session on this line", ExecCommand::ClearLine, kPrivileged},
    ExecRow{"clear line vty <0-511>", "End the session on this line", ExecCommand::ClearLine, kPrivileged},
    ExecRow{"clear logging", "Clear the log", ExecCommand::ClearLogging, kPrivileged},
    ExecRow{"configure", "Enter configuration mode, after a question", ExecCommand::ConfigureAsk, kPrivileged},
    ExecRow{"configure confirm", "Keep the changes of `configure terminal revert`", ExecCommand::ConfigureConfirm, kPrivileged},
    ExecRow{"configure replace <file> [force]", "Replace the running configuration by a file", ExecCommand::ConfigureReplace, kPrivileged},
    ExecRow{"configure revert now", "Undo the changes of `configure terminal revert` at once", ExecCommand::ConfigureRevertNow, kPrivileged},
    ExecRow{"configure revert timer <1-120>", "Undo them only after so many minutes from now", ExecCommand::ConfigureRevertTimer, kPrivileged},
    ExecRow{"configure terminal", "Configure from the terminal", ExecCommand::ConfigureTerminal, kPrivileged},
    ExecRow{"configure terminal revert timer <1-120>", "Undo the changes unless confirmed within these minutes", ExecCommand::ConfigureRevert, kPrivileged},
    ExecRow{"copy <file> running-config", "Add the lines of a file to the running configuration", ExecCommand::CopyToRunning, kPrivileged},
    ExecRow{"copy running-config startup-config", "Save the configuration", ExecCommand::CopyRunning, kPrivileged},
    ExecRow{"copy startup-config running-config", "Add the lines of the startup configuration to the running one", ExecCommand::CopyToRunning, kPrivileged},
    ExecRow{"crypto session initiate <map-name> <1-65535>", "Start the tunnels of a crypto map entry", ExecCommand::InitiateSession, kPrivileged},
    ExecRow{"debug all", "Enable all debugging", ExecCommand::DebugAll, kPrivileged},
    ExecRow{"debug crypto ikev2", "IKEv2 events", ExecCommand::DebugIkev2, kPrivileged},
    ExecRow{"debug crypto ipsec", "IPSec and RRI events", ExecCommand::DebugIpsec, kPrivileged},
    ExecRow{"debug crypto isakmp", "ISAKMP (IKEv1) events", ExecCommand::DebugIsakmp, kPrivileged},
    ExecRow{"dir [/all] [<file>]", "List files on a filesystem", ExecCommand::Dir, kPrivileged},
    ExecRow{"disable", "Turn off privileged commands", ExecCommand::Disable},
    ExecRow{"enable", "Turn on privileged commands", ExecCommand::Enable},
    ExecRow{"enable <1-15>", "Enable level", ExecCommand::Enable},
    ExecRow{"erase nvram:", "Erase the startup configuration", ExecCommand::EraseStartup, kPrivileged},
    ExecRow{"erase startup-config", "Erase the startup configuration", ExecCommand::EraseStartup, kPrivileged},
    ExecRow{"exit", "Exit from the EXEC", ExecCommand::Exit},
    ExecRow{"help", "Description of the interactive help system", ExecCommand::Help},
    ExecRow{"logout", "Exit from the EXEC", ExecCommand::Exit},
    ExecRow{"more <file>", "Display the contents of a file", ExecCommand::More, kPrivileged},
    ExecRow{"more nvram:startup-config", "Contents of startup configuration", ExecCommand::ShowStartupConfig, kPrivileged},
    ExecRow{"more system:running-config", "Current operating configuration", ExecCommand::ShowRunningConfig, kPrivileged},
    ExecRow{"no debug all", "Disable all debugging", ExecCommand::UndebugAll, kPrivileged},
    ExecRow{"no debug crypto ikev2", "IKEv2 events", ExecCommand::UndebugIkev2, kPrivileged},
    ExecRow{"no debug crypto ipsec", "IPSec and RRI events", ExecCommand::UndebugIpsec, kPrivileged},
    ExecRow{"no debug crypto isakmp", "ISAKMP (IKEv1) events", ExecCommand::UndebugIsakmp, kPrivileged},
    ExecRow{"ping [vrf <name>] <address> [repeat <1-10000>] [size <36-9000>] [timeout <1-60>] [source <if>]", "Send echo messages", ExecCommand::Ping},
    ExecRow{"ping [vrf <name>] <address> [source <if>] [repeat <1-10000>] [size <36-9000>] [timeout <1-60>]", "Send echo messages", ExecCommand::Ping},
    ExecRow{"quit", "Exit from the EXEC", ExecCommand::Exit},
    ExecRow{"reload", "Read the startup configuration again", ExecCommand::Reload, kPrivileged},
    ExecRow{"reload cancel", "Cancel a reload that is pending", ExecCommand::ReloadCancel, kPrivileged},
    ExecRow{"reload force", "Without a question, whether saved or not", ExecCommand::Reload, kPrivileged},
    ExecRow{"reload in <1-999>", "Reload after so many minutes", ExecCommand::ReloadIn, kPrivileged},
    ExecRow{"show access-lists", "List access lists", ExecCommand::ShowAccessLists},
    ExecRow{"show access-lists <name>", "List one access list", ExecCommand::ShowAccessLists},
    ExecRow{"show archive", "Archived configurations", ExecCommand::ShowArchive},
    ExecRow{"show arp", "ARP table", ExecCommand::ShowArp},
    ExecRow{"show clock", "Display the system clock", ExecCommand::ShowClock},
    ExecRow{"show configuration carried", "Configuration lines that nothing acts on", ExecCommand::ShowCarried, kPrivileged},
    ExecRow{"show crypto dynamic-map", "Crypto map templates", ExecCommand::ShowDynamicMap},
    ExecRow{"show crypto dynamic-map tag <map-name>", "The templates of this name", ExecCommand::ShowDynamicMap},
    ExecRow{"show crypto engine connections active", "Packets of active IPsec SAs", ExecCommand::ShowCryptoEngine},
    ExecRow{"show crypto ikev2 policy [<name>]", "IKEv2 policies", ExecCommand::ShowIkev2Policy},
    ExecRow{"show crypto ikev2 profile [<name>]", "IKEv2 profiles", ExecCommand::ShowIkev2Profile},
    ExecRow{"show crypto ikev2 proposal [<name>]", "IKEv2 proposals", ExecCommand::ShowIkev2Proposal},
    ExecRow{"show crypto ikev2 sa [detail]", "IKEv2 SAs", ExecCommand::ShowIkev2Sa},
    ExecRow{"show crypto ikev2 sa remote <address> [detail]", "IKEv2 SAs with one peer", ExecCommand::ShowIkev2Sa},
    ExecRow{"show crypto ikev2 session", "IKEv2 SAs with their child SAs", ExecCommand::ShowIkev2Session},
    ExecRow{"show crypto ipsec profile [tag <name>]", "IPsec profiles", ExecCommand::ShowIpsecProfile},
    ExecRow{"show crypto ipsec sa [detail]", "IPsec SAs", ExecCommand::ShowIpsecSa},
    ExecRow{"show crypto ipsec sa interface <if> [detail]", "IPsec SAs of one interface", ExecCommand::ShowIpsecSa},
    ExecRow{"show crypto ipsec sa map <map-name> [detail]", "IPsec SAs of one crypto map", ExecCommand::ShowIpsecSa},
    ExecRow{"show crypto ipsec sa peer <address> [detail]", "IPsec SAs with one peer", ExecCommand::ShowIpsecSa},
    ExecRow{"show crypto ipsec transform-set [tag <name>]", "Transform sets", ExecCommand::ShowTransformSet},
    ExecRow{"show crypto isakmp key", "Pre-shared keys of IKEv1", ExecCommand::ShowIsakmpKey, kPrivileged},
    ExecRow{"show crypto isakmp policy", "IKEv1 policies", ExecCommand::ShowIsakmpPolicy},
    ExecRow{"show crypto isakmp profile [tag <name>]", "IKEv1 profiles", ExecCommand::ShowIsakmpProfile},
    ExecRow{"show crypto isakmp sa [detail]", "IKEv1 SAs", ExecCommand::ShowIsakmpSa},
    ExecRow{"show crypto isakmp sa count", "How many IKEv1 SAs there are", ExecCommand::ShowIsakmpSaCount},
    ExecRow{"show crypto map", "Crypto maps", ExecCommand::ShowCryptoMap},
    ExecRow{"show crypto map interface <if>", "Crypto maps of one interface", ExecCommand::ShowCryptoMap},
    ExecRow{"show crypto map tag <map-name>", "The crypto map of this name", ExecCommand::ShowCryptoMap},
    ExecRow{"show crypto route [vrf <name>] [detail]", "Routes made by reverse-route", ExecCommand::ShowCryptoRoute},
    ExecRow{"show crypto session [detail]", "Sessions by peer, and the entry that each SA fell to", ExecCommand::ShowCryptoSession},
    ExecRow{"show crypto session brief", "Sessions, one a line", ExecCommand::ShowCryptoSession},
    ExecRow{"show crypto session interface <if> [detail]", "Sessions of one interface", ExecCommand::ShowCryptoSession},
    ExecRow{"show crypto session remote <address> [detail]", "Sessions with one peer", ExecCommand::ShowCryptoSession},
    ExecRow{"show debugging", "State of each debugging option", ExecCommand::ShowDebugging},
    ExecRow{"show history", "Display the session command history", ExecCommand::ShowHistory},
    ExecRow{"show hostname", "The configured host name", ExecCommand::ShowHostname},
    ExecRow{"show interfaces", "Interface status and counters", ExecCommand::ShowInterfaces},
    ExecRow{"show interfaces <if>", "Status and counters of one interface", ExecCommand::ShowInterfaces},
    ExecRow{"show interfaces description", "Interface status and description", ExecCommand::ShowInterfaceDescription},
    ExecRow{"show inventory", "Show the physical inventory", ExecCommand::ShowInventory},
    ExecRow{"show ip access-lists", "List IP access lists", ExecCommand::ShowAccessLists},
    ExecRow{"show ip access-lists <name>", "List one IP access list", ExecCommand::ShowAccessLists},
    ExecRow{"show ip arp", "IP ARP table", ExecCommand::ShowArp},
    ExecRow{"show ip interface", "IP status of interfaces", ExecCommand::ShowIpInterface},
    ExecRow{"show ip interface <if>", "IP status of one interface", ExecCommand::ShowIpInterface},
    ExecRow{"show ip interface brief", "Brief summary of IP status and configuration", ExecCommand::ShowInterfaceBrief},
    ExecRow{"show ip prefix-list", "List IP prefix lists", ExecCommand::ShowPrefixList},
    ExecRow{"show ip prefix-list <name>", "List one IP prefix list", ExecCommand::ShowPrefixList},
    ExecRow{"show ip prefix-list detail [<name>]", "Detail of prefix lists", ExecCommand::ShowPrefixList},
    ExecRow{"show ip prefix-list summary [<name>]", "Summary of prefix lists", ExecCommand::ShowPrefixList},
    ExecRow{"show ip route [vrf <name>]", "IP routing table", ExecCommand::ShowIpRoute},
    ExecRow{"show ip route [vrf <name>] static", "Static and RRI routes", ExecCommand::ShowIpRoute},
    ExecRow{"show ip route [vrf <name>] <prefix>", "The route to a network or address", ExecCommand::ShowIpRoute},
    ExecRow{"show ip route [vrf <name>] <prefix> <mask>", "The route to a network", ExecCommand::ShowIpRoute},
    ExecRow{"show ip route [vrf <name>] connected", "Connected networks", ExecCommand::ShowIpRoute},
    ExecRow{"show ip route [vrf <name>] summary", "Number of routes by source", ExecCommand::ShowIpRouteSummary},
    ExecRow{"show ip static route [vrf <name>]", "Static and RRI routes", ExecCommand::ShowIpStaticRoute},
    ExecRow{"show ip vrf [<name>]", "VPN Routing/Forwarding instances", ExecCommand::ShowVrf},
    ExecRow{"show ipv6 access-list", "List IPv6 access lists", ExecCommand::ShowAccessLists},
    ExecRow{"show ipv6 access-list <name>", "List one IPv6 access list", ExecCommand::ShowAccessLists},
    ExecRow{"show ipv6 interface [<if>]", "IPv6 status of interfaces", ExecCommand::ShowIpv6Interface},
    ExecRow{"show ipv6 interface brief", "Brief summary of IPv6 status and addresses", ExecCommand::ShowIpv6Brief},
    ExecRow{"show ipv6 prefix-list", "List IPv6 prefix lists", ExecCommand::ShowPrefixList},
    ExecRow{"show ipv6 prefix-list <name>", "List one IPv6 prefix list", ExecCommand::ShowPrefixList},
    ExecRow{"show ipv6 prefix-list detail [<name>]", "Detail of prefix lists", ExecCommand::ShowPrefixList},
    ExecRow{"show ipv6 prefix-list summary [<name>]", "Summary of prefix lists", ExecCommand::ShowPrefixList},
    ExecRow{"show ipv6 route [vrf <name>]", "IPv6 routing table", ExecCommand::ShowIpRoute},
    ExecRow{"show ipv6 route [vrf <name>] static", "Static and RRI routes", ExecCommand::ShowIpRoute},
    ExecRow{"show ipv6 route [vrf <name>] <prefix>", "The route to a network or address", ExecCommand::ShowIpRoute},
    ExecRow{"show ipv6 route [vrf <name>] connected", "Connected networks", ExecCommand::ShowIpRoute},
    ExecRow{"show ipv6 route [vrf <name>] summary", "Number of routes by source", ExecCommand::ShowIpRouteSummary},
    ExecRow{"show logging", "What happened, newest last", ExecCommand::ShowLogging},
    ExecRow{"show object-group [<name>]", "Object groups", ExecCommand::ShowObjectGroup},
    ExecRow{"show privilege", "Show current privilege level", ExecCommand::ShowPrivilege},
    ExecRow{"show reload", "Scheduled reload", ExecCommand::ShowReload},
    ExecRow{"show rri", "Sources, sinks, routes by state, conflicts", ExecCommand::ShowRri},
    ExecRow{"show rri explain <address>", "Why an address is routed as it is", ExecCommand::ShowRriExplain},
    ExecRow{"show rri history", "What happened to routes, when and why", ExecCommand::ShowRriHistory},
    ExecRow{"show rri history <prefix>", "What happened to the routes in a network, or to an address", ExecCommand::ShowRriHistory},
    ExecRow{"show running-config", "Current operating configuration", ExecCommand::ShowRunningConfig, kPrivileged},
    ExecRow{"show running-config all", "The same: nothing is left out here", ExecCommand::ShowRunningConfig, kPrivileged},
    ExecRow{"show running-config brief", "The same: nothing is left out here", ExecCommand::ShowRunningConfig, kPrivileged},
    ExecRow{"show running-config full", "The same: nothing is left out here", ExecCommand::ShowRunningConfig, kPrivileged},
    ExecRow{"show running-config interface <if>", "Configuration of one interface", ExecCommand::ShowRunningInterface, kPrivileged},
    ExecRow{"show running-config linenum", "With line numbers", ExecCommand::ShowRunningConfig, kPrivileged},
    ExecRow{"show running-config vrf [<name>]", "Configuration of VRFs", ExecCommand::ShowRunningVrf, kPrivileged},
    ExecRow{"show standby", "Hot Standby Router Protocol (HSRP) information", ExecCommand::ShowStandby},
    ExecRow{"show standby <if>", "Groups of one interface", ExecCommand::ShowStandby},
    ExecRow{"show standby <if> brief", "Groups of one interface, one a line", ExecCommand::ShowStandby},
    ExecRow{"show standby all", "Include groups that have no virtual address", ExecCommand::ShowStandby},
    ExecRow{"show standby brief", "Brief output", ExecCommand::ShowStandby},
    ExecRow{"show startup-config", "Contents of startup configuration", ExecCommand::ShowStartupConfig, kPrivileged},
    ExecRow{"show tech-support", "System information for support", ExecCommand::ShowTechSupport, kPrivileged},
    ExecRow{"show terminal", "Display terminal configuration parameters", ExecCommand::ShowTerminal},
    ExecRow{"show track <1-1000>", "One tracked object", ExecCommand::ShowTrack},
    ExecRow{"show track [brief]", "Tracking information", ExecCommand::ShowTrack},
    ExecRow{"show users", "Sessions of this shell", ExecCommand::ShowUsers},
    ExecRow{"show version", "System hardware and software status", ExecCommand::ShowVersion},
    ExecRow{"show vrf [<name>]", "VPN Routing/Forwarding instances", ExecCommand::ShowVrf},
    ExecRow{"terminal default history size", "Set history buffer size to its default", ExecCommand::TerminalDefault},
    ExecRow{"terminal default length", "Set number of lines on a screen to its default", ExecCommand::TerminalDefault},
    ExecRow{"terminal default width", "Set width of the terminal to its default", ExecCommand::TerminalDefault},
    ExecRow{"terminal history size <0-256>", "Set history buffer size", ExecCommand::TerminalHistory},
    ExecRow{"terminal length <0-512>", "Set number of lines on a screen", ExecCommand::TerminalLength},
    ExecRow{"terminal monitor", "Copy debug output to the current terminal line", ExecCommand::TerminalMonitor},
    ExecRow{"terminal no history size", "Set history buffer size to its default", ExecCommand::TerminalDefault},
    ExecRow{"terminal no length", "Set number of lines on a screen to its default", ExecCommand::TerminalDefault},
    ExecRow{"terminal no monitor", "Stop copying debug output", ExecCommand::TerminalNoMonitor},
    ExecRow{"terminal no width", "Set width of the terminal to its default", ExecCommand::TerminalDefault},
    ExecRow{"terminal width <0-512>", "Set width of the display terminal", ExecCommand::TerminalWidth},
    ExecRow{"traceroute [vrf <name>] <address> [source <if>]", "Trace route to destination", ExecCommand::Traceroute},
    ExecRow{"undebug all", "Disable all debugging", ExecCommand::UndebugAll, kPrivileged},
    ExecRow{"undebug crypto ikev2", "IKEv2 events", ExecCommand::UndebugIkev2, kPrivileged},
    ExecRow{"undebug crypto ipsec", "IPSec and RRI events", ExecCommand::UndebugIpsec, kPrivileged},
    ExecRow{"undebug crypto isakmp", "ISAKMP (IKEv1) events", ExecCommand::UndebugIsakmp, kPrivileged},
    ExecRow{"who", "Sessions of this shell", ExecCommand::ShowUsers},
    ExecRow{"write [memory]", "Write running configuration to memory", ExecCommand::WriteMemory, kPrivileged},
    ExecRow{"write erase", "Erase the startup configuration", ExecCommand::EraseStartup, kPrivileged},
    ExecRow{"write terminal", "Write to terminal", ExecCommand::ShowRunningConfig, kPrivileged},
};

/// Numbers of a `<low-high>` slot.
struct Range {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
};

struct Token {
  std::string_view text;
  bool is_slot = false;
  std::optional<Range> range;
};

bool takes(const Token& slot, std::string_view word) {
  if (!slot.range) return true;
  const auto number = parse_number<std::uint32_t>(word);
  return number && *number >= slot.range->low && *number <= slot.range->high;
}

/// A row with every `[...]` decided; `next` tokens are matched.
struct Variant {
  const ExecRow* row = nullptr;
  std::vector<Token> tokens;
};

Token make_token(std::string_view word) {
  if (word.front() != '<') return {word, false, std::nullopt};
  const auto name = word.substr(1, word.size() - 2);
  const auto dash = name.find('-');
  const auto low = parse_number<std::uint32_t>(name.substr(0, dash));
  if (!low || dash == std::string_view::npos) return {name, true, std::nullopt};
  return {name, true, Range{*low, parse_number<std::uint32_t>(name.substr(dash + 1)).value_or(*low)}};
}

/// All variants of one row: every option left out, and taken.
std::vector<Variant> expand(const ExecRow& row) {
  std::vector<Variant> variants{{&row, {}}};
  std::size_t kept = 0;  // inside an option: how many variants go on without it
  for (auto word : split_words(row.pattern)) {
    if (word.front() == '[') {
      const auto without = variants;
      kept = without.size();
      variants.insert(variants.end(), without.begin(), without.end());
      word.remove_prefix(1);
    }
    const bool closes = word.back() == ']';
    if (closes) word.remove_suffix(1);
    for (auto i = kept; i < variants.size(); ++i) variants[i].tokens.push_back(make_token(word));
    if (closes) kept = 0;
  }
  return variants;
}

const std::vector<Variant>& all_variants() {
  static const auto kVariants = [] {
    std::vector<Variant> all;
    for (const auto& row : kRows) {
      for (auto& variant : expand(row)) all.push_back(std::move(variant));
    }
    return all;
  }();
  return kVariants;
}

using Alive = std::vector<const Variant*>;

/// The one keyword that `word` means at `index`, "" for none; nothing when it
/// means several.
std::optional<std::string_view> find_keyword(const Alive& alive, std::size_t index, std::string_view word) {
  std::string_view found;
  bool several = false;
  for (const auto* variant : alive) {
    if (index >= variant->tokens.size()) continue;
    const auto& token = variant->tokens[index];
    if (token.is_slot || !is_beginning_of(word, token.text)) continue;
    if (token.text.size() == word.size()) return token.text;
    several = several || (!found.empty() && found != token.text);
    found = token.text;
  }
  if (several) return std::nullopt;
  return found;
}

ExecMisfit invalid_at(const Alive& alive, std::size_t index, const LexedWord& word) {
  std::size_t fitting = 0;
  for (const auto* variant : alive) {
    if (index >= variant->tokens.size() || variant->tokens[index].is_slot) continue;
    fitting = std::max(fitting, common_length(word.text, variant->tokens[index].text));
  }
  return {ExecMisfit::Reason::Invalid, word.column + static_cast<std::uint32_t>(fitting)};
}

/// Drops the variants that do not go on with `word`.
std::optional<ExecMisfit> narrow(Alive& alive, std::size_t index, const LexedWord& word) {
  const auto keyword = find_keyword(alive, index, word.text);
  if (!keyword) return ExecMisfit{ExecMisfit::Reason::Ambiguous, word.column + static_cast<std::uint32_t>(word.text.size())};
  Alive fitting;
  for (const auto* variant : alive) {
    if (index >= variant->tokens.size()) continue;
    const auto& token = variant->tokens[index];
    if (keyword->empty() ? token.is_slot && takes(token, word.text) : (!token.is_slot && token.text == *keyword)) fitting.push_back(variant);
  }
  if (fitting.empty()) return invalid_at(alive, index, word);
  alive = std::move(fitting);
  return std::nullopt;
}

ExecMatch make_match(const Variant& variant, const LexedLine& line) {
  ExecMatch match{variant.row->command, {}};
  for (std::size_t i = 0; i < variant.tokens.size(); ++i) {
    const auto& token = variant.tokens[i];
    match.words.emplace(token.text, token.is_slot ? line.words[i].text : token.text);
  }
  return match;
}

/// `GigabitEthernet 0/0/1`, where an interface may stand: one word, for canonical_interface().
void join_interface(const Alive& alive, std::size_t index, LexedLine& line) {
  if (index + 1 >= line.words.size()) return;
  auto& type = line.words[index].text;
  const auto number = line.words[index + 1].text;
  const bool may_stand = std::any_of(alive.begin(), alive.end(), [&](const Variant* variant) {
    return index < variant->tokens.size() && variant->tokens[index].is_slot && variant->tokens[index].text == "if";
  });
  const auto is_letter = [](unsigned char c) { return std::isalpha(c) != 0; };
  if (!may_stand || !std::all_of(type.begin(), type.end(), is_letter) || std::isdigit(static_cast<unsigned char>(number.front())) == 0) return;
  type = {type.data(), static_cast<std::size_t>(number.data() + number.size() - type.data())};
  line.words.erase(line.words.begin() + static_cast<std::ptrdiff_t>(index) + 1);
}

/// The rows that go on behind all words of `line`.
tl::expected<Alive, ExecMisfit> fitting_variants(LexedLine& line, std::uint8_t level) {
  if (line.too_long || line.binary) return tl::make_unexpected(ExecMisfit{ExecMisfit::Reason::Invalid, 1});
  Alive alive;
  for (const auto& variant : all_variants()) {
    if (variant.row->privilege <= level) alive.push_back(&variant);
  }
  for (std::size_t i = 0; i < line.words.size(); ++i) {
    join_interface(alive, i, line);
    if (auto misfit = narrow(alive, i, line.words[i])) return tl::make_unexpected(*misfit);
  }
  return alive;
}

void add_next(std::vector<NextWord>& words, const Token& token, std::string_view help, bool ends_row) {
  NextWord made{std::string(token.text), std::string(help), !token.is_slot, token.is_slot ? token.text : std::string_view(), ends_row};
  if (token.range) {
    made.text = fmt::format("<{}>", token.text);
  } else if (token.is_slot) {
    made.text = token.text == "address" || token.text == "prefix" ? "A.B.C.D" : "WORD";
  }
  // Rows are sorted, so that the shortest command tells what a word is about.
  for (auto& known : words) {
    if (known.text != made.text) continue;
    if (ends_row && !known.ends_row) known = std::move(made);
    return;
  }
  words.push_back(std::move(made));
}

}  // namespace

std::span<const ExecRow> exec_rows() { return kRows; }

bool is_show(ExecCommand command) {
  return std::any_of(kRows.begin(), kRows.end(), [&](const ExecRow& row) { return row.command == command && row.pattern.starts_with("show "); });
}

tl::expected<ExecMatch, ExecMisfit> match_exec(std::string_view text, std::uint8_t level) {
  auto line = lex_line(text);
  auto alive = fitting_variants(line, level);
  if (!alive) return tl::make_unexpected(alive.error());
  for (const auto* variant : *alive) {
    if (variant->tokens.size() == line.words.size()) return make_match(*variant, line);
  }
  return tl::make_unexpected(ExecMisfit{ExecMisfit::Reason::Incomplete, 0});
}

tl::expected<NextWords, ExecMisfit> next_exec_words(std::string_view text, std::uint8_t level) {
  auto line = lex_line(text);
  const auto alive = fitting_variants(line, level);
  if (!alive) return tl::make_unexpected(alive.error());
  NextWords next;
  for (const auto* variant : *alive) {
    if (variant->tokens.size() == line.words.size()) {
      next.may_end = true;
      continue;
    }
    add_next(next.words, variant->tokens[line.words.size()], variant->row->help, variant->tokens.size() == line.words.size() + 1);
  }
  std::sort(next.words.begin(), next.words.end(), [](const NextWord& a, const NextWord& b) {
    return a.is_keyword != b.is_keyword ? a.is_keyword : a.text < b.text;
  });
  return next;
}

std::string render_misfit(const ExecMisfit& misfit, std::string_view line, std::size_t prompt_width) {
  switch (misfit.reason) {
    case ExecMisfit::Reason::Invalid:
      return fmt::format("{:{}}^\n% Invalid input detected at '^' marker.\n\n", "", prompt_width + misfit.column - 1);
    case ExecMisfit::Reason::Incomplete: return "% Incomplete command.\n\n";
    case ExecMisfit::Reason::Ambiguous: {
      const auto end = misfit.column == 0 ? line.size() : misfit.column - 1;
      return fmt::format("% Ambiguous command:  \"{}\"\n", trim(line.substr(0, end)));
    }
  }
  return {};
}

}  // namespace rri::shell

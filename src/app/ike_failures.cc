#include "app/ike_failures.h"

#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "core/peer_choice.h"

namespace rri::app {
namespace {

constexpr std::chrono::minutes kTellAgain{10};
constexpr std::chrono::minutes kStrangerPause{1};
/// "no answer" is what follows from a reason that was told before it.
constexpr std::chrono::minutes kReasonLasts{5};
/// Remembered callers and told lines; beyond, all start afresh.
constexpr std::size_t kMaxRemembered = 4096;
constexpr std::string_view kNoAnswer = "the peer does not answer";

struct Words {
  std::string_view charon;  // a part of charon's line (strongSwan 5.9.8, debug level 1)
  std::string_view text;    // "": charon's line says it best
};

/// The first that fits. Lines that charon also writes on the way to a tunnel are not here.
constexpr Words kWords[] = {
    {"giving up after", kNoAnswer},
    {"retransmit 3 of request", kNoAnswer},
    {"MAC mismatched", "the pre-shared keys differ, or the identity is another one's"},
    {"HASH does not match", "the pre-shared keys differ"},
    {"could not decrypt payloads", "the pre-shared keys differ: what the peer says cannot be decrypted"},
    {"received AUTHENTICATION_FAILED", "the peer refuses our key, certificate or identity"},
    {"received NO_PROPOSAL_CHOSEN notify, no CHILD_SA", "the peer refuses the tunnel: it takes none of our transform sets, or could not install it"},
    {"received NO_PROPOSAL_CHOSEN", "the peer refuses: it takes none of our proposals, does not expect us, or could not install the tunnel"},
    {"received proposals unacceptable", "none of the peer's IKE proposals is one of ours"},
    {"no proposal found", "none of the peer's IKE proposals is one of ours"},
    {"no acceptable proposal found", "none of the peer's transform sets is one of ours"},
    {"no matching proposal found", "none of the peer's transform sets is one of ours"},
    {"received TS_UNACCEPTABLE", "the peer's access list does not permit what ours does"},
    {"received INVALID_ID_INFORMATION", "the peer's access list does not permit what ours does"},
    {"traffic selectors ", ""},
    {"no matching CHILD_SA config found for", ""},
    {"no IKE config found for", "no crypto map entry or profile takes this peer"},
    {"no matching peer config found", "no crypto map entry or profile takes this peer's identity"},
    {"no peer config found", "no crypto map entry or profile takes this peer's identity"},  // IKEv1
    {"no alternative config found", "no crypto map entry or profile takes this peer's identity"},
    {"constraint check failed", ""},
    {"no trusted", ""},
    {"no private key found for", ""},
    {"Aggressive Mode PSK disabled", "strongSwan answers aggressive mode with a key only with i_dont_care_about_security_and_use_aggressive_mode_psk"},
    {"initiate aborted", ""},
    {" notify error", ""},
    {" error notify", ""},
};

}  // namespace

std::string object_of(const CharonConnection& connection) {
  if (connection.entry) return fmt::format("crypto map {} {}", printable(connection.entry->map), connection.entry->sequence);
  return "interface " + printable(std::string_view(connection.name).substr(kCharonPrefix.size()));
}

std::optional<std::string> find_failure(const std::string& text) {
  for (const auto& words : kWords) {
    if (text.find(words.charon) == std::string::npos) continue;
    if (words.text.empty()) return printable(text);
    return std::string(words.text);
  }
  return std::nullopt;
}

std::string IkeFailures::peer_of(const vici::CharonLogLine& line, const CharonConnection* connection) const {
  if (connection != nullptr) {
    const auto& peers = connection->settings.list("remote_addrs");
    if (!peers.empty() && peers.front() != "%any") return peers.front();
  }
  const auto caller = callers_.find(line.ike);
  return caller == callers_.end() ? std::string() : caller->second;
}

std::optional<std::string> IkeFailures::admit(const std::string& object, const std::string& text, TimePoint now, Millis pause) {
  if (told_.size() >= kMaxRemembered) told_.clear();
  const auto [place, is_new] = told_.try_emplace({object, text}, Told{now, 0});
  auto& told = place->second;
  if (is_new) return std::string();
  if (now - told.at < pause) return ++told.since, std::nullopt;
  const auto times = std::exchange(told, Told{now, 0}).since + 1;
  return times > 1 ? fmt::format(" ({} times since it was told last)", times) : std::string();
}

std::optional<std::string> IkeFailures::on_line(const vici::CharonLogLine& line, const TunnelPlan& plan, TimePoint now) {
  if (const auto end = line.text.find(" is initiating a"); end != std::string::npos) {
    if (callers_.size() >= kMaxRemembered) callers_.clear();
    callers_[line.ike] = printable(std::string_view(line.text).substr(0, end));
    return std::nullopt;
  }
  // The routes hear nothing of an SA in transport mode.
  if (line.text.starts_with("CHILD_SA ") && line.text.find(" established with SPIs ") != std::string::npos) forget(line.connection);
  const auto text = find_failure(line.text);
  if (!text) return std::nullopt;
  const std::string name(core::first_connection(line.connection));
  const auto* connection = plan.find(name);
  auto peer = peer_of(line, connection);
  if (!name.starts_with(kCharonPrefix)) {
    // "no IKE config found for 203.0.113.1...198.51.100.2, sending NO_PROPOSAL_CHOSEN"
    const auto from = line.text.find("..."), to = line.text.find(", sending");
    if (from != std::string::npos && to != std::string::npos && from < to) peer = printable(std::string_view(line.text).substr(from + 3, to - from - 3));
    const auto more = admit({}, {}, now, kStrangerPause);
    return more && !peer.empty() ? std::optional(fmt::format("peer {}: {}{}", peer, *text, *more)) : std::nullopt;
  }
  if (connection == nullptr) return std::nullopt;
  auto& last = failures_[name];
  const bool follows = *text == kNoAnswer && !last.text.empty() && last.text != kNoAnswer && now - last.at < kReasonLasts;
  if (follows) return std::nullopt;
  last = {peer, *text, now};
  const auto more = admit(name, *text, now, kTellAgain);
  if (!more) return std::nullopt;
  return fmt::format("{}: no tunnel with {}: {}{}", object_of(*connection), peer.empty() ? "a peer" : "peer " + peer, *text, *more);
}

void IkeFailures::forget(const std::string& connection) {
  const std::string name(core::first_connection(connection));
  if (failures_.erase(name) == 0) return;
  std::erase_if(told_, [&](const auto& item) { return item.first.first == name; });
}

void IkeFailures::keep_only(const TunnelPlan& plan) {
  std::erase_if(failures_, [&](const auto& item) { return plan.find(item.first) == nullptr; });
}

const IkeFailures::Failure* IkeFailures::find(const EntryName& entry) const {
  const Failure* newest = nullptr;
  for (const auto& [name, failure] : failures_) {
    if (entry_of_connection(name) == entry && (newest == nullptr || failure.at > newest->at)) newest = &failure;
  }
  return newest;
}

}  // namespace rri::app

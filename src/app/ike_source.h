// app/ike_source.h -- where SAs come from: strongSwan over VICI, or the kernel's
// XFRM tables for any other IKE daemon (`ike ...` of the configuration).
//
// One at a time. A change while running loses sight of the old source, so that the
// full list of the new one decides what stays: its grace starts with SourceLost.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "base/result.h"
#include "core/effects.h"
#include "core/events.h"
#include "io/vici/client.h"
#include "io/xfrm/watcher.h"
#include "model/config.h"

namespace rri::app {

class IkeSource {
 public:
  using Setting = decltype(Settings::ike);
  using EventCallback = std::function<void(core::Event)>;
  using LogCallback = std::function<void(core::LogLine)>;

  using DeadCallback = std::function<void(const std::string& connection)>;

  /// `on_story` hears what charon's events tell people; other sources have no stories.
  /// `on_peer_dead`, `on_charon_log`: vici::ClientOptions has
  /// their meaning; the log only of a charon whose connections are ours.
  IkeSource(asio::io_context& loop, EventCallback on_event, LogCallback on_log, vici::Client::StoryCallback on_story,
            DeadCallback on_peer_dead, vici::CharonLog::OnLine on_charon_log);

  /// Takes SAs from there. An error means that this kernel cannot be watched.
  Result<> use(const Setting& setting);
  /// Closes it, and tells nobody.
  void stop();

  [[nodiscard]] bool connected() const;
  /// "strongSwan 5.9.8 at /run/charon.vici (observe)".
  [[nodiscard]] std::string description() const;
  [[nodiscard]] std::string last_error() const;  // "" while all is well
  /// For commands to charon; null with another source.
  [[nodiscard]] vici::Client* strongswan() const;
  /// For reading the kernel's SAs, with `ike xfrm`; null with another source.
  [[nodiscard]] xfrm::Watcher* kernel() const;

 private:
  using Vici = std::unique_ptr<vici::Client>;
  using Xfrm = std::unique_ptr<xfrm::Watcher>;

  asio::io_context& loop_;
  EventCallback on_event_;
  LogCallback on_log_;
  vici::Client::StoryCallback on_story_;
  DeadCallback on_peer_dead_;
  vici::CharonLog::OnLine on_charon_log_;
  Setting setting_;
  std::variant<std::monostate, Vici, Xfrm> source_;
};

}  // namespace rri::app

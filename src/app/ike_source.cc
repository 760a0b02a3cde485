#include "app/ike_source.h"

#include <fmt/core.h>

#include "app/tunnels.h"

namespace rri::app {

IkeSource::IkeSource(asio::io_context& loop, EventCallback on_event, LogCallback on_log,
                     vici::Client::StoryCallback on_story, DeadCallback on_peer_dead,
                     vici::CharonLog::OnLine on_charon_log)
    : loop_(loop), on_event_(std::move(on_event)), on_log_(std::move(on_log)), on_story_(std::move(on_story)),
      on_peer_dead_(std::move(on_peer_dead)), on_charon_log_(std::move(on_charon_log)) {}

Result<> IkeSource::use(const Setting& setting) {
  const bool had_another = source_.index() != 0;
  stop();
  setting_ = setting;
  if (had_another) on_event_(core::SourceLost{});
  if (const auto* strongswan = std::get_if<StrongSwanSource>(&setting)) {
    vici::ClientOptions options;
    options.socket = strongswan->socket;
    options.on_peer_dead = on_peer_dead_;
    if (!strongswan->observe) options.on_charon_log = on_charon_log_;
    const auto take = [this, managed = !strongswan->observe](core::Event event) {
      if (managed) name_owners(event);
      on_event_(std::move(event));
    };
    auto client = std::make_unique<vici::Client>(loop_, options, take, on_log_);
    client->on_story(on_story_);
    source_ = std::move(client);
    return {};
  }
  auto watcher = std::make_unique<xfrm::Watcher>(loop_, xfrm::Options{}, on_event_, on_log_);
  auto started = watcher->start();
  source_ = std::move(watcher);
  return started;
}

void IkeSource::stop() { source_ = std::monostate{}; }

bool IkeSource::connected() const {
  if (const auto* vici = std::get_if<Vici>(&source_)) return (*vici)->status().connected;
  if (const auto* xfrm = std::get_if<Xfrm>(&source_)) return (*xfrm)->status().connected;
  return false;
}

std::string IkeSource::description() const {
  if (const auto* xfrm = std::get_if<Xfrm>(&source_)) {
    const auto status = (*xfrm)->status();
    return fmt::format("kernel XFRM, {} outbound tunnel policies and {} SAs", status.policies, status.sas);
  }
  const auto* vici = std::get_if<Vici>(&source_);
  if (vici == nullptr) return "none";
  const auto status = (*vici)->status();
  const auto* strongswan = std::get_if<StrongSwanSource>(&setting_);
  return fmt::format("strongSwan {}at {}{}", status.charon_version.empty() ? "" : status.charon_version + " ",
                     status.socket, strongswan != nullptr && strongswan->observe ? " (observe)" : "");
}

std::string IkeSource::last_error() const {
  if (const auto* vici = std::get_if<Vici>(&source_)) return (*vici)->status().last_error;
  if (const auto* xfrm = std::get_if<Xfrm>(&source_)) return (*xfrm)->status().last_error;
  return {};
}

vici::Client* IkeSource::strongswan() const {
  const auto* vici = std::get_if<Vici>(&source_);
  return vici == nullptr ? nullptr : vici->get();
}

xfrm::Watcher* IkeSource::kernel() const {
  const auto* xfrm = std::get_if<Xfrm>(&source_);
  return xfrm == nullptr ? nullptr : xfrm->get();
}

}  // namespace rri::app

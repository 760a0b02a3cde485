#include "app/host_resolver.h"

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

namespace rri::app {

namespace {

using Seconds = std::chrono::seconds;

/// How long an answer is believed: most names have a TTL of this order.
constexpr Seconds kRefresh{300};
constexpr Seconds kFirstRetry{5};
/// An answer is not asked for again so soon, whatever happens to the peers.
constexpr Seconds kFreshness{5};
constexpr Seconds kLongestRetry{60};

/// The lowest address, so that the order of a round-robin answer is no change;
/// IPv4 first.
std::optional<IpAddress> lowest_address(const asio::ip::tcp::resolver::results_type& results) {
  std::optional<IpAddress> lowest;
  for (const auto& result : results) {
    const auto address = IpAddress::try_parse(result.endpoint().address().to_string());
    if (address && (!lowest || *address < *lowest)) lowest = address;
  }
  return lowest;
}

}  // namespace

struct HostResolver::State : std::enable_shared_from_this<HostResolver::State> {
  struct Host {
    explicit Host(asio::io_context& context) : timer(context) {}
    asio::steady_timer timer;
    std::optional<IpAddress> address;
    std::chrono::steady_clock::time_point answered_at;
    bool is_asked = true;
    bool answered = false;
    Seconds pause = kFirstRetry;
  };

  State(asio::io_context& context_, std::function<void(core::HostResolved)> deliver_)
      : context(context_), resolver(context_), deliver(std::move(deliver_)) {}

  void ask(const std::string& name) {
    hosts.at(name)->is_asked = true;
    resolver.async_resolve(name, "", [self = shared_from_this(), name](asio::error_code error, const auto& results) {
      if (error != asio::error::operation_aborted) self->on_answer(name, error ? std::nullopt : lowest_address(results));
    });
  }

  void on_answer(const std::string& name, const std::optional<IpAddress>& address) {
    const auto found = hosts.find(name);
    if (found == hosts.end() || !deliver) return;
    auto& host = *found->second;
    host.is_asked = false;
    host.answered_at = std::chrono::steady_clock::now();
    host.pause = address ? kFirstRetry : std::min(host.pause * 2, kLongestRetry);
    ask_later(name, host, address ? kRefresh : host.pause);
    const bool is_news = !host.answered || (address && address != host.address);
    if (!is_news) return;
    host.answered = true;
    if (address) host.address = address;
    deliver({name, address});
  }

  void ask_later(const std::string& name, Host& host, Seconds pause) {
    host.timer.expires_after(pause);
    host.timer.async_wait([self = shared_from_this(), name](asio::error_code error) {
      if (!error && self->hosts.contains(name)) self->ask(name);
    });
  }

  asio::io_context& context;
  asio::ip::tcp::resolver resolver;
  std::function<void(core::HostResolved)> deliver;
  std::map<std::string, std::unique_ptr<Host>> hosts;
};

HostResolver::HostResolver(asio::io_context& context, std::function<void(core::HostResolved)> deliver)
    : state_(std::make_shared<State>(context, std::move(deliver))) {}

HostResolver::~HostResolver() {
  state_->deliver = nullptr;
  state_->resolver.cancel();
  state_->hosts.clear();
}

void HostResolver::follow(const std::string& host) {
  if (!state_->hosts.try_emplace(host, std::make_unique<State::Host>(state_->context)).second) return;
  state_->ask(host);
}

void HostResolver::ask_again() {
  for (auto& [name, host] : state_->hosts) {
    const auto age = std::chrono::steady_clock::now() - host->answered_at;
    // With an answer that is fresh a timer has to look again: what happened may be that the name moves.
    if (!host->is_asked) state_->ask_later(name, *host, age < kFreshness ? kFreshness : Seconds{0});
  }
}

void HostResolver::keep_only(const std::function<bool(const std::string&)>& is_wanted) {
  std::erase_if(state_->hosts, [&](const auto& entry) { return !is_wanted(entry.first); });
}

}  // namespace rri::app

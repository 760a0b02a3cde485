#include "app/flush_charon.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "core/tunnel_delta.h"
#include "io/loop/event_loop.h"
#include "io/vici/client.h"
#include "io/vici/connection_message.h"

namespace rri::app {

namespace {

using Kind = core::TunnelStep::Kind;

constexpr std::chrono::seconds kLongest{20};

class CharonFlush {
 public:
  explicit CharonFlush(const std::string& socket)
      : client_(loop_.context(), options_of(socket), [](const core::Event&) {},
                [](const core::LogLine& line) {
                  if (line.level == core::LogLine::Level::Warning) std::fprintf(stderr, "rri: %s\n", line.text.c_str());
                }) {}

  int run() {
    loop_.after(kLongest, [this] { loop_.stop(); });
    ask({"get-conns", {}, {}}, [this](const Result<vici::Reply>& reply) {
      for (auto& name : vici::list_in_reply(reply, "conns").value_or(std::vector<std::string>())) {
        if (name.starts_with(kCharonPrefix)) loaded_.connections.emplace(std::move(name), std::nullopt);
      }
      ask({"get-shared", {}, {}}, [this](const Result<vici::Reply>& keys) { on_keys(keys); });
    });
    loop_.run();
    if (!done_) return std::fprintf(stderr, "rri: could not flush strongSwan: it does not answer\n"), 1;
    std::printf("%zu connections and %zu keys taken out of strongSwan\n", loaded_.connections.size(), loaded_.keys.size());
    return 0;
  }

 private:
  static vici::ClientOptions options_of(const std::string& socket) {
    vici::ClientOptions options;
    options.socket = socket;
    return options;
  }

  void ask(vici::Request request, vici::ReplyCallback on_reply) { client_.request(std::move(request), std::move(on_reply)); }

  void on_keys(const Result<vici::Reply>& reply) {
    const auto ids = vici::list_in_reply(reply, "keys");
    if (!ids) return loop_.stop();
    for (const auto& id : *ids) {
      if (id.starts_with(kCharonPrefix)) loaded_.keys.emplace(id, std::nullopt);
    }
    const auto steps = core::diff_tunnels({}, loaded_);
    open_ = steps.size();
    if (steps.empty()) return finish();
    for (const auto& step : steps) ask(request_of(step), [this](const Result<vici::Reply>&) {
      if (--open_ == 0) finish();
    });
  }

  static vici::Request request_of(const core::TunnelStep& step) {
    if (step.kind == Kind::UnloadConnection) return vici::unload_connection(step.name);
    if (step.kind == Kind::UnloadKey) return vici::unload_key(step.name);
    return vici::terminate_ike(step.name);
  }

  void finish() {
    done_ = true;
    loop_.stop();
  }

  io::EventLoop loop_;
  vici::Client client_;
  core::LoadedTunnels loaded_;
  std::size_t open_ = 0;
  bool done_ = false;
};

}  // namespace

int flush_charon(const std::string& socket) {
  struct stat status {};
  if (::stat(socket.c_str(), &status) < 0) return 0;
  return CharonFlush(socket).run();
}

}  // namespace rri::app

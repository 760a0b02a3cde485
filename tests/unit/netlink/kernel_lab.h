// tests/unit/netlink/kernel_lab.h -- a fresh network namespace with veth pairs and
// a real Kernel in it.
//
// Each test moves its process into a new namespace; the one before dies with its
// last socket. Devices: a0 (10.1.0.1/24, 2001:db8:1::1/64), b0 (10.2.0.1/24), each
// with a peer end a1, b1 that is up.
#pragma once

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "io/netlink/kernel.h"

namespace rri::netlink {

inline Prefix prefix(std::string_view text) { return Prefix::parse(text).value(); }
inline IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }

inline KernelRoute route_via(std::string_view destination, std::string_view gateway, std::string device,
                             bool onlink = false, std::uint8_t distance = 1) {
  KernelRoute route;
  route.key = {std::string(kDefaultVrf), prefix(destination), metric_of_distance(distance)};
  std::optional<IpAddress> via;
  if (!gateway.empty()) via = address(gateway);
  route.next_hops = {{via, std::move(device), onlink}};
  return route;
}

class KernelLab : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to make a network namespace";
    if (unshare(CLONE_NEWNET) != 0) GTEST_SKIP() << "this host lets us make no network namespace";
    ip("link set lo up");
    ip("link add a0 type veth peer name a1");
    ip("link add b0 type veth peer name b1");
    for (const char* device : {"a0", "a1", "b0", "b1"}) {
      ip(std::string("link set ") + device + " addrgenmode none");
      ip(std::string("link set ") + device + " up");
    }
    ip("address add 10.1.0.1/24 dev a0");
    ip("-6 address add 2001:db8:1::1/64 dev a0 nodad");
    ip("address add 10.2.0.1/24 dev b0");
  }

  static void ip(const std::string& words) { ASSERT_EQ(std::system(("ip " + words).c_str()), 0) << words; }

  static std::string output_of(const std::string& command) {
    std::string text;
    FILE* pipe = popen(command.c_str(), "r");
    char buffer[4096];
    while (const auto count = fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, count);
    pclose(pipe);
    return text;
  }

  void start(Options options = {}) {
    kernel_.emplace(loop_, options, [this](core::Event event) { events_.push_back(std::move(event)); },
                    [this](core::LogLine line) { log_.push_back(std::move(line)); });
    const auto started = kernel_->start();
    ASSERT_TRUE(started.has_value()) << started.error().text;
    ASSERT_TRUE(until([this] { return find<core::LinkList>() != nullptr && find<core::RouteDump>() != nullptr; }));
  }

  /// Runs the loop until `done` or ten seconds have passed.
  bool until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!done()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      loop_.restart();
      loop_.run_one_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  /// The last event of a kind since forget_events(); null when there is none.
  template <class E>
  const E* find(const std::function<bool(const E&)>& matches = [](const E&) { return true; }) const {
    for (auto at = events_.rbegin(); at != events_.rend(); ++at) {
      const auto* event = std::get_if<E>(&*at);
      if (event != nullptr && matches(*event)) return event;
    }
    return nullptr;
  }
  void forget_events() { events_.clear(); }

  core::BatchDone carry_out(std::vector<core::RouteOp> operations) {
    const auto id = ++batch_;
    kernel_->carry_out({id, std::move(operations)});
    const auto is_mine = [id](const core::BatchDone& done) { return done.batch == id; };
    EXPECT_TRUE(until([&] { return find<core::BatchDone>(is_mine) != nullptr; }));
    const auto* done = find<core::BatchDone>(is_mine);
    return done == nullptr ? core::BatchDone{} : *done;
  }
  core::BatchDone add(KernelRoute route, RouteKind purpose = RouteKind::Proxy) {
    return carry_out({{core::RouteOp::Kind::Add, purpose, std::move(route)}});
  }
  core::BatchDone change(KernelRoute route, RouteKind purpose = RouteKind::Proxy) {
    return carry_out({{core::RouteOp::Kind::Change, purpose, std::move(route)}});
  }
  core::BatchDone remove(KernelRoute route, RouteKind purpose = RouteKind::Proxy) {
    return carry_out({{core::RouteOp::Kind::Delete, purpose, std::move(route)}});
  }

  core::RouteDump dump(const std::string& device = {}) {
    forget_events();
    kernel_->dump_device(device);
    EXPECT_TRUE(until([this] { return find<core::RouteDump>() != nullptr; }));
    const auto* answer = find<core::RouteDump>();
    return answer == nullptr ? core::RouteDump{} : *answer;
  }

  /// Waits until the answer to `query` is as `right` wants it; the last answer.
  core::Path path(const core::PathQuery& query, const std::function<bool(const core::Path&)>& right) {
    core::Path last;
    const auto arrived = [&] {
      const auto* changed = find<core::PathChanged>([&](const auto& event) { return event.query == query; });
      if (changed != nullptr) last = changed->path;
      return changed != nullptr && right(last);
    };
    EXPECT_TRUE(until(arrived)) << "last: dev " << last.device << " reason " << last.reason << "\n"
                                << output_of("ip -d route; ip -d -6 route; ip link");
    return last;
  }

  asio::io_context loop_;
  std::optional<Kernel> kernel_;
  std::vector<core::Event> events_;
  std::vector<core::LogLine> log_;
  std::uint64_t batch_ = 0;
};

}  // namespace rri::netlink

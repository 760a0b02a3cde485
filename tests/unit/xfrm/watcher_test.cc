// The watcher against the real kernel, in a network namespace. Policies are enough
// for what is promised here, so that it runs where the kernel has no ESP.
#include "io/xfrm/watcher.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "io/loop/event_loop.h"

namespace rri::xfrm {
namespace {

constexpr std::size_t kMany = 4000;

class XfrmWatcher : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to make a network namespace";
    if (unshare(CLONE_NEWNET) != 0) GTEST_SKIP() << "this host lets us make no network namespace";
  }

  void start(Options options = {}) {
    loop_.emplace();
    watcher_.emplace(loop_->context(), options, [this](core::Event event) { events_.push_back(std::move(event)); },
                     [this](core::LogLine line) { log_.push_back(std::move(line)); });
    const auto started = watcher_->start();
    if (!started) GTEST_SKIP() << "this kernel has no XFRM: " << started.error().text;
    ASSERT_TRUE(until([this] { return watcher_->status().connected; }));
  }

  bool until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!done()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      loop_->run_one_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  static void batch(const std::string& lines) {
    FILE* ip = popen("ip -batch -", "w");
    ASSERT_NE(ip, nullptr);
    fwrite(lines.data(), 1, lines.size(), ip);
    ASSERT_EQ(pclose(ip), 0);
  }
  static std::string policy(std::size_t number, const std::string& verb = "add") {
    return "xfrm policy " + verb + " dir out src 10.0.0.0/24 dst 10." + std::to_string(1 + number / 256) + "." +
           std::to_string(number % 256) + ".0/24 tmpl src 203.0.113.1 dst 198.51.100.2 proto esp reqid 1 mode tunnel\n";
  }
  /// Everything that was told is a full, empty list: there is no SA in this kernel.
  void expect_only_empty_lists() {
    for (const auto& event : events_) {
      const auto* list = std::get_if<core::SaList>(&event);
      ASSERT_NE(list, nullptr);
      EXPECT_TRUE(list->sas.empty());
    }
  }

  std::vector<core::Event> events_;
  std::vector<core::LogLine> log_;
  std::optional<io::EventLoop> loop_;
  std::optional<Watcher> watcher_;
};

TEST_F(XfrmWatcher, BeginsWithWhatIsThere) {
  batch(policy(1) + policy(2));
  start();
  EXPECT_EQ(watcher_->status().policies, 2U);
  EXPECT_EQ(events_.size(), 1U);
  expect_only_empty_lists();
}

TEST_F(XfrmWatcher, FollowsPoliciesAndSaysNothingOfTraps) {
  start();
  batch(policy(1) + policy(2) + "xfrm policy add dir out dst 10.9.0.0/16 action block\n");
  EXPECT_TRUE(until([this] { return watcher_->status().policies == 2; }));
  batch(policy(2, "update") + "xfrm policy del dir out src 10.0.0.0/24 dst 10.1.1.0/24\n");
  EXPECT_TRUE(until([this] { return watcher_->status().policies == 1; }));
  EXPECT_EQ(events_.size(), 1U);
  EXPECT_EQ(watcher_->status().malformed, 0U);
}

TEST_F(XfrmWatcher, ReadsAgainAfterAFlush) {
  batch(policy(1));
  start();
  batch("xfrm policy flush\n");
  EXPECT_TRUE(until([this] { return watcher_->status().policies == 0; }));
  EXPECT_EQ(watcher_->status().lists, 2U);
  expect_only_empty_lists();
}

TEST_F(XfrmWatcher, ReadsAgainAfterAnOverrun) {
  Options small;
  small.notification_buffer_bytes = 4096;
  start(small);
  std::string lines;
  for (std::size_t i = 0; i < kMany; ++i) lines += policy(i);
  batch(lines);  // nobody reads meanwhile
  EXPECT_TRUE(until([this] { return watcher_->status().lists >= 2 && watcher_->status().policies == kMany; }));
  EXPECT_GT(watcher_->status().overruns, 0U);
  expect_only_empty_lists();
}

TEST_F(XfrmWatcher, RefreshEndsInAList) {
  start();
  watcher_->refresh();
  EXPECT_TRUE(until([this] { return events_.size() == 2; }));
  expect_only_empty_lists();
}

}  // namespace
}  // namespace rri::xfrm

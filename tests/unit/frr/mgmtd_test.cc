// mgmtd's socket, as FRR's source has it (lib/vty.c, mgmtd/mgmt_vty.c of 9.x and 10.x). From
// reading, not from a run: Debian 12 has FRR 8.4, without mgmtd.
//
// What the fake does as the source does: one NUL behind a command; text, three NULs and a
// status as the answer; a command that mgmtd has to be asked for (a route, the commit) is
// answered later, and whatever else was in the same read is thrown away; a batch without
// locked datastores is refused; `show running-config` has VRFs in blocks of their own.
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <filesystem>
#include <set>
#include <thread>

#include "io/frr/sink.h"
#include "io/loop/event_loop.h"

namespace rri::frr {
namespace {

constexpr char kWarningConfigFailed = 13;

class FakeMgmtd {
 public:
  FakeMgmtd(const std::string& path, bool knows_lock) : knows_lock_(knows_lock), listener_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~FakeMgmtd() {
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
  }
  FakeMgmtd(const FakeMgmtd&) = delete;
  FakeMgmtd& operator=(const FakeMgmtd&) = delete;

  /// Waits until the other end is gone; what is below may be looked at then.
  void join() { thread_.join(); }
  std::set<std::string> running_;
  std::vector<std::string> commands_;

 private:
  void serve() {
    const int socket = ::accept(listener_, nullptr, nullptr);
    std::array<char, 4096> bytes{};
    for (ssize_t count = 0; (count = ::read(socket, bytes.data(), bytes.size())) > 0;) {
      std::string_view rest(bytes.data(), static_cast<std::size_t>(count));
      while (!rest.empty()) {
        const std::string command(rest.substr(0, rest.find('\0')));
        rest.remove_prefix(command.size() + 1);
        commands_.push_back(command);
        const auto reply = answer(command);
        EXPECT_EQ(::send(socket, reply.data(), reply.size(), MSG_NOSIGNAL), static_cast<ssize_t>(reply.size()));
        const bool asks_mgmtd = command.find(" route ") != std::string::npos || command == "XFRR_end_configuration";
        if (asks_mgmtd) rest = {};  // lost
      }
    }
    ::close(socket);
  }

  static std::string end(const std::string& text, char status = 0) { return text + std::string(3, '\0') + status; }

  std::string answer(const std::string& command) {
    if (command == "show version") return end("FRRouting 10.1 (fake) on Linux(6.1).\n");
    if (command == "show running-config") {
      std::string text = "Building configuration...\n\nCurrent configuration:\n!\nfrr version 10.1\n!\n";
      for (const auto& line : running_) text += line + "\n";
      return end(text + "vrf RED\n ip route 10.99.0.0/16 10.0.0.9\nexit-vrf\n!\nend\n");
    }
    if (command == "configure terminal file-lock") {
      locked_ = configuring_ = knows_lock_;
      return knows_lock_ ? end("") : end("% Unknown command.\n", 2);
    }
    if (command == "configure terminal") configuring_ = true;
    if (command == "end") locked_ = configuring_ = false;
    if (!configuring_ && command != "enable" && command != "end") return end("% Unknown command.\n", 2);
    if (command.starts_with("ip route ") || command.starts_with("no ip route ")) {
      if (!locked_ && knows_lock_) return end("ERROR: SET_CONFIG request failed, Error: Candidate DS is not locked!\n", kWarningConfigFailed);
      candidate_.push_back(command);
    }
    if (command == "XFRR_end_configuration") {
      for (const auto& line : std::exchange(candidate_, {})) {
        if (line.starts_with("no ")) std::erase_if(running_, [&](const auto& there) { return there.starts_with(line.substr(3)); });
        if (!line.starts_with("no ")) running_.insert(line);
      }
    }
    return end("");
  }

  bool knows_lock_;
  int listener_;
  std::thread thread_;
  bool locked_ = false;
  bool configuring_ = false;
  std::vector<std::string> candidate_;
};

class MgmtdTest : public ::testing::TestWithParam<bool> {
 protected:
  MgmtdTest() : directory_(std::filesystem::temp_directory_path() / ("rri_mgmtd_test_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  ~MgmtdTest() override { std::filesystem::remove_all(directory_); }

  static core::RouteOp operation(core::RouteOp::Kind kind, const char* prefix) {
    KernelRoute route;
    route.key = {std::string(kDefaultVrf), *Prefix::parse(prefix), 1U << 24};
    route.next_hops = {{IpAddress::try_parse("198.51.100.2"), "h-out", false}};
    return {kind, RouteKind::Proxy, route, {}, 0};
  }

  std::filesystem::path directory_;
  io::EventLoop loop_;
};

TEST_P(MgmtdTest, TakesABatchCommandByCommand) {
  FakeMgmtd mgmtd(directory_ / "mgmtd.vty", GetParam());
  using Kind = core::RouteOp::Kind;
  std::optional<Sink> sink;
  std::size_t answered = 0;
  bool is_asked = false;
  SinkCallbacks callbacks;
  callbacks.deliver = [&](const core::Event& event) {
    if (std::holds_alternative<core::RouteDump>(event) && !std::exchange(is_asked, true)) {
      sink->carry_out({1, {operation(Kind::Add, "10.1.0.0/16"), operation(Kind::Add, "10.2.0.0/16"), operation(Kind::Add, "10.3.0.0/16")}});
    }
    const auto* done = std::get_if<core::BatchDone>(&event);
    if (done == nullptr || !is_asked) return;
    EXPECT_TRUE(done->failures.empty()) << done->failures.front().text;
    if (++answered == 1) return sink->carry_out({2, {operation(Kind::Delete, "10.2.0.0/16")}});
    loop_.stop();
  };
  callbacks.log = [](const core::LogLine&) {};
  callbacks.vrf_of_device = [](const std::string&) { return std::string(kDefaultVrf); };
  callbacks.on_route = [](const PathOwner&) {};
  sink.emplace(loop_.context(), SinkOptions{directory_, directory_ / "ledger"}, callbacks);
  sink->start();
  loop_.after(std::chrono::seconds(10), [this] { loop_.stop(); });
  loop_.run();
  EXPECT_EQ(answered, 2U);
  sink.reset();
  mgmtd.join();
  EXPECT_EQ(mgmtd.running_, (std::set<std::string>{"ip route 10.1.0.0/16 198.51.100.2 h-out", "ip route 10.3.0.0/16 198.51.100.2 h-out"}));
  EXPECT_EQ(std::count(mgmtd.commands_.begin(), mgmtd.commands_.end(), "end"), GetParam() ? 2 : 3);
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutFileLock, MgmtdTest, ::testing::Bool());

}  // namespace
}  // namespace rri::frr

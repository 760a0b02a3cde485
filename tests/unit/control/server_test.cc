#include "io/control/server.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "io/control/client.h"
#include "io/control/limits.h"
#include "io/control/path.h"
#include "io/loop/event_loop.h"

namespace rri::control {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// A server on a thread of its own, in a directory of its own.
class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "rri-control-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    path_ = directory_ / "rri.sock";
  }
  void TearDown() override {
    stop();
    fs::remove_all(directory_);
  }

  void start(Server::Handler handler, Server::IdleRule idle = {}) {
    auto server = Server::open(loop_.context(), path_, std::move(handler), [](ConnectionId) {}, std::move(idle));
    ASSERT_TRUE(server) << server.error().text;
    server_.emplace(std::move(*server));
    thread_ = std::thread([this] { loop_.run(); });
  }
  void stop() {
    loop_.stop();
    if (thread_.joinable()) thread_.join();
    server_.reset();
  }

  int raw_client() {
    const auto address = make_address(path_);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&*address), sizeof *address), 0);
    timeval limit{10, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    return fd;
  }

  std::string ask(const std::string& command, Status& status) {
    std::string out;
    auto connection = Connection::open(path_);
    EXPECT_TRUE(connection);
    const auto ended = connection->run(FrameType::RunText, command, [&](std::string_view piece) {
      out += piece;
      return true;
    });
    EXPECT_TRUE(ended);
    if (ended) status = *ended;
    return out;
  }

  fs::path directory_;
  fs::path path_;
  io::EventLoop loop_;
  std::optional<Server> server_;
  std::thread thread_;
};

Answer echo(const Command& command) { return {Status{}, one_piece(command.line)}; }

TEST_F(ServerTest, answers_with_the_pieces_and_the_status) {
  start([](const Command& command) {
    return command.line == "bad" ? Answer{{Status::Kind::Invalid, 3, {}}, nullptr} : echo(command);
  });
  Status status;
  EXPECT_EQ(ask("hello", status), "hello");
  EXPECT_EQ(status, Status{});
  EXPECT_EQ(ask("bad", status), "");
  EXPECT_EQ(status, (Status{Status::Kind::Invalid, 3, {}}));
}

TEST_F(ServerTest, a_late_answer_holds_up_nobody_else) {
  std::function<void(Answer)> tell;
  std::promise<void> asked;
  start([&](const Command& command) {
    if (command.line == "tell") tell({Status{}, one_piece("at last")});
    if (command.line != "wait") return echo(command);
    Answer answer;
    answer.later = [&](std::function<void(Answer)> done) {
      tell = std::move(done);
      asked.set_value();
    };
    return answer;
  });
  Status late;
  auto waiting = std::async(std::launch::async, [&] { return ask("wait", late); });
  asked.get_future().wait();
  Status status;
  EXPECT_EQ(ask("hello", status), "hello");
  EXPECT_EQ(waiting.wait_for(0s), std::future_status::timeout);
  EXPECT_EQ(ask("tell", status), "tell");
  EXPECT_EQ(waiting.get(), "at last");
  EXPECT_EQ(late, Status{});
}

TEST_F(ServerTest, a_late_answer_may_come_at_once_or_never_or_twice) {
  std::function<void(Answer)> kept;
  start([&](const Command& command) {
    Answer answer;
    answer.later = [&, line = command.line](const std::function<void(Answer)>& done) {
      kept = done;
      if (line == "never") return;
      done({Status{}, one_piece(line)});
      done({Status{}, one_piece("again")});
    };
    return answer;
  });
  const int gone = raw_client();
  const auto frame = encode_frame(FrameType::RunText, "never");
  ASSERT_EQ(::write(gone, frame.data(), frame.size()), static_cast<ssize_t>(frame.size()));
  ::close(gone);
  Status status;
  EXPECT_EQ(ask("now", status), "now");
  EXPECT_EQ(ask("now", status), "now");
}

TEST_F(ServerTest, knows_who_asks) {
  start([](const Command& command) { return Answer{Status{}, one_piece(std::to_string(command.peer.uid) + " " + std::to_string(command.peer.pid))}; });
  Status status;
  EXPECT_EQ(ask("who", status), std::to_string(::getuid()) + " " + std::to_string(::getpid()));
}

TEST_F(ServerTest, socket_is_for_owner_and_group_only) {
  start(echo);
  struct stat found {};
  ASSERT_EQ(::stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0660U);
}

TEST_F(ServerTest, commands_sent_in_one_go_are_answered_in_order) {
  start(echo);
  const int fd = raw_client();
  const auto bytes = encode_frame(FrameType::RunText, "one") + encode_frame(FrameType::RunText, "two");
  ASSERT_EQ(::write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  FrameReader reader(FrameReader::Side::Client);
  std::vector<std::string> payloads;
  while (payloads.size() < 4) {
    char buffer[256];
    const auto got = ::read(fd, buffer, sizeof buffer);
    ASSERT_GT(got, 0);
    reader.feed({buffer, static_cast<std::size_t>(got)});
    for (auto frame = reader.next(); frame && *frame; frame = reader.next()) payloads.push_back((*frame)->payload);
  }
  EXPECT_EQ(payloads, (std::vector<std::string>{"one", "ok", "two", "ok"}));
  ::close(fd);
}

TEST_F(ServerTest, garbage_ends_only_that_connection) {
  start(echo);
  const int fd = raw_client();
  const std::string garbage(100000, '\xee');
  EXPECT_GT(::send(fd, garbage.data(), garbage.size(), MSG_NOSIGNAL), 0);
  char byte = 0;
  EXPECT_LE(::read(fd, &byte, 1), 0);
  ::close(fd);
  Status status;
  EXPECT_EQ(ask("still there", status), "still there");
}

TEST_F(ServerTest, a_client_that_leaves_in_the_middle_hurts_nobody) {
  start([](const Command&) { return Answer{Status{}, [](std::string& out) { out.append(1000, 'x'); return true; }}; });
  for (int i = 0; i < 20; ++i) {
    const int fd = raw_client();
    const auto bytes = encode_frame(FrameType::RunText, "endless");
    EXPECT_GT(::write(fd, bytes.data(), i % 2 == 0 ? bytes.size() : 3), 0);
    ::close(fd);
  }
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  std::size_t clients = 1;
  while (clients > 0 && std::chrono::steady_clock::now() < deadline) {
    std::promise<std::size_t> count;
    loop_.post([&] { count.set_value(server_->clients()); });
    clients = count.get_future().get();
  }
  EXPECT_EQ(clients, 0U);
}

TEST_F(ServerTest, a_slow_reader_holds_up_only_itself_and_costs_a_bounded_buffer) {
  std::atomic<std::size_t> made = 0;
  start([&](const Command& command) {
    if (command.line != "long") return echo(command);
    return Answer{Status{}, [&](std::string& out) {
                    out.append(10000, 'x');
                    made += 10000;
                    return true;
                  }};
  });
  const int fd = raw_client();
  const auto bytes = encode_frame(FrameType::RunText, "long");
  ASSERT_GT(::write(fd, bytes.data(), bytes.size()), 0);
  Status status;
  for (int i = 0; i < 50; ++i) EXPECT_EQ(ask("quick", status), "quick");
  // What was made is what the kernel's socket buffer takes, and one buffer of ours.
  EXPECT_LT(made.load(), 4U * 1024 * 1024);
  ::close(fd);
}

TEST_F(ServerTest, more_clients_than_allowed_are_turned_away) {
  start(echo);
  std::vector<int> clients;
  for (std::size_t i = 0; i < kMaxClients; ++i) clients.push_back(raw_client());
  Status status;
  const int extra = raw_client();
  char byte = 0;
  EXPECT_LE(::read(extra, &byte, 1), 0);
  ::close(extra);
  for (const int fd : clients) ::close(fd);
}

TEST_F(ServerTest, an_idle_connection_is_closed_after_its_own_time) {
  std::promise<ConnectionId> expired;
  const auto limit = [](ConnectionId id) { return id == 1 ? std::optional(1s) : std::optional<std::chrono::seconds>(); };
  start([](const Command&) { return Answer{{}, one_piece("answer"), {}, {}}; }, {limit, [&](ConnectionId id) { expired.set_value(id); }});
  const int short_one = raw_client();
  const int patient = raw_client();
  char byte = 0;
  EXPECT_EQ(::recv(short_one, &byte, 1, 0), 0);  // closed, not timed out
  auto told = expired.get_future();
  ASSERT_EQ(told.wait_for(10s), std::future_status::ready);
  EXPECT_EQ(told.get(), 1U);
  EXPECT_LT(::recv(patient, &byte, 1, MSG_DONTWAIT), 0);
  ::close(short_one);
  ::close(patient);
}

TEST_F(ServerTest, who_stands_at_a_page_for_so_long_is_idle_too) {
  std::promise<ConnectionId> expired;
  const auto endless = [](std::string& out) {
    out.append(10000, 'x');
    return true;
  };
  start([&](const Command&) { return Answer{{}, endless, {}, {}}; }, {[](ConnectionId) { return std::optional(1s); }, [&](ConnectionId id) { expired.set_value(id); }});
  const int reader = raw_client();
  const auto bytes = encode_frame(FrameType::RunText, "long");
  ASSERT_GT(::write(reader, bytes.data(), bytes.size()), 0);
  EXPECT_EQ(expired.get_future().wait_for(10s), std::future_status::ready);
  ::close(reader);
}

TEST_F(ServerTest, pieces_that_say_nothing_for_long_hold_up_nobody) {
  std::atomic<bool> may_end = false;
  start([&](const Command& command) {
    if (command.line == "quick") return Answer{{}, one_piece("quick"), {}, {}};
    return Answer{{}, [&](std::string& out) {
                    const bool ends = may_end;
                    if (ends) out += "done";
                    return !ends;
                  }, {}, {}};
  });
  Status status;
  auto long_one = std::async(std::launch::async, [&] {
    Status its;
    return ask("long", its);
  });
  EXPECT_EQ(ask("quick", status), "quick");
  may_end = true;
  EXPECT_EQ(long_one.get(), "done");
}

TEST_F(ServerTest, takes_over_what_a_dead_daemon_left) {
  const auto address = make_address(path_);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&*address), sizeof *address), 0);
  ::close(fd);
  start(echo);
  Status status;
  EXPECT_EQ(ask("hello", status), "hello");
}

TEST_F(ServerTest, leaves_a_living_daemon_alone) {
  start(echo);
  io::EventLoop other;
  const auto second = Server::open(other.context(), path_, echo);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().text.find("another rrid"), std::string::npos) << second.error().text;
  Status status;
  EXPECT_EQ(ask("hello", status), "hello");
}

TEST_F(ServerTest, never_removes_a_file_that_is_no_socket) {
  std::ofstream(path_) << "precious";
  EXPECT_FALSE(Server::open(loop_.context(), path_, echo));
  EXPECT_TRUE(fs::is_regular_file(path_));
}

TEST_F(ServerTest, removes_its_socket_at_the_end) {
  start(echo);
  stop();
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(ServerTest, errors_name_the_cure) {
  const auto missing = Server::open(loop_.context(), directory_ / "none" / "rri.sock", echo);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().text.find("install -d"), std::string::npos) << missing.error().text;
  const auto nobody = Connection::open(path_);
  ASSERT_FALSE(nobody);
  EXPECT_NE(nobody.error().text.find("rrid is not running"), std::string::npos) << nobody.error().text;
  EXPECT_FALSE(Server::open(loop_.context(), std::string(200, 'a'), echo));
}

}  // namespace
}  // namespace rri::control

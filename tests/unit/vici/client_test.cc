// The real client on a real Unix socket, against a server in this process.
#include "io/vici/client.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <asio/io_context.hpp>
#include <filesystem>
#include <list>

#include "unit/vici/model_charon.h"
#include "unit/vici/recording.h"

namespace rri::vici {
namespace {

using Lines = std::vector<std::string>;
using test::ModelCharon;

/// A directory of its own, gone with the test.
struct TempDir {
  std::string path;
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "rri-vici-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~TempDir() { std::filesystem::remove_all(path); }
};

/// Listens like charon. Each connection talks to a ModelCharon of its own copy of
/// the truth, or, with `script` set, gets those bytes and nothing else.
class Server {
 public:
  explicit Server(std::string path) : path_(std::move(path)) { listen(); }
  ~Server() { stop(); }

  void listen() {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof(address.sun_path) - 1);
    ::unlink(path_.c_str());
    ASSERT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    ASSERT_EQ(::listen(listener_, 3), 0);
  }
  /// As kill -9 does: the socket file stays.
  void stop() {
    drop();
    if (listener_ >= 0) ::close(listener_);
    listener_ = -1;
  }
  void drop() {
    for (auto& peer : peers_) ::close(peer.socket);
    peers_.clear();
  }

  /// Takes new connections and answers what came.
  void step() {
    if (listener_ < 0 || frozen) return;
    for (int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK); fd >= 0;
         fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK)) {
      ++accepted;
      peers_.push_back({fd, {}});
      peers_.back().charon.ikes = truth.ikes;
      if (!script.empty()) send(peers_.back(), script);
    }
    for (auto peer = peers_.begin(); peer != peers_.end();) {
      if (serve(*peer)) {
        ++peer;
      } else {
        ::close(peer->socket);
        peer = peers_.erase(peer);
      }
    }
  }

  /// Lets something happen on every connection, so that each raises its event.
  template <class Fn>
  void happen(Fn&& fn) {
    fn(truth);
    for (auto& peer : peers_) fn(peer.charon);
    for (auto& peer : peers_) send(peer, peer.charon.fetch());
  }

  ModelCharon truth;
  std::string script;
  bool frozen = false;  // SIGSTOP
  int accepted = 0;
  std::map<std::string, int> commands;

 private:
  struct Peer {
    int socket;
    ModelCharon charon;
  };

  static void send(const Peer& peer, std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(peer.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  bool serve(Peer& peer) {
    char buffer[4096];
    const auto count = ::recv(peer.socket, buffer, sizeof(buffer), 0);
    if (count == 0 || (count < 0 && errno != EAGAIN)) return false;
    if (count > 0 && script.empty()) {
      peer.charon.take({buffer, static_cast<std::size_t>(count)});
      for (const auto& [name, times] : std::exchange(peer.charon.commands, {})) commands[name] += times;
      send(peer, peer.charon.fetch());
    }
    return true;
  }

  std::string path_;
  int listener_ = -1;
  std::list<Peer> peers_;
};

struct ClientTest : testing::Test {
  TempDir dir;
  std::string path = dir.path + "/charon.vici";
  asio::io_context context;
  Lines events;
  std::string log;
  std::unique_ptr<Client> client;

  void start(ClientOptions options = {}) {
    options.socket = path;
    options.first_retry = Millis(5);
    options.longest_retry = Millis(20);
    client = std::make_unique<Client>(
        context, options, [this](const core::Event& event) { events.push_back(test::to_text(event)); },
        [this](const core::LogLine& line) { log += line.text + "\n"; });
  }
  /// Runs both sides until `condition` holds; fails after ten seconds.
  template <class Condition>
  void run_until(Server* server, Condition&& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "events:\n" << testing::PrintToString(events) << "\n" << log;
      context.run_for(std::chrono::milliseconds(1));
      context.restart();
      if (server != nullptr) server->step();
    }
  }
  void run_until_event(Server& server, const std::string& text) {
    run_until(&server, [&] { return !events.empty() && events.back() == text; });
  }
};

TEST_F(ClientTest, lists_and_follows) {
  Server server(path);
  server.truth.ikes[1].children[1] = {};
  start();
  run_until_event(server, "list {1 198.51.100.2 s1 10.1.0.0/16}");
  server.happen([](ModelCharon& charon) { charon.child_rekey(1, 1, 2); });
  run_until_event(server, "up 2 198.51.100.2 s1 10.1.0.0/16");
  server.happen([](ModelCharon& charon) { charon.child_down(1, 2); });
  run_until_event(server, "down 2");
  run_until(&server, [&] { return server.commands["list-sas ike"] > 0; });
  EXPECT_EQ(events.size(), 4U);
  EXPECT_EQ(events[1], "rekeyed 1 2");
  const auto status = client->status();
  EXPECT_TRUE(status.connected);
  EXPECT_EQ(status.charon_version, "5.9.8");
  EXPECT_EQ(status.connects, 1U);
  EXPECT_EQ(status.events, 2U);
  EXPECT_EQ(status.last_error, "");
}

TEST_F(ClientTest, a_lost_connection_is_told_once_and_made_again) {
  Server server(path);
  server.truth.ikes[1].children[1] = {};
  start();
  run_until_event(server, "list {1 198.51.100.2 s1 10.1.0.0/16}");
  server.stop();
  run_until(nullptr, [&] { return log.find("left its socket behind") != std::string::npos; });
  server.truth.ikes.clear();
  server.listen();
  run_until_event(server, "list {}");
  EXPECT_EQ(events, (Lines{"list {1 198.51.100.2 s1 10.1.0.0/16}", "lost", "list {}"}));
  EXPECT_EQ(client->status().losses, 1U);
}

TEST_F(ClientTest, downs_before_the_end_of_the_stream_are_told_before_it) {
  Server server(path);
  server.truth.ikes[1].children[1] = {};
  start();
  run_until_event(server, "list {1 198.51.100.2 s1 10.1.0.0/16}");
  server.happen([](ModelCharon& charon) { charon.ike_down(1); });
  server.drop();
  run_until(&server, [&] { return events.size() >= 4; });
  EXPECT_EQ(events, (Lines{"list {1 198.51.100.2 s1 10.1.0.0/16}", "down 1", "lost", "list {}"}));
}

TEST_F(ClientTest, a_stream_that_ends_inside_a_message_or_is_garbage_is_tried_again) {
  const auto recording = test::load_recording("02-child-rekey-by-spoke");
  Server server(path);
  server.script = recording.first.substr(0, recording.first.size() - 100);
  start();
  run_until(&server, [&] { return !events.empty() && events.back().starts_with("list"); });
  server.drop();
  run_until(&server, [&] { return events.size() > 1 && events[1] == "lost"; });

  server.script = "\xff\xff\xff\xff this is not VICI";
  server.drop();
  run_until(&server, [&] { return log.find("is no VICI") != std::string::npos; });
  EXPECT_NE(client->status().last_error, "");

  server.script.clear();
  server.drop();
  run_until_event(server, "list {}");
  EXPECT_EQ(client->status().last_error, "");
  EXPECT_EQ(std::count(events.begin(), events.end(), "lost"), std::count_if(events.begin(), events.end(), [](const auto& event) {
              return event.starts_with("list");
            }) - 1);
}

TEST_F(ClientTest, a_charon_that_hangs_is_lost) {
  Server server(path);
  ClientOptions options;
  options.heartbeat_interval = Millis(20);
  options.heartbeat_timeout = Millis(50);
  options.list_timeout = Millis(50);
  start(options);
  run_until_event(server, "list {}");
  server.frozen = true;
  run_until_event(server, "lost");
  EXPECT_NE(log.find("does not answer"), std::string::npos) << log;
  server.frozen = false;
  run_until_event(server, "list {}");
  EXPECT_EQ(std::count(events.begin(), events.end(), "lost"), 1);
}

TEST_F(ClientTest, errors_name_the_socket_and_the_cure) {
  start();
  run_until(nullptr, [&] { return !log.empty(); });
  EXPECT_NE(log.find(path), std::string::npos);
  EXPECT_NE(log.find("charon is not running"), std::string::npos);
  run_until(nullptr, [n = 0]() mutable { return ++n > 60; });
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << "the same reason is news once";
  EXPECT_EQ(events, Lines{});
}

TEST_F(ClientTest, a_path_that_fits_no_socket_is_an_error) {
  path = dir.path + "/" + std::string(200, 'x');
  start();
  run_until(nullptr, [&] { return log.find("name too long") != std::string::npos; });
}

TEST_F(ClientTest, requests_are_answered_in_order) {
  Server server(path);
  server.truth.ikes[1].children[1] = {};
  start();
  Lines answers;
  client->request({"list-sas", {}, "list-sa"}, [&](const Result<Reply>& reply) {
    answers.push_back(fmt::format("list {}", reply ? reply->streamed.size() : 99));
  });
  client->request({"conquer", {}, {}}, [&](const Result<Reply>& reply) { answers.push_back(reply ? "" : reply.error().text); });
  client->request({"version", {}, {}}, [&](const Result<Reply>& reply) {
    MessageView view;
    answers.emplace_back(reply && view.parse(reply->response) ? view.root().value_or_empty("version") : "");
  });
  EXPECT_TRUE(answers.empty()) << "no callback inside request()";
  run_until(&server, [&] { return answers.size() == 3; });
  EXPECT_EQ(answers, (Lines{"list 1", "ask charon for conquer: it does not know this command", "5.9.8"}));
}

TEST_F(ClientTest, a_request_without_connection_ends_at_its_deadline) {
  start();
  std::string answer;
  client->request({"version", {}, {}, Millis(30)}, [&](const Result<Reply>& reply) { answer = reply ? "" : reply.error().text; });
  run_until(nullptr, [&] { return !answer.empty(); });
  EXPECT_EQ(answer, "ask charon for version: no answer in 30 ms");
}

TEST(CharonLogTest, gives_lines_of_ike_sas_in_any_cut_and_refuses_what_is_no_vici) {
  CharonLog log;
  EXPECT_EQ(log.start(), make_frame({PacketType::EventRegister, "log", {}}).value());
  const auto of = [](std::string_view id, std::string_view text) {
    const auto message = MessageWriter().value("group", "IKE").value("ikesa-name", "rri-m-1-x").value("ikesa-uniqueid", id).value("msg", text).take();
    return make_frame({PacketType::Event, "log", *message}).value();
  };
  Lines lines;
  const auto take = [&](const CharonLogLine& line) { lines.push_back(fmt::format("{} {} {}", line.connection, line.ike, line.text)); };
  for (const char byte : make_frame({PacketType::EventConfirm, {}, {}}).value() + of("7", "giving up") + of("", "about none")) {
    ASSERT_TRUE(log.receive({&byte, 1}, take));
  }
  EXPECT_EQ(lines, Lines{"rri-m-1-x 7 giving up"});
  EXPECT_FALSE(log.receive("\xff\xff\xff\xff", take));
}

TEST_F(ClientTest, may_be_destroyed_at_any_time_even_from_its_callback) {
  Server server(path);
  start();
  client.reset();
  context.run();
  EXPECT_EQ(events, Lines{});
  context.restart();
  client = std::make_unique<Client>(
      context, ClientOptions{path}, [this](const core::Event&) { client.reset(); }, [](const core::LogLine&) {});
  run_until(&server, [&] { return client == nullptr; });
  context.run();
}

}  // namespace
}  // namespace rri::vici

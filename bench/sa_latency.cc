// bench/sa_latency.cc -- how long from "SA up" to the route in the kernel.
//
//   sa_latency RRID [COUNT [LOADED [RRI [COMMAND [PER_SA]]]]]          as root
//
// LOADED routes are there from the start, PER_SA (1) for each SA. With RRI, that program
// runs COMMAND (`show crypto route`) over and over while the latency is taken.
//
// Makes a network namespace of its own with one veth pair, runs RRID in it, and
// plays charon on a Unix socket with real VICI bytes. For each round it sends one
// child-updown and takes the time until the kernel tells a netlink listener of
// the new route; then the SA goes down and the route with it. Between rounds the
// daemon comes to rest. Prints median, p90 and p99 of up and of down.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <list>
#include <string>
#include <vector>

#include "io/vici/codec.h"

namespace {

using namespace rri::vici;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kPatience = 60s;
constexpr std::string_view kRemote = "10.8.1.0/24";
constexpr std::uint32_t kRemoteNumber = 0x0a080100;

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "sa_latency: %s\n", what);
  std::exit(1);
}

/// How many routes an IKE_SA of the load has: its list-sa fits a VICI frame.
constexpr std::uint64_t kRoutesPerIke = 500;
constexpr std::uint64_t kFirstLoadedId = 1'000'000'000;

/// charon with a load that stays, and at most one CHILD_SA that comes and goes.
class FakeCharon {
 public:
  FakeCharon(const std::string& path, std::uint64_t loaded, std::uint64_t per_sa) : loaded_(loaded), per_sa_(per_sa), load_(make_load()) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0 || ::listen(listener_, 4) < 0) die("no socket");
  }

  /// Sends the event; true when somebody listens for it.
  bool child_updown(std::uint64_t id, bool up) {
    child_ = up ? id : 0;
    MessageWriter message;
    if (up) message.value("up", "yes");
    write_ike(message, id);
    const auto bytes = message.take().value();
    bool heard = false;
    for (auto& peer : peers_) {
      if (!peer.wants_events) continue;
      send(peer, {PacketType::Event, "child-updown", bytes});
      heard = true;
    }
    return heard;
  }
  [[nodiscard]] bool is_followed() const { return lists_ > 0; }
  [[nodiscard]] std::uint64_t lists() const { return lists_; }

  void add_to(std::vector<pollfd>& polled) const {
    polled.push_back({listener_, POLLIN, 0});
    for (const auto& peer : peers_) polled.push_back({peer.fd, static_cast<short>(peer.is_sending() ? POLLIN | POLLOUT : POLLIN), 0});
  }
  void serve() {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) peers_.push_back({fd});
    for (auto& peer : peers_) read(peer);
    for (auto& peer : peers_) write(peer);
  }

 private:
  struct Peer {
    int fd = -1;
    FrameReader frames{};
    bool wants_events = false;
    // A list of the load takes long to send: the latency is taken meanwhile.
    std::deque<std::string> unsent{};
    std::size_t sent = 0;  // of the first one

    [[nodiscard]] bool is_sending() const { return !unsent.empty(); }
  };

  static void send(Peer& peer, const Packet& packet) {
    peer.unsent.push_back(make_frame(packet).value());
    write(peer);
  }

  /// As much as the socket takes, at most some frames.
  static void write(Peer& peer) {
    for (int left = 16; left > 0 && peer.is_sending(); --left) {
      const auto& frame = peer.unsent.front();
      const auto got = ::send(peer.fd, frame.data() + peer.sent, frame.size() - peer.sent, MSG_NOSIGNAL);
      if (got < 0 && errno != EAGAIN) die("rrid closed the VICI connection");
      if (got < 0) return;
      peer.sent += static_cast<std::size_t>(got);
      if (peer.sent < frame.size()) continue;
      peer.unsent.pop_front();
      peer.sent = 0;
    }
  }

  void read(Peer& peer) {
    char buffer[8192];
    const auto got = ::recv(peer.fd, buffer, sizeof buffer, 0);
    if (got <= 0) return;
    peer.frames.append({buffer, static_cast<std::size_t>(got)});
    for (auto frame = peer.frames.next(); frame && *frame; frame = peer.frames.next()) {
      if (const auto packet = parse_packet(**frame)) answer(peer, *packet);
    }
  }

  void answer(Peer& peer, const Packet& packet) {
    switch (packet.type) {
      case PacketType::EventRegister:
        peer.wants_events = peer.wants_events || packet.name == "child-updown";
        return send(peer, {PacketType::EventConfirm, {}, {}});
      case PacketType::EventUnregister: return send(peer, {PacketType::EventConfirm, {}, {}});
      case PacketType::CommandRequest: break;
      default: return;
    }
    if (packet.name == "version") {
      const auto message = MessageWriter().value("daemon", "charon").value("version", "5.9.8").take().value();
      return send(peer, {PacketType::CommandResponse, {}, message});
    }
    if (packet.name == "list-sas") {
      const bool asks_for_all = packet.message.find("ike-id") == std::string_view::npos && packet.message.find("child-id") == std::string_view::npos;
      if (asks_for_all) peer.unsent.insert(peer.unsent.end(), load_.begin(), load_.end());
      if (child_ != 0) {
        MessageWriter message;
        write_ike(message, child_);
        send(peer, {PacketType::Event, "list-sa", message.take().value()});
      }
      ++lists_;
    }
    send(peer, {PacketType::CommandResponse, {}, {}});
  }

  /// The frames that list the load.
  [[nodiscard]] std::vector<std::string> make_load() const {
    std::vector<std::string> frames;
    for (std::uint64_t first = 0; first < loaded_; first += kRoutesPerIke) {
      MessageWriter message;
      message.begin_section("load").value("uniqueid", std::to_string(first + 2)).value("state", "ESTABLISHED");
      message.value("local-host", "203.0.113.1").value("remote-host", "198.51.100.3").value("remote-id", "load");
      message.begin_section("child-sas");
      const auto end = std::min(loaded_, first + kRoutesPerIke);
      for (auto i = first; i < end; i += per_sa_) {
        const auto id = std::to_string(kFirstLoadedId + i);
        const std::vector<std::string> local = {"10.0.0.0/24"};
        const auto remote = networks(i, std::min(end, i + per_sa_));
        message.begin_section("net-" + id).value("name", "net").value("uniqueid", id).value("state", "INSTALLED");
        message.value("mode", "TUNNEL").list("local-ts", local).list("remote-ts", remote).end_section();
      }
      message.end_section().end_section();
      frames.push_back(make_frame({PacketType::Event, "list-sa", message.take().value()}).value());
    }
    return frames;
  }

  static std::vector<std::string> networks(std::uint64_t first, std::uint64_t end) {
    std::vector<std::string> texts;
    for (auto i = first; i < end; ++i) {
      texts.push_back("11." + std::to_string(i / 65536) + "." + std::to_string(i / 256 % 256) + "." + std::to_string(i % 256) + "/32");
    }
    return texts;
  }

  static void write_ike(MessageWriter& message, std::uint64_t id) {
    const std::vector<std::string> local = {"10.0.0.0/24"};
    const std::vector<std::string> remote = {std::string(kRemote)};
    message.begin_section("dyn").value("uniqueid", "1").value("state", "ESTABLISHED");
    message.value("local-host", "203.0.113.1").value("remote-host", "198.51.100.2").value("remote-id", "spoke");
    message.begin_section("child-sas").begin_section("net-" + std::to_string(id));
    message.value("name", "net").value("uniqueid", std::to_string(id)).value("state", "INSTALLED").value("mode", "TUNNEL");
    message.list("local-ts", local).list("remote-ts", remote).end_section().end_section().end_section();
  }

  int listener_ = -1;
  std::list<Peer> peers_;
  std::uint64_t loaded_ = 0;   // routes
  std::uint64_t per_sa_ = 1;   // of them, for each SA
  std::vector<std::string> load_;
  std::uint64_t child_ = 0;
  std::uint64_t lists_ = 0;
};

/// Tells when the route came or went.
class RouteListener {
 public:
  RouteListener() : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE)) {
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_IPV4_ROUTE;
    const int bytes = 512 << 20;  // nothing of a load may be lost
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
    if (::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) die("no netlink");
  }
  [[nodiscard]] int fd() const { return fd_; }

  /// Whether a message of `type` about the route of the SA was read.
  bool saw(std::uint16_t type) {
    alignas(nlmsghdr) char buffer[16384];
    bool found = false;
    for (auto got = ::recv(fd_, buffer, sizeof buffer, 0); got > 0; got = ::recv(fd_, buffer, sizeof buffer, 0)) {
      auto rest = static_cast<unsigned>(got);
      for (auto* header = reinterpret_cast<nlmsghdr*>(buffer); NLMSG_OK(header, rest); header = NLMSG_NEXT(header, rest)) {
        found = found || (header->nlmsg_type == type && is_ours(header));
        if (header->nlmsg_type == RTM_NEWROUTE) ++added_;
      }
    }
    return found;
  }

  /// Routes that were told to be new until now.
  std::uint64_t count_added() {
    saw(RTM_NEWROUTE);
    return added_;
  }

 private:
  static bool is_ours(nlmsghdr* header) {
    auto* route = static_cast<rtmsg*>(NLMSG_DATA(header));
    auto rest = static_cast<unsigned>(RTM_PAYLOAD(header));
    for (auto* attribute = RTM_RTA(route); RTA_OK(attribute, rest); attribute = RTA_NEXT(attribute, rest)) {
      if (attribute->rta_type != RTA_DST) continue;
      return ntohl(*static_cast<std::uint32_t*>(RTA_DATA(attribute))) == kRemoteNumber;
    }
    return false;
  }

  int fd_;
  std::uint64_t added_ = 0;
};

void make_network() {
  if (::unshare(CLONE_NEWNET) < 0) die("no network namespace: run as root");
  if (std::system("ip link add out0 type veth peer name out1 && ip link set out0 up && ip link set out1 up && "
                  "ip address add 203.0.113.1/30 dev out0 && ip route add default via 203.0.113.2") != 0) {
    die("no network: is iproute2 there?");
  }
}

void write_config(const std::filesystem::path& directory) {
  std::ofstream(directory / "config") << "rri\n ike strongswan socket " << (directory / "vici").string()
                                      << " observe\n hold-down 0\n"
                                         "crypto dynamic-map DYN 10\n reverse-route\n set reverse-route maximum 10000000\n"
                                         "crypto map VPN 10 ipsec-isakmp dynamic DYN\n"
                                         "interface GigabitEthernet0/0\n linux device out0\n"
                                         " ip address 203.0.113.1 255.255.255.252\n crypto map VPN\n";
}

pid_t start_rrid(const char* program, const std::filesystem::path& directory) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const int log = ::open((directory / "log").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(log, STDERR_FILENO);
  ::execl(program, "rrid", "--config", (directory / "config").c_str(), "--socket", (directory / "sock").c_str(), "--state-dir",
          directory.c_str(), static_cast<char*>(nullptr));
  ::_exit(127);
}

/// Asks over and over until it is ended.
pid_t start_reader(const char* rri, const char* asked, const std::filesystem::path& directory) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const auto command = "while " + std::string(rri) + " --socket " + (directory / "sock").string() + " -c '" + asked + "'; do :; done";
  const int out = ::open("/dev/null", O_WRONLY);
  ::dup2(out, STDOUT_FILENO);
  ::execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
  ::_exit(127);
}

/// Runs the fake charon and the listener until `is_done`.
template <class Done>
void run_until(FakeCharon& charon, const RouteListener& routes, const char* what, Done is_done) {
  const auto deadline = Clock::now() + kPatience;
  std::vector<pollfd> polled;
  while (!is_done()) {
    if (Clock::now() > deadline) die(what);
    polled.assign(1, {routes.fd(), POLLIN, 0});
    charon.add_to(polled);
    ::poll(polled.data(), polled.size(), 100);
    charon.serve();
  }
}

/// Waits until a route for each SA of the load was told of.
void wait_for_load(FakeCharon& charon, RouteListener& routes, std::uint64_t loaded) {
  const auto start = Clock::now();
  run_until(charon, routes, "the load did not get into the kernel", [&] { return routes.count_added() >= loaded; });
  const std::chrono::duration<double> took = Clock::now() - start;
  if (loaded > 0) std::printf("%llu SAs to routes: %.1f s\n", static_cast<unsigned long long>(loaded), took.count());
}

void print(const char* name, std::vector<double>& millis) {
  std::sort(millis.begin(), millis.end());
  const auto at = [&](double share) { return millis[std::min(millis.size() - 1, static_cast<std::size_t>(static_cast<double>(millis.size()) * share))]; };
  std::printf("%s: %zu rounds, median %.3f ms, p90 %.3f ms, p99 %.3f ms, longest %.3f ms\n", name, millis.size(), at(0.5), at(0.9),
              at(0.99), millis.back());
}

void measure(FakeCharon& charon, RouteListener& routes, std::uint64_t rounds) {
  std::vector<double> up;
  std::vector<double> down;
  for (std::uint64_t id = 1; id <= rounds; ++id) {
    for (const bool rising : {true, false}) {
      const auto lists = charon.lists();
      const auto start = Clock::now();
      if (!charon.child_updown(id, rising)) die("rrid does not listen for child-updown");
      run_until(charon, routes, rising ? "no route came" : "the route stayed",
                [&] { return routes.saw(rising ? RTM_NEWROUTE : RTM_DELROUTE); });
      const std::chrono::duration<double, std::milli> took = Clock::now() - start;
      (rising ? up : down).push_back(took.count());
      // The daemon reads the SA again after an event; only then is it idle.
      run_until(charon, routes, "rrid did not read the SA again", [&] { return charon.lists() > lists; });
    }
  }
  print("SA up to route in the kernel", up);
  print("SA down to route gone", down);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) die("usage: sa_latency RRID [COUNT [LOADED [RRI [COMMAND [PER_SA]]]]]");
  const auto number = [&](int index, std::uint64_t otherwise) { return argc > index ? std::strtoull(argv[index], nullptr, 10) : otherwise; };
  const auto rounds = number(2, 500);
  const auto loaded = number(3, 0);
  make_network();
  std::string name = (std::filesystem::temp_directory_path() / "sa-latency-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) die("no temporary directory");
  const std::filesystem::path directory = name;
  write_config(directory);
  FakeCharon charon((directory / "vici").string(), loaded, std::max<std::uint64_t>(number(6, 1), 1));
  RouteListener routes;
  const pid_t rrid = start_rrid(argv[1], directory);
  run_until(charon, routes, "rrid did not ask for SAs", [&] { return charon.is_followed(); });
  wait_for_load(charon, routes, loaded);
  const pid_t reader = argc > 4 ? start_reader(argv[4], argc > 5 ? argv[5] : "show crypto route", directory) : 0;
  measure(charon, routes, std::max<std::uint64_t>(rounds, 1));
  if (reader > 0) ::kill(reader, SIGTERM);
  if (reader > 0) ::waitpid(reader, nullptr, 0);
  ::kill(rrid, SIGTERM);
  ::waitpid(rrid, nullptr, 0);
  std::filesystem::remove_all(directory);
  return 0;
}

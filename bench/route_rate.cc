// bench/route_rate.cc -- how fast routes go into and out of the kernel, against raw.
//
// Raw: precomputed nothing, just the same RTM_NEWROUTE messages built in a loop,
// 256 a send, one acknowledgement for each send. Ours: the whole io layer with its
// notification socket open, so its own notifications are made and dropped too; what
// is compared includes that.
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "io/loop/event_loop.h"
#include "io/netlink/kernel.h"

namespace {

using rri::core::RouteOp;

constexpr std::uint32_t kFirst = 0x20000000;  // 32.0.0.0
constexpr std::uint32_t kGateway = 0x0a010009;  // 10.1.0.9
constexpr std::uint32_t kMetric = 1U << 24;
constexpr unsigned kPerSend = 256;
constexpr std::size_t kPerBatch = 2048;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

void run(const char* command) {
  if (std::system(command) != 0) give_up(command);
}

// ---- the smallest program -------------------------------------------------------

class Raw {
 public:
  explicit Raw(std::uint32_t device) : device_(device), socket_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
    const int on = 1;
    setsockopt(socket_, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
    sockaddr_nl local{};
    local.nl_family = AF_NETLINK;
    if (bind(socket_, reinterpret_cast<sockaddr*>(&local), sizeof local) < 0) give_up("bind");
  }
  ~Raw() { close(socket_); }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;

  double change(std::uint32_t count, bool add) {
    const auto start = std::chrono::steady_clock::now();
    for (std::uint32_t i = 0; i < count;) {
      const auto chunk = std::min(kPerSend, count - i);
      used_ = 0;
      for (std::uint32_t k = 0; k < chunk; ++k) append(i + k, add, k + 1 == chunk);
      i += chunk;
      sockaddr_nl kernel{};
      kernel.nl_family = AF_NETLINK;
      if (sendto(socket_, buffer_, used_, 0, reinterpret_cast<sockaddr*>(&kernel), sizeof kernel) < 0) give_up("send");
      read_until(i);
    }
    return seconds_since(start);
  }

 private:
  void attribute(std::uint16_t type, std::uint32_t value) {
    const rtattr header{static_cast<unsigned short>(RTA_LENGTH(sizeof value)), type};
    std::memcpy(buffer_ + used_, &header, sizeof header);
    std::memcpy(buffer_ + used_ + sizeof header, &value, sizeof value);
    used_ += header.rta_len;
  }
  void append(std::uint32_t i, bool add, bool acknowledge) {
    const auto start = used_;
    nlmsghdr header{};
    header.nlmsg_type = add ? RTM_NEWROUTE : RTM_DELROUTE;
    header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | (add ? NLM_F_CREATE | NLM_F_EXCL : 0) |
                                                    (acknowledge ? NLM_F_ACK : 0));
    header.nlmsg_seq = i + 1;
    rtmsg route{};
    route.rtm_family = AF_INET;
    route.rtm_dst_len = 32;
    route.rtm_table = RT_TABLE_MAIN;
    route.rtm_protocol = 213;
    route.rtm_scope = add ? RT_SCOPE_UNIVERSE : RT_SCOPE_NOWHERE;
    route.rtm_type = add ? RTN_UNICAST : RTN_UNSPEC;
    used_ += sizeof header;
    std::memcpy(buffer_ + used_, &route, sizeof route);
    used_ += sizeof route;
    attribute(RTA_DST, __builtin_bswap32(kFirst + i));
    attribute(RTA_PRIORITY, kMetric);
    if (add) {
      attribute(RTA_GATEWAY, __builtin_bswap32(kGateway));
      attribute(RTA_OIF, device_);
    }
    header.nlmsg_len = static_cast<std::uint32_t>(used_ - start);
    std::memcpy(buffer_ + start, &header, sizeof header);
  }
  void read_until(std::uint32_t last) {
    for (;;) {
      const auto count = recv(socket_, answers_, sizeof answers_, 0);
      if (count < 0) give_up("recv");
      auto left = static_cast<unsigned>(count);
      for (auto* header = reinterpret_cast<nlmsghdr*>(answers_); NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
        if (static_cast<nlmsgerr*>(NLMSG_DATA(header))->error != 0) give_up("raw: the kernel refused a route");
        if (header->nlmsg_seq == last) return;
      }
    }
  }

  std::uint32_t device_;
  int socket_;
  std::size_t used_ = 0;
  char buffer_[kPerSend * 128];
  alignas(nlmsghdr) char answers_[65536];
};

// ---- ours -----------------------------------------------------------------------

class Ours {
 public:
  Ours()
      : kernel_(loop_.context(), {}, [this](rri::core::Event event) { on(event); },
                [](const rri::core::LogLine& line) { std::fprintf(stderr, "%s\n", line.text.c_str()); }) {
    if (const auto started = kernel_.start(); !started) {
      std::fprintf(stderr, "could not %s\n", started.error().text.c_str());
      std::exit(1);
    }
    while (!ready_) loop_.run_one_for(std::chrono::seconds(10));
  }

  double change(std::uint32_t count, RouteOp::Kind kind) {
    auto batches = batches_of(count, kind);
    done_ = 0;
    const auto start = std::chrono::steady_clock::now();
    for (auto& batch : batches) kernel_.carry_out(std::move(batch));
    while (done_ < batches.size()) loop_.run_one_for(std::chrono::seconds(10));
    return seconds_since(start);
  }

 private:
  static std::vector<rri::core::RouteBatch> batches_of(std::uint32_t count, RouteOp::Kind kind) {
    std::vector<rri::core::RouteBatch> batches;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i % kPerBatch == 0) batches.push_back({batches.size(), {}});
      rri::KernelRoute route;
      route.key = {std::string(rri::kDefaultVrf), rri::Prefix::host(rri::IpAddress::v4(kFirst + i)), kMetric};
      route.next_hops = {{rri::IpAddress::v4(kGateway), "bench0", false}};
      batches.back().operations.push_back({kind, rri::RouteKind::Proxy, std::move(route)});
    }
    return batches;
  }
  void on(const rri::core::Event& event) {
    if (std::holds_alternative<rri::core::RouteDump>(event)) ready_ = true;
    const auto* batch = std::get_if<rri::core::BatchDone>(&event);
    if (batch == nullptr) return;
    ++done_;
    if (batch->failures.empty()) return;
    std::fprintf(stderr, "ours: %s\n", batch->failures.front().text.c_str());
    std::exit(1);
  }

  rri::io::EventLoop loop_;
  rri::netlink::Kernel kernel_;
  bool ready_ = false;
  std::size_t done_ = 0;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void print(const char* what, std::uint32_t count, const std::vector<double>& raw, const std::vector<double>& ours) {
  std::printf("%-7s raw %8.0f/s  ours %8.0f/s  ratio %.2f\n", what, count / median(raw), count / median(ours),
              median(raw) / median(ours));
}

}  // namespace

int main(int argc, char** argv) {
  const auto count = static_cast<std::uint32_t>(argc > 1 ? std::atol(argv[1]) : 100'000);
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 7;
  if (unshare(CLONE_NEWNET) != 0) give_up("make a network namespace");
  run("ip link add bench0 type veth peer name bench1 && ip link set bench0 up && ip link set bench1 up && "
      "ip address add 10.1.0.1/24 dev bench0");
  std::vector<double> raw_add, raw_delete, our_add, our_delete;
  for (int round = 0; round < rounds; ++round) {
    {
      Raw raw(if_nametoindex("bench0"));
      raw_add.push_back(raw.change(count, true));
      raw_delete.push_back(raw.change(count, false));
    }
    Ours ours;
    our_add.push_back(ours.change(count, RouteOp::Kind::Add));
    our_delete.push_back(ours.change(count, RouteOp::Kind::Delete));
  }
  std::printf("%u IPv4 /32 routes, median of %d interleaved rounds\n", count, rounds);
  print("add", count, raw_add, our_add);
  print("delete", count, raw_delete, our_delete);
  return 0;
}

// What waits for an SA, read from a real kernel: it makes the states also where it has no ESP.
#include "io/xfrm/acquires.h"

#include <gtest/gtest.h>
#include <linux/xfrm.h>
#include <sched.h>
#include <unistd.h>

#include <cstdlib>

namespace rri::xfrm {
namespace {

int run(const char* command) { return std::system(command); }

TEST(AcquireReader, finds_the_packet_that_waits_for_its_peer) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to make a network namespace";
  if (unshare(CLONE_NEWNET) != 0) GTEST_SKIP() << "this host lets us make no network namespace";
  if (run("ip xfrm policy list > /dev/null 2>&1") != 0) GTEST_SKIP() << "this kernel has no XFRM";
  // Not the loopback: it asks no policy.
  ASSERT_EQ(run("ip link add v0 type veth peer name v1 && ip link set v1 up && ip link set v0 up && "
                "ip addr add 198.51.100.2/24 dev v0 && ip addr add 10.1.0.1/32 dev v0 && "
                "ip route add 10.0.0.0/24 via 198.51.100.1 src 10.1.0.1 && ip route add 203.0.113.1 via 198.51.100.1 && "
                "ip xfrm policy add src 10.1.0.0/16 dst 10.0.0.0/24 dir out tmpl src 198.51.100.2 dst 203.0.113.1 proto esp "
                "reqid 7 mode tunnel"),
            0);
  AcquireReader reader;
  const auto peer = IpAddress::try_parse("203.0.113.1").value();
  ASSERT_TRUE(reader.read({peer}).has_value());
  EXPECT_TRUE(reader.read({peer})->empty());
  auto listener = netlink::Socket::open_xfrm();  // as charon does: without one the kernel makes no state
  ASSERT_TRUE(listener && listener->join(XFRMNLGRP_ACQUIRE));
  run("ping -n -q -c 1 -W 1 10.0.0.10 > /dev/null 2>&1");
  const auto found = reader.read({peer, IpAddress::try_parse("203.0.113.9").value()});
  ASSERT_TRUE(found) << found.error().text;
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().peer, peer);
  EXPECT_EQ(found->front().packet.source.to_string(), "10.1.0.1/32");
  EXPECT_EQ(found->front().packet.destination.to_string(), "10.0.0.10/32");
  EXPECT_TRUE(reader.read({IpAddress::try_parse("203.0.113.9").value()})->empty());
}

}  // namespace
}  // namespace rri::xfrm

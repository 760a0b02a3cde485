#include "app/ping.h"

#include <gtest/gtest.h>

namespace rri::app {
namespace {

TEST(Ping, lines_become_signs) {
  EXPECT_EQ(sign_of("64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.045 ms"), '!');
  EXPECT_EQ(sign_of("From 10.0.0.2 icmp_seq=1 Destination Host Unreachable"), 'U');
  EXPECT_EQ(sign_of("From 10.0.0.2 icmp_seq=1 Frag needed and DF set (mtu = 1400)").has_value(), true);
  EXPECT_EQ(sign_of("PING 10.0.0.1 (10.0.0.1) 72(100) bytes of data."), std::nullopt);
  EXPECT_EQ(sign_of("5 packets transmitted, 5 received, 0% packet loss, time 4005ms"), std::nullopt);
}

TEST(Ping, the_last_line_is_that_of_ios) {
  RoundTrips trips;
  EXPECT_EQ(success_line(trips), "Success rate is 0 percent (0/0)\n");
  trips.add(std::nullopt);
  EXPECT_EQ(success_line(trips), "Success rate is 0 percent (0/1)\n");
  for (const double millis : {0.045, 3.6, 0.5, 1.4}) trips.add(millis);
  EXPECT_EQ(success_line(trips), "Success rate is 80 percent (4/5), round-trip min/avg/max = 1/1/4 ms\n");
}

TEST(Traceroute, hops_are_those_of_ios) {
  EXPECT_EQ(hop_line(" 1  10.0.0.1  0.045 ms  3.600 ms  4 ms"), "  1 10.0.0.1 0 msec 4 msec 4 msec\n");
  EXPECT_EQ(hop_line("12  10.0.0.1  1.2 ms 10.0.0.2  2.3 ms !N *"), " 12 10.0.0.1 1 msec\n    10.0.0.2 2 msec !N *\n");
  EXPECT_EQ(hop_line(" 3  * * *"), "  3 * * *\n");
  EXPECT_EQ(hop_line("connect: Network is unreachable"), "connect: Network is unreachable\n");
}

TEST(Ping, no_option_of_a_program_is_a_host) {
  for (const auto* host : {"10.0.0.1", "2001:db8::1", "hub.example.com", "r1", "3com"}) EXPECT_TRUE(may_be_host(host)) << host;
  for (const auto* other : {"", "-h", "--help", "-f", "1.1.1", "1.1.1.1;id", "a b", "$(id)", "10.0.0.256"}) EXPECT_FALSE(may_be_host(other)) << other;
}

TEST(Ping, options_come_in_the_orders_that_people_type) {
  for (const auto* line : {"ping 10.0.0.1", "ping vrf RED 10.0.0.1 source Gi0/0", "ping 10.0.0.1 source 10.0.0.2 repeat 3", "pin 10.0.0.1 rep 3 size 100 time 1 so Gi0/0"}) {
    const auto match = shell::match_exec(line, shell::kUserLevel);
    ASSERT_TRUE(match) << line;
    EXPECT_EQ(match->command, shell::ExecCommand::Ping);
  }
}

}  // namespace
}  // namespace rri::app

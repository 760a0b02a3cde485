// What transform sets and `set pfs` become.
#include <gtest/gtest.h>

#include <string>

#include "tunnel_texts.h"

namespace rri::app {
namespace {

constexpr const char* kNet = "rri-mymap-10-10_0_0_0_24_to_10_1_0_0_16";

std::string esp_of(const TunnelPlan& plan, std::string_view child) {
  const auto* section = plan.connections.empty() ? nullptr : child_of(plan.connections.front(), child);
  return section == nullptr || section->list("esp_proposals").empty() ? std::string() : section->list("esp_proposals").front();
}

TEST(TunnelProposals, without_pfs_none_is_asked_for_and_every_group_is_taken) {
  // charon offers the first method of key exchange, and takes any of them from its peer.
  const std::string any = "aes256-sha256-modpnone-modp2048-";
  EXPECT_TRUE(esp_of(plan_of(with_entry(kEntry)), kNet).starts_with(any));
  const auto dynamic = plan_of(std::string(kBase) + "crypto dynamic-map D 1\n set transform-set T\ncrypto map mymap 10 ipsec-isakmp dynamic D\n" + kInterface);
  EXPECT_TRUE(esp_of(dynamic, "rri-mymap-10-any").starts_with(any));
  const auto protection = plan_of(std::string(kBase) + "crypto ipsec profile P\n set transform-set T\ninterface Tunnel1\n tunnel source 203.0.113.1\n"
                                  " tunnel mode ipsec ipv4\n tunnel destination 198.51.100.2\n tunnel protection ipsec profile P\n");
  EXPECT_TRUE(esp_of(protection, "rri-Tunnel1-tunnel").starts_with(any));
  EXPECT_EQ(esp_of(plan_of(with_entry(std::string(kEntry) + " set pfs group14\n")), kNet), "aes256-sha256-modp2048");
}

TEST(TunnelProposals, transport_mode_is_for_two_hosts_and_where_all_sets_have_it) {
  const auto mode_of = [](const std::string& sets, const std::string& list) {
    const auto plan = plan_of("crypto ipsec transform-set A esp-aes esp-sha-hmac\n mode transport\ncrypto ipsec transform-set R esp-aes esp-sha256-hmac\n"
                              " mode transport require\naccess-list 103 permit ip host 203.0.113.1 host 198.51.100.2\n" +
                              with_entry(" set peer 198.51.100.2\n set transform-set " + sets + "\n match address " + list + "\n"));
    const auto* children = plan.connections.front().settings.find_section("children");
    return std::pair(std::string(children->find_section(children->settings.front().name)->text("mode")), has_remark(plan, "tunnel mode", false));
  };
  EXPECT_EQ(mode_of("A R", "103"), std::pair(std::string("transport"), false));
  EXPECT_EQ(mode_of("A T", "103"), std::pair(std::string("tunnel"), true));
  EXPECT_EQ(mode_of("T R", "103"), std::pair(std::string("tunnel"), true));
  EXPECT_EQ(mode_of("T R", "102"), std::pair(std::string("tunnel"), true));
  EXPECT_EQ(mode_of("R", "102"), std::pair(std::string("tunnel"), true));
  EXPECT_EQ(mode_of("A", "102"), std::pair(std::string("tunnel"), false));  // as on IOS
}

TEST(TunnelProposals, gcm_beside_a_hash_is_no_set) {
  const auto plan = plan_of(with_entry(" set peer 198.51.100.2\n set transform-set G T\n match address 102\n",
                                       "crypto ipsec transform-set G esp-gcm 256 esp-sha256-hmac\n"));
  EXPECT_TRUE(esp_of(plan, kNet).starts_with("aes256-sha256-"));
  EXPECT_TRUE(has_remark(plan, "transform set G: esp-gcm authenticates by itself: IOS refuses another authentication beside it; the set is not used", false));
}

}  // namespace
}  // namespace rri::app

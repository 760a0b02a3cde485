// From IOS text to charon's connections: what is rendered and what is remarked.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "app/render_swanctl.h"
#include "config/config.h"
#include "core/swanctl_text.h"
#include "core/tunnel_delta.h"
#include "core/tunnel_plan.h"
#include "tunnel_texts.h"

namespace rri::app {
namespace {

TEST(TunnelPlan, a_transform_that_strongswan_lacks_leaves_no_null_encryption) {
  const auto seal = plan_of(with_entry(" set peer 198.51.100.2\n set transform-set S\n match address 102\n",
                                       "crypto ipsec transform-set S esp-seal esp-sha-hmac\n"));
  EXPECT_TRUE(seal.connections.empty());
  EXPECT_TRUE(has_remark(seal, "transform set S: esp-seal is not supported by strongSwan; the set is not used", false));
  EXPECT_TRUE(has_remark(seal, "no usable transform set, no tunnel", true));
  const auto bare = plan_of(with_entry(" set peer 198.51.100.2\n set transform-set S T\n match address 102\n",
                                       "crypto ipsec transform-set S ah-sha-hmac esp-aes 256\n"));
  ASSERT_EQ(bare.connections.size(), 1U);
  const auto* child = child_of(bare.connections.front(), "rri-mymap-10-10_0_0_0_24_to_10_1_0_0_16");
  ASSERT_NE(child, nullptr);
  ASSERT_EQ(child->list("esp_proposals").size(), 1U);
  EXPECT_TRUE(child->list("esp_proposals").front().starts_with("aes256-sha256-modpnone-"));
  EXPECT_TRUE(has_remark(bare, "ESP alone would protect no integrity", false));
}

TEST(TunnelPlan, a_policy_with_a_refused_line_does_not_fall_back_to_des) {
  const auto text = [](const std::string& line) {
    return with_entry(kEntry, "crypto isakmp policy 5\n authentication pre-share\n" + line);
  };
  const std::string others = " encryption aes\n group 14\n";
  for (const auto& line : {std::string(" encr aes-gcm 256\n group 14\n"), others + " group 99\n", others + " hash sha3-256\n"}) {
    const auto plan = plan_of(text(line));
    ASSERT_EQ(plan.connections.size(), 1U) << line;
    EXPECT_EQ(plan.connections.front().settings.list("proposals"), std::vector<std::string>{"aes256-sha256-modp2048"}) << line;
    EXPECT_TRUE(has_remark(plan, "is not supported by strongSwan", false)) << line;
  }
}

TEST(TunnelPlan, every_tunnel_interface_has_an_interface_id_of_its_own) {
  const std::string base = R"(crypto isakmp policy 10
 encryption aes
 authentication pre-share
 group 14
crypto isakmp key k address 0.0.0.0 0.0.0.0
crypto ipsec profile P
)";
  const auto interface = [](const std::string& name) {
    return "interface " + name + "\n tunnel source 203.0.113.1\n tunnel mode ipsec ipv4\n tunnel vrf FRONT\n"
           " tunnel destination 198.51.100.9\n tunnel protection ipsec profile P\n";
  };
  const auto plan = plan_of(base + interface("Tunnel0") + interface("Tunnel10") + interface("Virtual-Template1"));
  ASSERT_EQ(plan.connections.size(), 3U);
  std::vector<std::string> ids;
  for (const auto& connection : plan.connections) {
    const auto* child = child_of(connection, connection.name + "-tunnel");
    ASSERT_NE(child, nullptr) << connection.name;
    ids.emplace_back(child->text("if_id_in"));
  }
  // 0 would be none at all, and all traffic of the host in the tunnel.
  EXPECT_EQ(ids, (std::vector<std::string>{"2147483648", "10", "2147483649"}));
  EXPECT_TRUE(has_remark(plan, "front-door VRF FRONT", false));
}

TEST(TunnelPlan, keyring_default_means_the_global_keys) {
  const auto text = "crypto isakmp profile P\n keyring default\n match identity address 198.51.100.2 255.255.255.255\n" +
                    with_entry(std::string(kEntry) + " set isakmp-profile P\n");
  const auto parsed = parse_document(text);
  EXPECT_TRUE(parsed.diagnostics.empty()) << parsed.diagnostics.front().text;
  const auto plan = core::plan_tunnels(parsed.config, {});
  ASSERT_EQ(plan.keys.size(), 1U);
  EXPECT_EQ(plan.keys.front().data, "secret1");
}

TEST(TunnelPlan, a_profile_may_have_the_key_of_the_remote_end_alone) {
  const auto plan = plan_of(R"(crypto ikev2 profile P
 match identity remote fqdn a.example
 authentication local rsa-sig
 authentication remote pre-share key theirs
)" + with_entry(std::string(kEntry) + " set ikev2-profile P\n"));
  ASSERT_EQ(plan.connections.size(), 1U);
  const auto* local = plan.connections.front().settings.find_section("local");
  const auto* remote = plan.connections.front().settings.find_section("remote");
  ASSERT_TRUE(local != nullptr && remote != nullptr);
  EXPECT_EQ(local->text("auth"), "pubkey");
  EXPECT_EQ(remote->text("auth"), "psk");
  ASSERT_EQ(plan.keys.size(), 1U);
  EXPECT_EQ(plan.keys.front().data, "theirs");
}

TEST(TunnelPlan, a_key_serves_all_identities_that_the_profile_takes) {
  const auto plan = plan_of(R"(crypto ikev2 keyring K
 peer A
  address 198.51.100.2
  pre-shared-key k
crypto ikev2 profile P
 match identity remote key-id SITE
 match identity remote fqdn a.example
 authentication local pre-share
 authentication remote pre-share
 keyring local K
)" + with_entry(std::string(kEntry) + " set ikev2-profile P\n"));
  ASSERT_FALSE(plan.keys.empty());
  const auto has_all = [](const CharonKey& key) { return key.owners == std::vector<std::string>{"198.51.100.2", "keyid:SITE", "fqdn:a.example"}; };
  EXPECT_TRUE(std::any_of(plan.keys.begin(), plan.keys.end(), has_all));
}

TEST(TunnelPlan, a_local_key_alone_is_told) {
  const auto plan = plan_of("crypto ikev2 keyring K\n peer A\n  address 198.51.100.2\n  pre-shared-key local mine\ncrypto ikev2 profile P\n"
                            " match identity remote address 198.51.100.2 255.255.255.255\n authentication local pre-share\n"
                            " authentication remote pre-share\n keyring local K\n" + with_entry(std::string(kEntry) + " set ikev2-profile P\n"));
  EXPECT_TRUE(has_remark(plan, "no key for the remote end", false));
}

TEST(TunnelPlan, peers_of_one_profile_keep_their_own_keys) {
  const auto owners_with = [](const std::string& profile, const std::string& in_entry) {
    const auto plan = plan_of(profile + "access-list 103 permit ip 10.0.0.0 0.0.0.255 10.2.0.0 0.0.255.255\n" +
                              with_entry(kEntry + in_entry, "crypto map mymap 20 ipsec-isakmp\n set peer 192.0.2.2\n set transform-set T\n"
                                                            " match address 103\n" + in_entry));
    std::map<std::string, std::vector<std::string>> owners;
    for (const auto& key : plan.keys) owners[key.data] = key.owners;
    return owners;
  };
  using Owners = std::map<std::string, std::vector<std::string>>;
  const Owners by_address{{"ka", {"198.51.100.2"}}, {"kb", {"192.0.2.2"}}};
  EXPECT_EQ(owners_with(R"(crypto ikev2 keyring K
 peer A
  address 198.51.100.2
  pre-shared-key ka
 peer B
  address 192.0.2.2
  pre-shared-key kb
crypto ikev2 profile P
 match identity remote address 198.51.100.2 255.255.255.255
 match identity remote address 192.0.2.2 255.255.255.255
 authentication local pre-share
 authentication remote pre-share
 keyring local K
)", " set ikev2-profile P\n"), by_address);
  EXPECT_EQ(owners_with(R"(crypto keyring K
 pre-shared-key address 198.51.100.2 key ka
 pre-shared-key address 192.0.2.2 key kb
crypto isakmp profile P
 keyring K
 match identity address 198.51.100.2 255.255.255.255
 match identity address 192.0.2.2 255.255.255.255
)", " set isakmp-profile P\n"), by_address);
  const Owners by_name{{"ka", {"198.51.100.2", "fqdn:a.example"}}, {"kb", {"192.0.2.2", "fqdn:b.example"}}};
  EXPECT_EQ(owners_with(R"(crypto ikev2 keyring K
 peer A
  address 198.51.100.2
  identity fqdn a.example
  pre-shared-key ka
 peer B
  address 192.0.2.2
  identity fqdn b.example
  pre-shared-key kb
crypto ikev2 profile P
 match identity remote fqdn a.example
 match identity remote fqdn b.example
 authentication local pre-share
 authentication remote pre-share
 keyring local K
)", " set ikev2-profile P\n"), by_name);
}

TEST(TunnelPlan, a_peer_that_no_address_line_covers_is_expected_under_its_name) {
  const auto plan = plan_of("crypto ikev2 profile P\n match identity remote address 192.0.2.2 255.255.255.255\n"
                            " match identity remote email admin@s1.example\n authentication local pre-share key k\n"
                            " authentication remote pre-share key k\n" + with_entry(std::string(kEntry) + " set ikev2-profile P\n"));
  EXPECT_EQ(plan.connections.at(0).settings.find_section("remote")->text("id"), "email:admin@s1.example");
}

TEST(TunnelPlan, an_ikev1_tunnel_that_is_closed_is_not_started_again_by_charon) {
  core::TunnelWorld world;
  world.traps = false;
  const auto plan = plan_of(with_entry(kEntry), world);
  const auto* child = child_of(plan.connections.at(0), "rri-mymap-10-10_0_0_0_24_to_10_1_0_0_16");
  ASSERT_NE(child, nullptr);
  EXPECT_EQ(child->text("start_action"), "start");
  EXPECT_EQ(child->text("dpd_action"), "restart");
  EXPECT_EQ(child->text("close_action"), "");
}

TEST(TunnelPlan, an_ikev2_peer_with_a_key_is_expected_under_one_identity) {
  const auto plan_with = [](const std::string& matches) {
    return plan_of("crypto ikev2 keyring K\n peer A\n  address 198.51.100.2\n  pre-shared-key k\ncrypto ikev2 profile P\n" + matches +
                   " authentication local pre-share\n authentication remote pre-share\n keyring local K\n" +
                   with_entry(std::string(kEntry) + " set ikev2-profile P\n"));
  };
  const auto id_of = [](const TunnelPlan& plan) { return std::string(plan.connections.at(0).settings.find_section("remote")->text("id")); };
  const auto any_address = plan_with(" match identity remote address 0.0.0.0\n");
  EXPECT_EQ(id_of(any_address), "198.51.100.2");
  EXPECT_FALSE(has_remark(any_address, "several identities", false));
  const auto anybody = plan_with(" match identity remote any\n");
  EXPECT_EQ(id_of(anybody), "198.51.100.2");
  EXPECT_TRUE(has_remark(anybody, "takes several identities; strongSwan expects one of a peer with a pre-shared key, here 198.51.100.2", false));
  const auto two = plan_with(" match identity remote key-id SITE\n match identity remote fqdn a.example\n");
  EXPECT_EQ(id_of(two), "keyid:SITE");
  EXPECT_TRUE(has_remark(two, "here keyid:SITE, and answers it as any other that its key is for", false));
  ASSERT_EQ(two.connections.size(), 2U);
  EXPECT_EQ(two.connections[1].name, "rri-mymap-10-198_51_100_2_as_2");
  EXPECT_EQ(two.connections[1].settings.find_section("remote")->text("id"), "%any");
  EXPECT_FALSE(core::is_current(two.connections[1]));
}

TEST(TunnelPlan, a_wildcard_key_of_ikev1_leaves_a_peers_own_key_alone) {
  const auto plan = plan_of(with_entry(kEntry, "crypto isakmp key wild address 0.0.0.0 0.0.0.0\ncrypto dynamic-map D 1\n set transform-set T\n"
                                               "crypto map mymap 20 ipsec-isakmp dynamic D\n"));
  std::vector<std::string> owners;
  for (const auto& key : plan.keys) {
    if (key.data == "wild") owners = key.owners;
  }
  // Without owners, with 0.0.0.0/0, or with our own address among them charon 5.9.8 takes it
  // before every other in main mode.
  ASSERT_EQ(owners.size(), 32U);
  const auto takes = [&](const char* address) {
    return std::count_if(owners.begin(), owners.end(), [&](const std::string& owner) {
      return Prefix::parse(owner)->contains(IpAddress::try_parse(address).value());
    });
  };
  EXPECT_EQ(takes("203.0.113.1"), 0);
  for (const auto* peer : {"203.0.113.0", "203.0.113.2", "198.51.100.2", "0.0.0.1", "255.255.255.254"}) EXPECT_EQ(takes(peer), 1) << peer;
}

TEST(TunnelPlan, what_a_list_denies_passes_unless_others_permit_it) {
  const std::string lines = " set peer 198.51.100.2\n set transform-set T\n match address L\n";
  const std::string list = R"(ip access-list extended L
 deny tcp 10.0.0.0 0.0.0.255 10.1.9.0 0.0.0.255 eq 22
 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255
 deny ip any any
)";
  const auto plan = plan_of(with_entry(lines, list));
  ASSERT_EQ(plan.connections.size(), 2U);
  EXPECT_EQ(plan.connections.front().name, "rri-mymap-10-pass");
  const auto* shunt = child_of(plan.connections.front(), "rri-mymap-10-deny_10_0_0_0_24_6_to_10_1_9_0_24_6_22");
  ASSERT_NE(shunt, nullptr);
  EXPECT_EQ(shunt->text("mode"), "pass");
  EXPECT_EQ(shunt->list("remote_ts"), std::vector<std::string>{"10.1.9.0/24[6/22]"});
  EXPECT_FALSE(has_remark(plan, "deny", false));

  const std::string other = "access-list 110 permit ip any 10.1.9.128 0.0.0.127\ncrypto map mymap 20 ipsec-isakmp\n"
                            " set peer 198.51.100.3\n set transform-set T\n match address 110\n";
  const auto shared = plan_of(with_entry(lines, list + other));
  ASSERT_EQ(shared.connections.size(), 2U);
  EXPECT_TRUE(has_remark(shared, "is without effect: IOS would send this traffic in clear, and strongSwan encrypts it, as later permit lines have it: "
                                 "another line permits some of it", false));
  const auto before = plan_of(with_entry(lines, "ip access-list extended L\n 5 permit ip 10.0.0.0 0.0.0.255 10.1.9.7 0.0.0.0\n" + list));
  EXPECT_TRUE(has_remark(before, "another line permits some of it", false));
  core::TunnelWorld user_space;
  user_space.traps = false;
  EXPECT_TRUE(has_remark(plan_of(with_entry(lines, list), user_space), "is without effect", false));
}

TEST(TunnelPlan, the_own_name_has_the_domain) {
  const auto id = [](const std::string& more) {
    const auto plan = plan_of(with_entry(kEntry, "crypto isakmp identity hostname\n" + more));
    return plan.connections.empty() ? std::string() : std::string(plan.connections.front().settings.find_section("local")->text("id"));
  };
  EXPECT_EQ(id(""), "fqdn:HUB");
  EXPECT_EQ(id("ip domain name example.com\n"), "fqdn:HUB.example.com");
  EXPECT_EQ(id("ip domain-name example.com\n"), "fqdn:HUB.example.com");
  EXPECT_EQ(id("crypto ipsec transform-set LAST esp-aes esp-sha-hmac\nip domain name example.com\n"), "fqdn:HUB.example.com");
}

TEST(TunnelPlan, one_certificate_of_charon_proves_us_whatever_our_identity) {
  const auto text = with_entry(kEntry, "crypto isakmp policy 5\n encryption aes\n group 14\ncrypto isakmp identity dn\n") +
                    "no crypto isakmp key secret1 address 198.51.100.2\nno crypto isakmp policy 10\n";
  core::Host host;
  host.replace_all({});
  core::TunnelWorld world;
  auto plan = plan_of(text, world);
  ASSERT_EQ(plan.connections.size(), 1U);
  EXPECT_TRUE(has_remark(plan, "strongSwan must have a certificate with its private key loaded", false));
  world.host = &host;
  world.certificates = {{"DER", {}, {}, {}, true, false}};
  const auto bound = text + "interface GigabitEthernet0/1\n linux device out\n";
  Link link;
  link.index = 2;
  link.name = "out";
  host.replace_all({link});
  plan = plan_of(bound, world);
  ASSERT_EQ(plan.connections.size(), 1U);
  const auto* local = plan.connections.front().settings.find_section("local");
  EXPECT_EQ(local->list("certs"), std::vector<std::string>{"DER"});
  EXPECT_EQ(local->text("id"), "");
  auto without = bound;
  without.replace(without.find("crypto isakmp identity dn\n"), std::string("crypto isakmp identity dn\n").size(), "");
  const auto unsaid = plan_of(without, world);
  EXPECT_EQ(unsaid.connections.front().settings.find_section("local")->text("id"), "") << "no address, which would have to be in the certificate";
  world.certificates = {{"A", {}, {}, {}, true, false}, {"B", {}, {}, {}, true, false}};
  EXPECT_TRUE(has_remark(plan_of(bound, world), "strongSwan has 2 certificates with private keys", false));
}

TEST(TunnelPlan, no_line_that_promises_a_tunnel_is_silent) {
  const auto plan = plan_of(R"(crypto isakmp client configuration group STAFF
 key groupkey
 pool POOL
crypto isakmp peer address 198.51.100.9
 set aggressive-mode password p
crypto isa xauth timeout 30
crypto gdoi group G
 identity number 1
crypto ipsec client ezvpn EZ
 connect auto
crypto map mymap client authentication list USERS
crypto map mymap isakmp authorization list GROUPS
crypto dynamic-map D 10
 match address 102
crypto map mymap 40 ipsec-isakmp dynamic D discover
crypto map mymap 30 ipsec-manual
 set peer 198.51.100.7
no crypto isakmp enable
crypto isakmp profile CLIENTS
 match identity group STAFF
 client authentication list USERS
 client configuration address respond
 keepalive 20 retry 5
crypto ikev2 profile FLEX
 match identity remote any
 aaa authorization group psk list default default
 anyconnect profile X
interface GigabitEthernet0/7
 crypto ipsec client ezvpn EZ
)" + with_entry(std::string(kEntry) + " set nat demux\n"));
  for (const auto* words : {"configuration group STAFF`: group keys", "crypto isakmp peer address 198.51.100.9`: its settings are not used",
                            "crypto isa xauth timeout 30`: XAUTH", "crypto gdoi group G`: group encryption", "mymap client authentication list USERS`: XAUTH",
                            "isakmp authorization list GROUPS`: mode configuration", "dynamic D discover`: tunnel endpoint discovery", "ipsec-manual`: SAs with keys set by hand",
                            "no crypto isakmp enable`: IKE is not turned off", "`client authentication list USERS`: XAUTH",
                            "`client configuration address respond`: mode configuration", "`aaa authorization group psk list default default`",
                            "`anyconnect profile X`: nothing here acts on it", "`set nat demux`: nothing here acts on it"}) {
    EXPECT_TRUE(has_remark(plan, words, false)) << words;
  }
  const auto clients = std::count_if(plan.remarks.begin(), plan.remarks.end(), [](const TunnelRemark& remark) {
    return remark.text.find("an EzVPN client is not supported") != std::string::npos;
  });
  EXPECT_EQ(clients, 2);
  EXPECT_FALSE(has_remark(plan, "keepalive", false));
  EXPECT_FALSE(has_remark(plan_of(with_entry(kEntry) + "crypto ipsec transform-set LAST esp-aes esp-sha-hmac\ncrypto ipsec df-bit clear\n"),
                          "nothing here acts on it", false));
}

TEST(TunnelPlan, a_line_of_a_service_group_has_one_remark_and_no_tunnel) {
  const auto plan = plan_of(with_entry(std::string(kEntry)) + "object-group service S\n tcp eq 22\naccess-list 102 permit object-group S host 10.0.0.1 host 10.1.0.1\n"
                            "crypto map mymap 20 ipsec-isakmp\n set peer 198.51.100.2\n set transform-set T\n match address 102\n");
  EXPECT_TRUE(has_remark(plan, "services of an object group are not looked up here; no tunnel for it", true));
  EXPECT_FALSE(has_remark(plan, "it is wider", false));
}

TEST(TunnelPlan, who_is_to_be_asked_for_a_user_is_not_let_in_without) {
  const std::string dynamic = "crypto isakmp key any address 0.0.0.0 0.0.0.0\ncrypto dynamic-map D 10\n set transform-set T\n"
                              "crypto map mymap 20 ipsec-isakmp dynamic D\n";
  const auto by_map = plan_of(with_entry(kEntry, dynamic +
                                                 "crypto map mymap client authentication list USERS\n"));
  ASSERT_EQ(by_map.connections.size(), 1U);
  EXPECT_EQ(by_map.connections.front().entry, (EntryName{"mymap", 10}));
  EXPECT_TRUE(has_remark(by_map, "dynamic-map D 10: its peers are to be asked for a user (XAUTH)", true));
  const auto by_profile = plan_of("crypto isakmp profile P\n match identity group G\n client authentication list USERS\n" +
                                  with_entry(std::string(kEntry) + " set isakmp-profile P\n"));
  EXPECT_TRUE(by_profile.connections.empty());
  EXPECT_TRUE(has_remark(by_profile, "mymap 10: its peers are to be asked for a user (XAUTH)", true));
}

TEST(TunnelPlan, a_peer_known_by_name_may_call_in_aggressive_mode) {
  const std::string dynamic = "crypto dynamic-map D 10\n set transform-set T\ncrypto map mymap 20 ipsec-isakmp dynamic D\n";
  const auto modes = [](const TunnelPlan& plan) {
    std::vector<std::string> texts;
    for (const auto& one : plan.connections) {
      const auto* child = one.settings.find_section("children");
      texts.push_back(one.name.substr(std::string_view("rri-mymap-").size()) + " " + std::string(one.settings.text("aggressive")) + " " +
                      std::string(child->find_section(child->settings.front().name)->text("start_action")));
    }
    return texts;
  };
  const auto by_key = plan_of(with_entry(kEntry, "crypto isakmp key named hostname s1.example.com\n" + dynamic));
  EXPECT_EQ(modes(by_key), (std::vector<std::string>{"10-198_51_100_2  trap", "20-any_10  none", "20-any_10_aggressive yes none"}));
  EXPECT_TRUE(has_remark(by_key, "i_dont_care_about_security_and_use_aggressive_mode_psk", false));
  const auto disabled = plan_of(with_entry(kEntry, "crypto isakmp key named hostname s1.example.com\ncrypto isakmp aggressive-mode disable\n" + dynamic));
  EXPECT_EQ(modes(disabled), (std::vector<std::string>{"10-198_51_100_2  trap", "20-any_10  none"}));
  EXPECT_FALSE(has_remark(disabled, "aggressive", false));
  const auto by_profile = plan_of("crypto isakmp profile P\n keyring default\n match identity host s1.example.com\n" +
                                  with_entry(std::string(kEntry) + " set isakmp-profile P\n"));
  EXPECT_EQ(modes(by_profile), (std::vector<std::string>{"10-198_51_100_2  trap", "10-198_51_100_2_aggressive yes none"}));
  EXPECT_EQ(modes(plan_of(with_entry(kEntry, dynamic))), (std::vector<std::string>{"10-198_51_100_2  trap", "20-any_10  none"}));
}

TEST(TunnelPlan, tells_a_map_in_two_vrfs_a_profile_without_identity_and_a_vti_beside_a_map) {
  const auto two = plan_of(with_entry(" set peer 198.51.100.2\n set transform-set T\n match address 102\n",
                                      "interface GigabitEthernet0/0/9\n vrf forwarding RED\n ip address 203.0.113.9 255.255.255.252\n crypto map mymap\n"));
  EXPECT_TRUE(has_remark(two, "keyrings and policies of VRF RED are used for both", false));
  const auto profile = plan_of("crypto isakmp profile P\n keyring default\n" +
                               with_entry(" set peer 198.51.100.2\n set transform-set T\n match address 102\n set isakmp-profile P\n"));
  EXPECT_TRUE(has_remark(profile, "isakmp profile P has no `match identity`", false));
}

TEST(TunnelPlan, the_global_ikev2_dpd_is_that_of_profiles_without_their_own) {
  const auto delay_with = [](const std::string& own) {
    const auto plan = plan_of("crypto ikev2 profile P\n match identity remote address 198.51.100.2\n authentication local pre-share key k\n"
                              " authentication remote pre-share key k\n" + own + "crypto ikev2 dpd 30 5 periodic\n" +
                              with_entry(std::string(kEntry) + " set ikev2-profile P\n"));
    EXPECT_EQ(plan.connections.size(), 1U);
    EXPECT_GT(plan.connections.front().patience, Millis{});
    return std::string(plan.connections.front().settings.text("dpd_delay"));
  };
  EXPECT_EQ(delay_with(""), "30s");
  EXPECT_EQ(delay_with(" dpd 12 2 on-demand\n"), "12s");
}

TEST(TunnelPlan, a_keyring_of_another_local_address_gives_no_key) {
  const auto with_ring = [](const std::string& local) {
    return plan_of("crypto keyring K\n local-address " + local + "\n pre-shared-key address 198.51.100.7 key k\n" +
                   with_entry(" set peer 198.51.100.7\n set transform-set T\n match address 102\n"));
  };
  EXPECT_EQ(with_ring("203.0.113.1").connections.size(), 1U);
  const auto other = with_ring("192.0.2.77");
  EXPECT_TRUE(other.connections.empty());
  EXPECT_TRUE(has_remark(other, "there is no pre-shared key for 198.51.100.7", true));
}

TEST(TunnelPlan, tells_of_a_vti_between_the_addresses_of_a_crypto_map) {
  const auto link = [](std::uint32_t index, const std::string& name, std::uint32_t key) {
    Link made;
    made.index = index;
    made.name = name;
    made.up = true;
    made.vti_key = key;
    return made;
  };
  core::Host host;
  host.replace_all({link(2, "eth0", 0), link(3, "vti5", 5)});
  core::TunnelWorld world;
  world.host = &host;
  const auto text = with_entry(kEntry, "crypto ipsec profile I\n set transform-set T\ninterface Tunnel5\n linux device vti5\n"
                                       " tunnel source 203.0.113.1\n tunnel destination 198.51.100.2\n tunnel mode ipsec ipv4\n"
                                       " tunnel protection ipsec profile I\ninterface GigabitEthernet0/1\n linux device eth0\n");
  EXPECT_TRUE(has_remark(plan_of(text, world), "is a VTI between the addresses of crypto map mymap 10", false));
}

TEST(TunnelPlan, tunnel_protection_obeys_its_own_profile) {
  const auto plan = plan_of(std::string(kBase) + R"(crypto ikev2 profile P
 match identity remote fqdn other.example.com
 authentication local pre-share key k
 authentication remote pre-share key k
crypto ipsec profile I
 set transform-set T
interface Tunnel5
 tunnel source 203.0.113.1
 tunnel destination 198.51.100.2
 tunnel mode gre multipoint
 tunnel protection ipsec profile I ikev2-profile P
interface Tunnel6
 tunnel protection ipsec policy ipv4 L
)");
  ASSERT_EQ(plan.connections.size(), 1U);
  EXPECT_EQ(plan.connections.front().settings.text("version"), "2");
  EXPECT_EQ(plan.connections.front().settings.find_section("remote")->text("id"), "fqdn:other.example.com");
  EXPECT_TRUE(has_remark(plan, "NHRP is not spoken here", false));
  EXPECT_TRUE(has_remark(plan, "`tunnel protection ipsec policy ipv4 L`: this form", false));
}

TEST(TunnelPlan, a_static_entry_is_one_connection_with_a_child_for_each_line) {
  const auto plan = plan_of(with_entry(kEntry, "access-list 102 permit tcp host 10.0.0.1 eq www 10.2.0.0 0.0.0.255 range 20 30\n"));
  ASSERT_EQ(plan.connections.size(), 1U);
  const auto& connection = plan.connections.front();
  EXPECT_EQ(connection.name, "rri-mymap-10-198_51_100_2");
  EXPECT_EQ(connection.entry, (EntryName{"mymap", 10}));
  EXPECT_EQ(connection.settings.text("version"), "1");
  EXPECT_EQ(connection.settings.list("local_addrs"), std::vector<std::string>{"203.0.113.1"});
  EXPECT_EQ(connection.settings.list("proposals"), std::vector<std::string>{"aes256-sha256-modp2048"});
  const auto* first = child_of(connection, "rri-mymap-10-10_0_0_0_24_to_10_1_0_0_16");
  const auto* second = child_of(connection, "rri-mymap-10-10_0_0_1_32_6_80_to_10_2_0_0_24_6_20_30");
  ASSERT_TRUE(first != nullptr && second != nullptr);
  EXPECT_EQ(first->list("local_ts"), std::vector<std::string>{"10.0.0.0/24"});
  EXPECT_EQ(second->list("local_ts"), std::vector<std::string>{"10.0.0.1/32[6/80]"});
  EXPECT_EQ(second->list("remote_ts"), std::vector<std::string>{"10.2.0.0/24[6/20-30]"});
  EXPECT_EQ(first->text("start_action"), "trap");
  ASSERT_EQ(plan.keys.size(), 1U);
  EXPECT_EQ(plan.keys.front().owners, std::vector<std::string>{"198.51.100.2"});
  EXPECT_EQ(plan.keys.front().data, "secret1");
  EXPECT_EQ(plan.remarks.size(), 1U);
  EXPECT_TRUE(has_remark(plan, "IKEv1 tells the peer one port and no range", false));
}

TEST(TunnelPlan, only_the_current_peer_has_traps) {
  const auto text = with_entry(" set peer 198.51.100.2\n set peer 198.51.100.3\n set transform-set T\n match address 102\n");
  core::TunnelWorld world;
  const auto actions = [&] {
    std::vector<std::string> found;
    for (const auto& connection : plan_of(text, world).connections) {
      found.emplace_back(child_of(connection, "rri-mymap-10-10_0_0_0_24_to_10_1_0_0_16")->text("start_action"));
    }
    return found;
  };
  EXPECT_EQ(actions(), (std::vector<std::string>{"trap", "none"}));
  world.current[{"mymap", 10}] = 1;
  EXPECT_EQ(actions(), (std::vector<std::string>{"none", "trap"}));
  world.traps = false;
  EXPECT_EQ(actions(), (std::vector<std::string>{"none", "start"}));
}

TEST(TunnelPlan, the_default_peer_has_the_traps_and_a_peer_without_a_key_has_none) {
  const auto traps_of = [](const std::string& peers) {
    std::string holder;
    for (const auto& connection : plan_of(with_entry(peers + " set transform-set T\n match address 102\n")).connections) {
      const auto action = child_of(connection, "rri-mymap-10-10_0_0_0_24_to_10_1_0_0_16")->text("start_action");
      if (action == "trap") holder += connection.name;
    }
    return holder;
  };
  EXPECT_EQ(traps_of(" set peer 198.51.100.2\n set peer 198.51.100.3 default\n"), "rri-mymap-10-198_51_100_3");
  EXPECT_EQ(traps_of(" set peer 192.0.2.9\n set peer 198.51.100.3\n"), "rri-mymap-10-198_51_100_3");
  EXPECT_EQ(traps_of(" set peer 198.51.100.2\n set peer 192.0.2.9 default\n"), "rri-mymap-10-198_51_100_2");
  // The order in the plan stays that of the text.
  const auto plan = plan_of(with_entry(" set peer 198.51.100.2\n set peer 198.51.100.3 default\n set transform-set T\n match address 102\n"));
  EXPECT_EQ(plan.connections.front().name, "rri-mymap-10-198_51_100_2");
}

TEST(TunnelPlan, nothing_without_an_interface) {
  EXPECT_TRUE(plan_of(std::string(kBase) + "crypto map mymap 10 ipsec-isakmp\n" + kEntry).connections.empty());
}

TEST(TunnelPlan, bad_input_is_told_at_its_line_and_the_rest_works) {
  const auto other = std::string("crypto map mymap 5 ipsec-isakmp\n set peer 198.51.100.3\n set transform-set T\n match address 105\n");
  const auto base = "access-list 105 permit ip 10.0.0.0 0.0.0.255 10.5.0.0 0.0.255.255\n" + other;
  const auto check = [&](const std::string& entry, const std::string& more, std::string_view words) {
    const auto plan = plan_of(with_entry(entry, base + more));
    ASSERT_EQ(plan.connections.size(), 1U) << words;
    EXPECT_EQ(plan.connections.front().name, "rri-mymap-5-198_51_100_3");
    EXPECT_TRUE(has_remark(plan, words, true)) << words;
  };
  check(" set peer 198.51.100.9\n set transform-set T\n match address 102\n", "", "no pre-shared key for 198.51.100.9");
  check(" set peer 198.51.100.2\n set transform-set NONE\n match address 102\n", "", "transform set NONE is not defined");
  check(" set peer 198.51.100.2\n set transform-set T\n match address 109\n", "", "access list 109 is not defined");
  check(" set peer 198.51.100.2\n set transform-set T\n match address 109\n", "access-list 109 permit ip any any\n",
        "would send all traffic of this host into the tunnel");
  check(" set peer 198.51.100.2\n set transform-set T\n set isakmp-profile NONE\n match address 102\n", "",
        "isakmp profile NONE is not defined");
}

TEST(TunnelPlan, lines_that_take_other_packets_than_on_ios_are_told) {
  const auto is_told = [](const std::string& line, std::string_view words) {
    const auto plan = plan_of(with_entry(" set peer 198.51.100.2\n set transform-set T\n match address 109\n", "access-list 109 " + line + "\n"));
    return plan.connections.size() == 1 && has_remark(plan, words, false);
  };
  constexpr std::string_view kWide = "a tunnel's policy knows no interface";
  EXPECT_TRUE(is_told("permit icmp any any", kWide));
  EXPECT_TRUE(is_told("permit tcp any any eq 80", kWide));
  EXPECT_TRUE(is_told("permit ip 10.0.0.0 0.0.0.255 any", kWide));
  EXPECT_FALSE(is_told("permit icmp any 10.1.0.0 0.0.255.255", kWide));
  constexpr std::string_view kRange = "IKEv1 tells the peer one port and no range";
  EXPECT_TRUE(is_told("permit tcp 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255 range 1000 1003", kRange));
  EXPECT_TRUE(is_told("permit tcp 10.0.0.0 0.0.0.255 gt 1023 10.1.0.0 0.0.255.255", kRange));
  EXPECT_FALSE(is_told("permit tcp 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255 eq 80", kRange));
}

TEST(TunnelPlan, two_maps_with_one_access_list_are_two_connections_and_one_trap) {
  const auto plan = plan_of(with_entry(kEntry, "crypto map other 10 ipsec-isakmp\n set peer 198.51.100.3\n set transform-set T\n match address 102\n"
                                               "interface GigabitEthernet0/0/7\n ip address 203.0.113.9 255.255.255.252\n crypto map other\n"));
  ASSERT_EQ(plan.connections.size(), 2U);
  EXPECT_EQ(plan.connections.back().settings.list("local_addrs"), std::vector<std::string>{"203.0.113.9"});
  EXPECT_EQ(child_of(plan.connections.front(), "rri-mymap-10-10_0_0_0_24_to_10_1_0_0_16")->text("start_action"), "trap");
  EXPECT_EQ(child_of(plan.connections.back(), "rri-other-10-10_0_0_0_24_to_10_1_0_0_16")->text("start_action"), "none");
  EXPECT_TRUE(has_remark(plan, "already protects what this line permits; traffic starts that tunnel only", false));
  EXPECT_FALSE(has_remark(plan, "no usable permit line", true));
}

TEST(TunnelPlan, an_entry_that_makes_no_tunnel_takes_no_traps) {
  const auto second = [](const std::string& first) {
    const auto plan = plan_of(with_entry(first, "crypto map mymap 20 ipsec-isakmp\n set peer 198.51.100.3\n set transform-set T\n match address 102\n"));
    EXPECT_EQ(plan.connections.size(), 1U) << first;
    EXPECT_FALSE(has_remark(plan, "already protects", false)) << first;
    return std::string(child_of(plan.connections.back(), "rri-mymap-20-10_0_0_0_24_to_10_1_0_0_16")->text("start_action"));
  };
  EXPECT_EQ(second(" set peer 198.51.100.9\n set transform-set T\n match address 102\n"), "trap") << "no key";
  EXPECT_EQ(second(" set peer 198.51.100.2\n set transform-set NONE\n match address 102\n"), "trap") << "no transform set";
  EXPECT_EQ(second(" set peer 198.51.100.2\n set isakmp-profile NONE\n set transform-set T\n match address 102\n"), "trap") << "no profile";
}

TEST(TunnelPlan, two_entries_for_one_peer_are_told) {
  const auto plan = plan_of(with_entry(kEntry, "access-list 105 permit ip 10.0.0.0 0.0.0.255 10.5.0.0 0.0.255.255\n"
                                               "crypto map mymap 5 ipsec-isakmp\n set peer 198.51.100.2\n set transform-set T\n"
                                               " match address 105\n"));
  EXPECT_EQ(plan.connections.size(), 2U);
  EXPECT_TRUE(has_remark(plan, "is in crypto map mymap 5 as well", false));
}

TEST(TunnelPlan, host_names_wait_for_their_address) {
  const auto text = with_entry(" set peer hub.example.com\n set transform-set T\n match address 102\n",
                               "crypto isakmp key named hostname hub.example.com\n");
  core::Host host;
  host.replace_all({{1, "GigabitEthernet0/1", true, "default", {}, 0, 0, {{*IpAddress::try_parse("203.0.113.1"), 30}}}});
  core::TunnelWorld world;
  world.host = &host;
  EXPECT_TRUE(has_remark(plan_of(text, world), "has no address yet", true));
  world.hosts["hub.example.com"] = *IpAddress::try_parse("192.0.2.9");
  const auto plan = plan_of(text, world);
  ASSERT_EQ(plan.connections.size(), 1U);
  EXPECT_EQ(plan.connections.front().settings.list("remote_addrs"), std::vector<std::string>{"192.0.2.9"});
  EXPECT_EQ(plan.keys.front().data, "named");
}

TEST(TunnelPlan, the_group_gives_the_address_while_it_is_active) {
  std::string text = with_entry(kEntry);
  const auto place = text.find(" crypto map mymap\n");
  text.replace(place, std::string::npos, " standby 1 ip 203.0.113.3\n standby 1 name G\n crypto map mymap redundancy G\n");
  core::Host host;
  host.replace_all({{1, "GigabitEthernet0/1", true, "default", {}, 0, 0, {{*IpAddress::try_parse("203.0.113.1"), 30}}}});
  core::TunnelWorld world;
  world.host = &host;
  EXPECT_TRUE(plan_of(text, world).connections.empty());
  world.active_groups.insert("G");
  const auto plan = plan_of(text, world);
  ASSERT_EQ(plan.connections.size(), 1U);
  EXPECT_EQ(plan.connections.front().settings.list("local_addrs"), std::vector<std::string>{"203.0.113.3"});
}

TEST(TunnelPlan, weak_algorithms_work_and_are_told) {
  const auto plan = plan_of(with_entry(" set peer 198.51.100.2\n set transform-set W\n set pfs group2\n match address 102\n",
                                       "crypto ipsec transform-set W esp-des esp-md5-hmac\n"));
  ASSERT_EQ(plan.connections.size(), 1U);
  EXPECT_EQ(child_of(plan.connections.front(), "rri-mymap-10-10_0_0_0_24_to_10_1_0_0_16")->list("esp_proposals"),
            std::vector<std::string>{"des-md5-modp1024"});
  for (const auto* weak : {"DES is weak", "MD5 is weak", "group 2 is weak"}) EXPECT_TRUE(has_remark(plan, weak, false)) << weak;
}

TEST(TunnelPlan, names_map_back) {
  EXPECT_EQ(entry_of_connection(charon_connection_name({"my map.1-x", 7}, "any_10")), (EntryName{"my map.1-x", 7}));
  EXPECT_EQ(entry_of_connection("rri-Tunnel0"), std::nullopt);
  EXPECT_EQ(entry_of_connection("other-1-x"), std::nullopt);
  EXPECT_EQ(entry_of_connection("rri-a+zz-1-x"), std::nullopt);
}

}  // namespace
}  // namespace rri::app

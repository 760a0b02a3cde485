// What `rrid --check` finds doubtful: the slips of people who are new here.
#include "app/check_config.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "app/startup.h"
#include "shell/slips.h"

namespace rri::app {
namespace {

constexpr std::string_view kRight = R"(crypto isakmp policy 10
 encryption aes
 authentication pre-share
 group 14
crypto isakmp key secret address 198.51.100.2
crypto ipsec transform-set T esp-aes esp-sha-hmac
access-list 101 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255
crypto map VPN 10 ipsec-isakmp
 set peer 198.51.100.2
 set transform-set T
 match address 101
 reverse-route
interface GigabitEthernet0/0/0
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet0/0/1
 ip address 203.0.113.1 255.255.255.252
 crypto map VPN
)";

/// The lines and texts of everything that is told of `kRight` with `more` behind it.
std::string told(std::string_view more) {
  const auto parsed = parse_document(std::string(kRight) + std::string(more));
  std::string all;
  for (const auto& one : parsed.diagnostics) all += render_diagnostic(one, "F") + "\n";
  for (const auto& one : find_doubtful(parsed)) all += render_diagnostic(one, "F") + "\n";
  return all;
}

void expect_told(std::string_view more, const std::string& line, const std::string& words) {
  const auto all = told(more);
  const auto at = all.find(words);
  ASSERT_NE(at, std::string::npos) << words << " is not in\n" << all;
  const auto start = all.rfind('\n', at) + 1;
  EXPECT_EQ(all.substr(start, line.size()), line) << all;
}

TEST(CheckConfig, a_right_configuration_has_nothing_to_tell) { EXPECT_EQ(told(""), ""); }

TEST(CheckConfig, words_that_do_nothing_in_a_crypto_map_are_told) {
  expect_told("crypto map VPN 20 ipsec-isakmp\n match adress 101\n", "F:19:2: warning: ", "`match adress 101`: nothing here acts on it");
  EXPECT_EQ(told("ip ssh version 2\nline vty 0 4\n login local\n"), "");  // what running-configs are full of
}

TEST(CheckConfig, lines_that_are_none_of_ios_are_told_where_lines_act) {
  for (const std::string opener : {"interface GigabitEthernet0/0/5", "router ospf 1", "ip access-list extended A", "ip access-list standard S",
                                   "vrf definition RED", "line vty 0 4", "ipv6 access-list V", "object-group network G", "router bgp 65000"}) {
    expect_told(opener + "\n foo bar\n", "F:19:2: warning: ", "`foo bar` in `" + opener + "` is no command that does anything here");
  }
  EXPECT_EQ(told("interface GigabitEthernet0/0/5\n ip redirects\n negotiation auto\n no cdp enable\n service-policy output X\n"
                 "router ospf 1\n log-adjacency-changes\n passive-interface default\n network 10.0.0.0 0.255.255.255 area 0\n area 1 stub\n"
                 "router bgp 65000\n bgp log-neighbor-changes\n address-family ipv4 vrf A\n  redistribute static\n exit-address-family\n"
                 "router eigrp 7\n eigrp router-id 1.1.1.1\n variance 2\nroute-map X permit 10\n frobnicate\n"
                 "vrf definition RED\n rd 1:1\n address-family ipv4\n  route-target export 1:1\n  import map M\n exit-address-family\n"), "");
}

TEST(CheckConfig, slips_of_the_finger_are_told) {
  expect_told("crypto mpa VPN 10\n", "F:18:8: warning: ", "`crypto mpa ...` is no command of IOS known here (did you mean `map`?); it is kept and does nothing");
  expect_told("ip rotue 0.0.0.0 0.0.0.0 1.1.1.1\n", "F:18:4: warning: ", "`ip rotue ...` is no command of IOS known here (did you mean `route`?)");
  expect_told("no ip rotue 0.0.0.0 0.0.0.0 1.1.1.1\n", "F:18:7: warning: ", "`no ip rotue ...` is no command of IOS known here (did you mean `route`?)");
  expect_told("interface Gi0/0/5\n crypto mapp M\n", "F:19:9: warning: ", "`crypto mapp ...` is no command of IOS known here (did you mean `map`?)");
  expect_told("interface Gi0/0/5\n ip adress 1.1.1.1 255.255.255.0\n", "F:19:5: warning: ", "(did you mean `address`?)");
  expect_told("hostnmae R1\n", "F:18:1: warning: ", "`hostnmae ...` is no command of IOS known here (did you mean `hostname`?)");
  EXPECT_EQ(told("ip dns server\nip mroute 0.0.0.0 0.0.0.0 Null0\n"), "");  // one letter from `ip ddns` and `ip route`
  expect_told("usrname bob password SECRET\n", "F:18:1: warning: ", "`usrname ...` is no command of IOS known here");
}

class KnownFile : public ::testing::TestWithParam<std::string> {};

TEST_P(KnownFile, has_no_slips) {
  const auto text = read_config_file(GetParam());
  ASSERT_TRUE(text);
  for (const auto& slip : shell::find_slips(parse_document(*text).document)) {
    const bool is_meant = GetParam().ends_with("every_area.cfg") && (slip.text.starts_with("`shutdown` ") || slip.text.starts_with("`bogus` "));
    if (!is_meant) ADD_FAILURE() << render_diagnostic(slip, GetParam());
  }
}

std::vector<std::string> known_files() {
  std::vector<std::string> files;
  for (const auto* directory : {"data/config", "../examples"}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(std::filesystem::path(RRI_TESTS_DIR) / directory)) {
      if (file.path().extension() == ".cfg" || file.path().filename() == "startup-config") files.push_back(file.path().string());
    }
  }
  return files;
}

INSTANTIATE_TEST_SUITE_P(Files, KnownFile, ::testing::ValuesIn(known_files()));

TEST(CheckConfig, maps_that_are_used_nowhere_are_told) {
  expect_told("crypto map OTHER 5 ipsec-isakmp\n set peer 198.51.100.2\n match address 101\n", "F:18:", "crypto map OTHER is on no interface");
  expect_told("crypto dynamic-map DYN 5\n set transform-set T\n", "F:18:", "dynamic map DYN is in no crypto map");
}

TEST(CheckConfig, the_far_sides_list_is_told) {
  expect_told("access-list 101 permit ip 10.1.0.0 0.0.255.255 10.0.0.0 0.0.0.255\n", "F:18:1: warning: ", "is a network of GigabitEthernet0/0/0");
}

TEST(CheckConfig, a_mask_in_place_of_a_wildcard_is_told) {
  expect_told("access-list 101 permit ip 10.0.0.0 255.255.255.0 10.2.0.0 0.0.255.255\n", "F:18:1: notice: ",
              "255.255.255.0 looks like a mask, whose wildcard is 0.0.0.255");
  EXPECT_EQ(told("access-list 109 permit ip 10.0.0.0 0.255.0.255 any\n").find("looks like"), std::string::npos);
}

TEST(CheckConfig, a_permit_that_closes_the_hosts_own_way_out_is_told_with_its_cure) {
  expect_told("access-list 101 permit ip any any\n", "F:18:1: warning: ", "nothing of IPv4 leaves GigabitEthernet0/0/1 unencrypted");
  EXPECT_EQ(told("access-list 101 permit ip any any\nrri\n fail-closed off\n").find("fail-closed:"), std::string::npos);
}

/// What charon will not do as IOS does it, of `kRight` with `more` behind it.
std::string unused_lines(std::string_view more) {
  std::string all;
  for (const auto& line : parse_document(std::string(kRight) + std::string(more)).config.ike.unused) all += fmt::format("{}: {}\n", line.position.line, line.text);
  return all;
}

TEST(CheckConfig, what_strongswan_does_otherwise_is_told_at_its_line) {
  EXPECT_EQ(unused_lines("crypto isakmp policy 20\n encryption aes\n authentication pre-share\n group 14\n"), "");
  EXPECT_EQ(unused_lines("crypto isakmp policy 20\n authentication pre-share\n lifetime 3600\n"),
            "18: isakmp policy 20: lifetime 3600 does not count: strongSwan has one for all policies of a peer, that of policy 10 (86400)\n");
  EXPECT_EQ(unused_lines("crypto isakmp policy 20\n lifetime 3600\n"),
            "18: isakmp policies 10 and 20 differ in `authentication`: a peer that has a pre-shared key gets the policies with keys alone, any other one "
            "those with certificates\n");
  EXPECT_EQ(unused_lines("crypto isakmp keepalive 10 periodic\ncrypto isakmp keepalive 10 3\ncrypto pki trustpoint A\n revocation-check none\n"), "");
  for (const std::string line : {"crypto isakmp keepalive 10 on-demand", "crypto ikev2 dpd 10 3 on-demand"}) {
    EXPECT_EQ(unused_lines(line + "\n").rfind("18: `crypto is", 0) == 0 || unused_lines(line + "\n").rfind("18: `crypto ikev2", 0) == 0, true) << unused_lines(line + "\n");
  }
  const std::string profile = "crypto ikev2 keyring KR\n peer A\n  address 198.51.100.2\ncrypto ikev2 profile P\n match identity remote any\n ";
  for (const auto* line : {"dpd 10 3 on-demand", "keyring local KR name-mangler NM", "virtual-template 1", "lifetime certificate"}) {
    EXPECT_EQ(unused_lines(profile + line + "\n").rfind(fmt::format("23: `{}`: ", line), 0), 0U) << line << "\n" << unused_lines(profile + line + "\n");
  }
  EXPECT_EQ(unused_lines("crypto pki trustpoint A\n enrollment terminal\n revocation-check crl\n"),
            "20: `revocation-check crl`: strongSwan looks for revoked certificates by its own settings, and takes one where it finds no list\n");
}

TEST(CheckConfig, a_second_keyring_of_an_ikev2_profile_replaces_the_first) {
  const auto parsed = parse_document("crypto ikev2 keyring A\ncrypto ikev2 keyring B\ncrypto ikev2 profile P\n keyring local A\n keyring local B\n");
  EXPECT_EQ(parsed.config.ikev2_profiles.at("P").keyrings, std::vector<std::string>{"B"});
}

}  // namespace
}  // namespace rri::app

#include "core/match.h"

#include <absl/hash/hash.h>
#include <gtest/gtest.h>

#include "config_builder.h"

namespace rri::core::test {
namespace {

class Match : public ::testing::Test {
 protected:
  Match() : config_(common_config()) {
    auto& map = config_.crypto_maps["mymap"];
    map.entries[10].sequence = 10;
    map.entries[10].dynamic_map = "dyn";
    auto& dynamic = config_.dynamic_maps["dyn"];
    dynamic.entries[1].sequence = 1;
    host_.replace_all({make_link(1, "eth0", "192.168.0.2/24"), make_link(2, "eth1", "172.16.0.1/24")});
  }

  /// "map sequence interface", or the reason why there is none.
  std::string match(const Sa& sa) {
    table_ = expand_entries(config_, host_);
    std::vector<Prefix> prefixes;
    for (const auto& selector : sa.remote) prefixes.push_back(*selector.to_prefix());
    const auto path = [&](const PathQuery&) { return path_ ? &*path_ : nullptr; };
    const auto result = match_sa({table_.entries, host_, hosts_, path}, sa, prefixes);
    if (!result.entry) return result.reason;
    const auto& entry = table_.entries[*result.entry];
    return entry.name() + " " + entry.interface;
  }

  Config config_;
  Host host_;
  EntryTable table_;
  std::map<std::string, IpAddress> hosts_;
  std::optional<Path> path_;
};

/// 20,000 `ip route` lines through one next hop took minutes when these had one hash.
TEST(PathQueries, of_different_lines_have_different_hashes) {
  const PathQuery one{"default", ip("203.0.113.2"), {}, net("10.0.0.0/24")};
  const PathQuery other{"default", ip("203.0.113.2"), {}, net("10.0.1.0/24")};
  EXPECT_NE(absl::Hash<PathQuery>{}(one), absl::Hash<PathQuery>{}(other));
  EXPECT_EQ(absl::Hash<PathQuery>{}(one), absl::Hash<PathQuery>{}(PathQuery(one)));
}

TEST_F(Match, lowest_sequence_that_permits_else_lowest_that_takes_the_peer) {
  EXPECT_EQ(match(make_sa(1, "10.1.1.1", "10.0.0.0/16")), "mymap 1 GigabitEthernet0/0/1");
  EXPECT_EQ(match(make_sa(1, "203.0.113.7", "10.0.0.0/16")), "mymap 10 (dynamic dyn 1) GigabitEthernet0/0/1");
  EXPECT_EQ(match(make_sa(1, "10.1.1.1", "10.9.0.0/16")), "mymap 10 (dynamic dyn 1) GigabitEthernet0/0/1");
  config_.dynamic_maps.clear();
  EXPECT_EQ(match(make_sa(1, "10.1.1.1", "10.9.0.0/16")), "mymap 1 GigabitEthernet0/0/1");
}

TEST_F(Match, the_entry_that_the_source_names_is_taken_as_given) {
  auto sa = make_sa(1, "203.0.113.7", "10.9.0.0/16");
  sa.entry = EntryName{"mymap", 1};
  EXPECT_EQ(match(sa), "mymap 1 GigabitEthernet0/0/1");
  sa.entry = EntryName{"mymap", 7};
  EXPECT_EQ(match(sa), "there is no crypto map entry mymap 7 on an interface");
}

TEST_F(Match, the_connection_names_the_template) {
  config_.dynamic_maps["dyn"].entries[2] = config_.dynamic_maps["dyn"].entries[1];
  config_.dynamic_maps["dyn"].entries[2].sequence = 2;
  auto sa = make_sa(1, "203.0.113.7", "10.9.0.0/16");
  sa.entry = EntryName{"mymap", 10};
  EXPECT_EQ(match(sa), "mymap 10 (dynamic dyn 1) GigabitEthernet0/0/1");
  sa.connection = "rri-mymap-10-any_2_3";
  EXPECT_EQ(match(sa), "mymap 10 (dynamic dyn 2) GigabitEthernet0/0/1");
  sa.connection = "rri-mymap-10-198_51_100_2";  // charon hung it there
  EXPECT_EQ(match(sa), "mymap 10 (dynamic dyn 1) GigabitEthernet0/0/1");
}

TEST_F(Match, the_local_address_names_the_attachment) {
  Interface second;
  second.name = "GigabitEthernet0/0/2";
  second.linux_device = "eth1";
  second.vrf = "default";
  second.maps = {{"mymap", {}, false, false}};
  config_.interfaces[second.name] = second;
  auto sa = make_sa(1, "10.1.1.1", "10.0.0.0/16");
  EXPECT_EQ(match(sa), "mymap 1 GigabitEthernet0/0/1");  // first by name
  path_ = Path{"eth1", {}, ""};
  EXPECT_EQ(match(sa), "mymap 1 GigabitEthernet0/0/2");  // reaches the peer
  sa.local_endpoint = ip("192.168.0.2");
  EXPECT_EQ(match(sa), "mymap 1 GigabitEthernet0/0/1");
  sa.local_endpoint = ip("172.16.0.1");
  EXPECT_EQ(match(sa), "mymap 1 GigabitEthernet0/0/2");
  sa.local_endpoint = ip("198.51.100.1");
  EXPECT_NE(match(sa).find("local address 198.51.100.1"), std::string::npos);
}

TEST_F(Match, the_virtual_address_of_the_interface_counts_as_local) {
  StandbyGroup group;
  group.name = "g";
  group.virtual_addresses = {ip("192.168.0.3")};
  config_.interfaces.begin()->second.standby = {group};
  auto sa = make_sa(1, "10.1.1.1", "10.0.0.0/16");
  sa.local_endpoint = ip("192.168.0.3");
  EXPECT_EQ(match(sa), "mymap 1 GigabitEthernet0/0/1");
}

TEST_F(Match, profiles_choose_by_identity) {
  auto& profile = config_.isakmp_profiles["P"];
  profile.name = "P";
  profile.identities = {{IdentityMatch::Kind::HostDomain, "example.com", {}},
                        {IdentityMatch::Kind::Address, "", net("198.51.100.0/24")}};
  config_.dynamic_maps["dyn"].entries[1].isakmp_profile = "P";
  EXPECT_EQ(match(make_sa(1, "203.0.113.7", "10.9.0.0/16", "spoke.example.com")),
            "mymap 10 (dynamic dyn 1) GigabitEthernet0/0/1");
  EXPECT_EQ(match(make_sa(1, "203.0.113.7", "10.9.0.0/16", "spoke.example.org")), "no crypto map entry takes peer 203.0.113.7");
  EXPECT_EQ(match(make_sa(1, "198.51.100.9", "10.9.0.0/16", "spoke.example.org")),
            "mymap 10 (dynamic dyn 1) GigabitEthernet0/0/1");
}

TEST_F(Match, subjects_choose_by_what_they_have) {
  auto& profile = config_.isakmp_profiles["P"];
  profile.identities = {{IdentityMatch::Kind::Subject, "OU=red, O=Lab", {}}};
  config_.dynamic_maps["dyn"].entries[1].isakmp_profile = "P";
  EXPECT_EQ(match(make_sa(1, "203.0.113.7", "10.9.0.0/16", "C=CH, O=Lab, OU=Red, CN=a")), "mymap 10 (dynamic dyn 1) GigabitEthernet0/0/1");
  EXPECT_EQ(match(make_sa(1, "203.0.113.7", "10.9.0.0/16", "C=CH, O=Lab, OU=Blue, CN=a")), "no crypto map entry takes peer 203.0.113.7");
  EXPECT_EQ(match(make_sa(1, "203.0.113.7", "10.9.0.0/16", "a.example.com")), "no crypto map entry takes peer 203.0.113.7");
}

TEST_F(Match, an_entry_with_an_identity_takes_no_other) {
  config_.identities["RED"] = {{IdentityMatch::Kind::Subject, "OU=red", {}}, {IdentityMatch::Kind::Host, "red.example.com", {}}};
  config_.ike.dynamic_entries[{"dyn", 1}].identity = "RED";
  EXPECT_EQ(match(make_sa(1, "203.0.113.7", "10.9.0.0/16", "OU=Red, CN=a")), "mymap 10 (dynamic dyn 1) GigabitEthernet0/0/1");
  EXPECT_EQ(match(make_sa(1, "203.0.113.7", "10.9.0.0/16", "red.example.com")), "mymap 10 (dynamic dyn 1) GigabitEthernet0/0/1");
  EXPECT_EQ(match(make_sa(1, "203.0.113.7", "10.9.0.0/16", "OU=Blue, CN=a")), "no crypto map entry takes peer 203.0.113.7");
}

TEST(Entry, a_wildcard_key_proves_no_identity) {
  Entry entry;
  EXPECT_TRUE(entry.proves_identity(ip("203.0.113.7")));
  PreSharedKeyScope wildcard;
  wildcard.address = net("0.0.0.0/0");
  entry.keys = {wildcard};
  EXPECT_FALSE(entry.proves_identity(ip("203.0.113.7")));
  PreSharedKeyScope own;
  own.address = net("203.0.113.7/32");
  entry.keys.push_back(own);
  EXPECT_TRUE(entry.proves_identity(ip("203.0.113.7")));
  EXPECT_FALSE(entry.proves_identity(ip("203.0.113.8")));
}

}  // namespace
}  // namespace rri::core::test

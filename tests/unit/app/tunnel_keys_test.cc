// Whose charon takes a pre-shared key for: its owners, and the order in which keys are loaded.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "core/tunnel_delta.h"
#include "tunnel_texts.h"

namespace rri::app {
namespace {

TEST(TunnelKeys, separate_keys_of_ikev2_are_not_found_by_our_own_identity) {
  const auto plan = plan_of("crypto ikev2 keyring K\n peer A\n  address 198.51.100.2\n  identity fqdn hub7.example\n  pre-shared-key local mine\n"
                            "  pre-shared-key remote its\ncrypto ikev2 profile P\n match identity remote address 198.51.100.2 255.255.255.255\n"
                            " authentication local pre-share\n authentication remote pre-share\n keyring local K\n" +
                            with_entry(std::string(kEntry) + " set ikev2-profile P\n"));
  ASSERT_EQ(plan.keys.size(), 2U);
  std::map<std::string, std::vector<std::string>> owners;
  for (const auto& key : plan.keys) owners[key.data] = key.owners;
  // charon 5.9.8: an address matches itself better than a range, a name itself better than a pattern.
  EXPECT_EQ(owners["mine"], (std::vector<std::string>{"198.51.100.2", "fqdn:hub7.example"}));
  // An asterisk stands for one letter at least.
  EXPECT_EQ(owners["its"], (std::vector<std::string>{"198.51.100.2-198.51.100.3", "fqdn:*ub7.example"}));
}

/// D 10 takes a peer by its name, D 20 another by its address.
std::string by_name_and_by_address(const std::string& more = {}) {
  return "crypto keyring KN\n pre-shared-key hostname hub7.example key named\ncrypto keyring KA\n pre-shared-key address 192.0.2.2 key its\n"
         "crypto isakmp profile PN\n keyring KN\n match identity host hub7.example\ncrypto isakmp profile PA\n keyring KA\n"
         " match identity address 192.0.2.2 255.255.255.255\ncrypto dynamic-map D 10\n set transform-set T\n set isakmp-profile PN\n"
         "crypto dynamic-map D 20\n set transform-set T\n set isakmp-profile PA\n" + std::string(kBase) + more +
         "crypto map mymap 10 ipsec-isakmp dynamic D\n" + kInterface;
}

TEST(TunnelKeys, no_connection_for_several_peers_owns_a_key_in_main_mode) {
  // charon 5.9.8 answers main mode with the first key that the identities of any connection own.
  const auto plan = plan_of(by_name_and_by_address());
  std::map<std::string, std::string> identities;
  for (const auto& one : plan.connections) identities[one.name] = one.settings.find_section("remote")->text("id");
  EXPECT_EQ(identities, (std::map<std::string, std::string>{{"rri-mymap-10-any_10_aggressive", "fqdn:*ub7.example"},
                                                            {"rri-mymap-10-any_20", "192.0.2.2-192.0.2.2"}}));
  const auto refused = plan_of(by_name_and_by_address("crypto isakmp aggressive-mode disable\n"));
  EXPECT_EQ(refused.connections.size(), 1U);
  EXPECT_TRUE(has_remark(refused, "main mode says too late, and aggressive mode is disabled, no tunnel", true));
}

TEST(TunnelKeys, no_network_of_a_key_has_our_own_address_in_it) {
  const auto plan = plan_of("crypto isakmp key wide address 203.0.113.0 255.255.255.248\ncrypto dynamic-map D 10\n set transform-set T\n"
                            "crypto ikev2 keyring K\n peer A\n  address 203.0.113.0\n  pre-shared-key local mine\n  pre-shared-key remote theirs\n"
                            "crypto ikev2 profile P\n match identity remote address 203.0.113.0 255.255.255.255\n authentication local pre-share\n"
                            " authentication remote pre-share\n keyring local K\ncrypto map mymap 99 ipsec-isakmp dynamic D\n" +
                            with_entry(" set peer 203.0.113.0\n set transform-set T\n match address 102\n set ikev2-profile P\n"));
  std::map<std::string, std::vector<std::string>> owners;
  for (const auto& key : plan.keys) owners[key.data] = key.owners;
  EXPECT_EQ(owners["wide"], (std::vector<std::string>{"203.0.113.0/32", "203.0.113.2/31", "203.0.113.4/30"}));
  EXPECT_EQ(owners["theirs"], (std::vector<std::string>{"203.0.112.255-203.0.113.0"}));
}

TEST(TunnelKeys, keys_are_loaded_in_the_order_in_which_ios_would_find_them) {
  const auto text = [](const std::string& wide) {
    return "crypto ikev2 keyring K\n peer A\n  address 198.51.100.2\n  pre-shared-key local mine\n  pre-shared-key remote its\n"
           "crypto ikev2 profile P\n match identity remote address 198.51.100.2 255.255.255.255\n authentication local pre-share\n"
           " authentication remote pre-share\n keyring local K\n"
           "crypto isakmp key everybody address 0.0.0.0 0.0.0.0\ncrypto isakmp key " + wide + " address 10.1.0.0 255.255.0.0\n"
           "crypto isakmp key network address 10.1.2.0 255.255.255.0\ncrypto dynamic-map D 1\n set transform-set T\n"
           "crypto map mymap 99 ipsec-isakmp dynamic D\n" +
           with_entry(std::string(kEntry) + " set ikev2-profile P\n");
  };
  const auto plan = plan_of(text("wide"));
  std::vector<std::string> order;
  for (const auto& key : plan.keys) order.push_back(key.data);
  EXPECT_EQ(order, (std::vector<std::string>{"its", "everybody", "wide", "network", "mine", "secret2"}));
  // charon puts what is loaded before the others: what is more exact comes again.
  core::LoadedTunnels loaded;
  for (const auto& key : plan.keys) loaded.keys[key.id] = key;
  for (const auto& connection : plan.connections) loaded.connections[connection.name] = connection.settings;
  const auto after = plan_of(text("other"));
  std::vector<std::string> again;
  for (const auto& step : core::diff_tunnels(after, loaded)) again.push_back(after.keys[step.index].data);
  EXPECT_EQ(again, (std::vector<std::string>{"other", "network"}));
}

}  // namespace
}  // namespace rri::app

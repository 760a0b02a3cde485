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

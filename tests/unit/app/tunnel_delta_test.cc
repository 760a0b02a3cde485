// What a change of the configuration has charon do, and what becomes of the SAs.
#include "core/tunnel_delta.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tunnel_texts.h"

namespace rri::app {
namespace {

using core::TunnelStep;
using Kind = core::TunnelStep::Kind;

core::LoadedTunnels loaded_by(const TunnelPlan& plan) {
  core::LoadedTunnels loaded;
  for (const auto& connection : plan.connections) loaded.connections[connection.name] = connection.settings;
  for (const auto& key : plan.keys) loaded.keys[key.id] = key;
  return loaded;
}

std::vector<Kind> kinds(const std::vector<TunnelStep>& steps) {
  std::vector<Kind> found;
  for (const auto& step : steps) found.push_back(step.kind);
  return found;
}

TEST(TunnelDelta, a_change_of_rri_settings_is_no_change) {
  const auto before = plan_of(with_entry(kEntry));
  const auto after = plan_of(with_entry(std::string(kEntry) + " reverse-route static\n set reverse-route distance 20\n"));
  EXPECT_TRUE(core::diff_tunnels(after, loaded_by(before)).empty());
}

TEST(TunnelDelta, a_lifetime_and_a_transform_set_end_no_sa) {
  const auto before = loaded_by(plan_of(with_entry(kEntry)));
  const auto longer = plan_of(with_entry(std::string(kEntry) + " set security-association lifetime seconds 7200\n"));
  EXPECT_EQ(kinds(core::diff_tunnels(longer, before)), std::vector<Kind>{Kind::LoadConnection});
  const auto pfs = plan_of(with_entry(std::string(kEntry) + " set pfs group14\n"));
  EXPECT_EQ(kinds(core::diff_tunnels(pfs, before)), std::vector<Kind>{Kind::LoadConnection});
}

TEST(TunnelDelta, sas_end_with_the_entry_the_peer_or_the_line_and_not_with_a_key_or_a_policy) {
  const std::string profile = "crypto isakmp profile P\n keyring default\n match identity address 198.51.100.2 255.255.255.255\n";
  const std::string entry = std::string(kEntry) + " set isakmp-profile P\n";
  const auto line = "access-list 102 permit ip 10.0.0.0 0.0.0.255 10.7.0.0 0.0.255.255\n";
  const auto without = [&](std::string text, const std::string& part) { return text.replace(text.find(part), part.size(), ""); };
  const auto text = profile + with_entry(entry, line);
  const auto before = loaded_by(plan_of(text));
  const auto steps_without = [&](const std::string& part) { return core::diff_tunnels(plan_of(without(text, part)), before); };
  using Kinds = std::vector<Kind>;
  EXPECT_EQ(kinds(steps_without("crypto isakmp key secret1 address 198.51.100.2\n")), (Kinds{Kind::UnloadConnection, Kind::UnloadKey}));
  EXPECT_EQ(kinds(steps_without(profile)), (Kinds{Kind::UnloadConnection, Kind::UnloadKey}));
  EXPECT_EQ(kinds(steps_without("crypto ipsec transform-set T esp-aes 256 esp-sha256-hmac\n")), (Kinds{Kind::UnloadConnection, Kind::UnloadKey}));
  EXPECT_EQ(kinds(steps_without(" encryption aes 256\n")), Kinds{Kind::LoadConnection});
  const auto shorter = steps_without(line);
  ASSERT_EQ(kinds(shorter), (Kinds{Kind::TerminateChild, Kind::LoadConnection}));
  EXPECT_EQ(shorter.front().child, "rri-mymap-10-10_0_0_0_24_to_10_7_0_0_16");
  EXPECT_EQ(kinds(steps_without(" set peer 198.51.100.2\n")), (Kinds{Kind::UnloadConnection, Kind::TerminateIke, Kind::UnloadKey}));
  EXPECT_EQ(kinds(steps_without(" crypto map mymap\n")), (Kinds{Kind::UnloadConnection, Kind::TerminateIke, Kind::UnloadKey}));
  // The line goes while there is no key: it is gone when the key is back.
  const auto both = core::diff_tunnels(plan_of(without(without(text, line), "crypto isakmp key secret1 address 198.51.100.2\n")), before);
  EXPECT_EQ(kinds(both), (Kinds{Kind::UnloadConnection, Kind::TerminateIke, Kind::UnloadKey}));
  // charon would not know the line on the IKE SA of before, and would know the one that went.
  auto longer = text;
  longer.replace(longer.find(" encryption aes 256\n"), 20, " encryption aes 192\n");
  EXPECT_EQ(kinds(core::diff_tunnels(plan_of(without(longer, line)), before)), (Kinds{Kind::TerminateIke, Kind::LoadConnection}));
}

TEST(TunnelDelta, an_ike_sa_older_than_its_connection_ends_when_a_line_goes_or_a_callers_comes) {
  const auto line = "access-list 102 permit ip 10.0.0.0 0.0.0.255 10.7.0.0 0.0.255.255\n";
  const auto one = plan_of(with_entry(kEntry));
  const auto two = plan_of(with_entry(kEntry, line));
  const auto lines_of = [](const TunnelPlan& plan) {
    const auto& connection = plan.connections.front();
    return core::OutlivedTunnels{{connection.name, core::child_names(connection.settings)}};
  };
  EXPECT_TRUE(core::end_outlived(one, lines_of(one)).empty());
  EXPECT_TRUE(core::end_outlived(two, lines_of(one)).empty()) << "we call";
  EXPECT_EQ(kinds(core::end_outlived(one, lines_of(two))), std::vector<Kind>{Kind::TerminateIke});
  EXPECT_EQ(kinds(core::end_outlived({}, lines_of(one))), std::vector<Kind>{Kind::TerminateIke});
  const auto dynamic = [&](const std::string& more) {
    return plan_of(std::string(kBase) + more + "crypto dynamic-map D 1\n set transform-set T\n match address 102\n"
                   "crypto map mymap 10 ipsec-isakmp dynamic D\n" + kInterface);
  };
  EXPECT_TRUE(core::end_outlived(dynamic(""), lines_of(dynamic(""))).empty());
  EXPECT_EQ(kinds(core::end_outlived(dynamic(line), lines_of(dynamic("")))), std::vector<Kind>{Kind::TerminateIke});
  auto settings = one.connections.front().settings;
  EXPECT_FALSE(core::differ_in_ike(settings, two.connections.front().settings));
  settings.set("proposals", "other");
  EXPECT_TRUE(core::differ_in_ike(settings, two.connections.front().settings));
}

TEST(TunnelDelta, further_connections_of_a_template_that_go_end_no_sa) {
  const auto text = [](const std::string& more) {
    return std::string(kBase) + "crypto isakmp profile P\n keyring default\n match identity address 198.51.100.2 255.255.255.255\n" + more +
           "crypto dynamic-map D 1\n set transform-set T\n set isakmp-profile P\ncrypto map mymap 10 ipsec-isakmp dynamic D\n" + kInterface;
  };
  const auto steps = core::diff_tunnels(plan_of(text("")), loaded_by(plan_of(text(" match identity address 198.51.100.3 255.255.255.255\n"))));
  EXPECT_EQ(kinds(steps), std::vector<Kind>{Kind::UnloadConnection});
}

TEST(TunnelDelta, an_edit_of_the_list_leaves_the_other_children_alone) {
  const auto with_list = [](const std::string& list) {
    return plan_of(with_entry(" set peer 198.51.100.2\n set transform-set T\n match address L\n",
                              "object-group network G\n" + list + "ip access-list extended L\n "));
  };
  const std::string line = " permit ip 10.0.0.0 0.0.0.255 object-group G\n";
  const auto before = with_list(" 10.1.0.0 255.255.0.0\n 10.3.0.0 255.255.0.0\nip access-list extended L\n 10" + line);
  const auto after = with_list(" host 10.2.0.1\n 10.1.0.0 255.255.0.0\n 10.3.0.0 255.255.0.0\nip access-list extended L\n 100" + line);
  const core::LoadedTunnels loaded{{{before.connections.at(0).name, before.connections.at(0).settings}}, {}};
  auto steps = core::diff_tunnels(after, loaded);
  std::erase_if(steps, [](const TunnelStep& step) { return step.kind == Kind::LoadKey; });
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps.front().kind, Kind::LoadConnection);
}

TEST(TunnelDelta, no_crypto_map_unloads_everything) {
  const auto before = loaded_by(plan_of(with_entry(kEntry)));
  EXPECT_EQ(kinds(core::diff_tunnels({}, before)),
            (std::vector<Kind>{Kind::UnloadConnection, Kind::TerminateIke, Kind::UnloadKey}));
}

TEST(TunnelDelta, traps_are_taken_before_they_are_given) {
  const auto text = with_entry(" set peer 198.51.100.2\n set peer 198.51.100.3\n set transform-set T\n match address 102\n");
  core::TunnelWorld first;
  core::TunnelWorld second;
  first.current[{"mymap", 10}] = 1;
  const auto steps = core::diff_tunnels(plan_of(text, second), loaded_by(plan_of(text, first)));
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].name, "rri-mymap-10-198_51_100_3");
  EXPECT_EQ(steps[1].name, "rri-mymap-10-198_51_100_2");
}

}  // namespace
}  // namespace rri::app

#include "app/redundancy.h"

#include <gtest/gtest.h>

namespace rri::app {
namespace {

using keepalived::ProcessMark;
using keepalived::Word;

Config config_with_group(bool address_only = false) {
  Config config;
  config.settings.redundancy.address_only = address_only;
  Interface interface;
  interface.name = "GigabitEthernet0/0";
  interface.vrf = kDefaultVrf;
  StandbyGroup group;
  group.number = 1;
  group.name = "group1";
  group.virtual_addresses = {*IpAddress::parse("192.168.0.3")};
  interface.standby = {group};
  config.interfaces["GigabitEthernet0/0"] = interface;
  return config;
}

Link link_with(const char* address, const char* vrf = "default") {
  Link link;
  link.index = 2;
  link.name = "eth0";
  link.up = true;
  link.vrf = vrf;
  link.addresses = {{*IpAddress::parse("192.168.0.2"), 24}};
  if (address != nullptr) link.addresses.push_back({*IpAddress::parse(address), 32});
  return link;
}

std::vector<std::pair<std::string, bool>> changes_of(Redundancy& redundancy) {
  std::vector<std::pair<std::string, bool>> changes;
  for (const auto& change : redundancy.take_changes(TimePoint{})) changes.emplace_back(change.group, change.active);
  return changes;
}

using Changes = std::vector<std::pair<std::string, bool>>;
const Changes kNothing;
const Changes kActive = {{"group1", true}};
const Changes kStandby = {{"group1", false}};

TEST(Redundancy, needs_the_word_and_the_address) {
  Redundancy redundancy;
  redundancy.set_config(config_with_group());
  EXPECT_EQ(changes_of(redundancy), kNothing);
  redundancy.on_line({"group1", Word::Master});
  EXPECT_EQ(changes_of(redundancy), kNothing);
  redundancy.on_event(core::LinkList{{link_with("192.168.0.3")}});
  EXPECT_EQ(changes_of(redundancy), kActive);
  EXPECT_EQ(changes_of(redundancy), kNothing);
  redundancy.on_event(core::LinkChanged{link_with(nullptr)});
  EXPECT_EQ(changes_of(redundancy), kStandby);
}

TEST(Redundancy, every_word_but_master_ends_it) {
  for (const auto word : {Word::Backup, Word::Fault, Word::Stop, Word::Deleted}) {
    Redundancy redundancy;
    redundancy.set_config(config_with_group());
    redundancy.on_event(core::LinkList{{link_with("192.168.0.3")}});
    redundancy.on_line({"group1", Word::Master});
    EXPECT_EQ(changes_of(redundancy), kActive);
    redundancy.on_line({"group1", word});
    EXPECT_EQ(changes_of(redundancy), kStandby);
  }
}

TEST(Redundancy, a_hang_up_counts_although_the_address_stays) {
  Redundancy redundancy;
  redundancy.set_config(config_with_group());
  redundancy.on_event(core::LinkList{{link_with("192.168.0.3")}});
  redundancy.on_line({"group1", Word::Master});
  EXPECT_EQ(changes_of(redundancy), kActive);
  redundancy.on_hang_up();
  EXPECT_EQ(changes_of(redundancy), kStandby);
}

TEST(Redundancy, address_only_needs_no_word) {
  Redundancy redundancy;
  redundancy.set_config(config_with_group(true));
  redundancy.on_event(core::LinkChanged{link_with("192.168.0.3")});
  EXPECT_EQ(changes_of(redundancy), kActive);
  redundancy.on_event(core::LinkGone{2});
  EXPECT_EQ(changes_of(redundancy), kStandby);
}

TEST(Redundancy, the_address_counts_in_the_vrf_of_the_interface_only) {
  Redundancy redundancy;
  redundancy.set_config(config_with_group(true));
  redundancy.on_event(core::LinkChanged{link_with("192.168.0.3", "RED")});
  EXPECT_EQ(changes_of(redundancy), kNothing);
}

TEST(Redundancy, a_group_that_leaves_the_configuration_is_standby) {
  Redundancy redundancy;
  redundancy.set_config(config_with_group(true));
  redundancy.on_event(core::LinkChanged{link_with("192.168.0.3")});
  EXPECT_EQ(changes_of(redundancy), kActive);
  redundancy.set_config(Config());
  EXPECT_EQ(changes_of(redundancy), kStandby);
}

bool lives(const ProcessMark&) { return true; }
bool lives_not(const ProcessMark&) { return false; }

TEST(Redundancy, saved_words_hold_while_keepalived_lives) {
  Redundancy before;
  before.set_config(config_with_group());
  before.on_line({"group1", Word::Master});
  const auto saved = before.save({{100, 5000}});
  for (const bool alive : {true, false}) {
    Redundancy after;
    after.set_config(config_with_group());
    after.on_event(core::LinkList{{link_with("192.168.0.3")}});
    after.load(saved, alive ? lives : lives_not);
    EXPECT_EQ(changes_of(after), alive ? kActive : kNothing);
  }
}

TEST(Redundancy, saved_text_that_is_not_ours_gives_no_words) {
  for (const auto* text : {"", "garbage", "keepalived 1 2\nMASTER", "keepalived 1 2\nKING group1\n", "MASTER group1\n"}) {
    Redundancy redundancy;
    redundancy.set_config(config_with_group());
    redundancy.on_event(core::LinkList{{link_with("192.168.0.3")}});
    redundancy.load(text, lives);
    EXPECT_EQ(changes_of(redundancy), kNothing) << text;
  }
}

}  // namespace
}  // namespace rri::app

// INTERFACE-DIFFERS: where Linux is not as the configuration says.
#include "core/differences.h"

#include <gtest/gtest.h>

#include "config_builder.h"

namespace rri::core::test {
namespace {

class Differences : public ::testing::Test {
 protected:
  Differences() {
    auto& interface = config_.interfaces["GigabitEthernet0/0/1"];
    interface.name = "GigabitEthernet0/0/1";
    interface.linux_device = "eth0";
    interface.vrf = "default";
    interface.addresses = {{*IpAddress::parse("192.168.0.2"), 24, false}};
    link_ = make_link(1, "eth0", "192.168.0.2/24");
  }

  /// The only difference, "" for none.
  std::string only() {
    host_.replace_all({link_});
    const auto notices = find_differences(config_, host_);
    EXPECT_LE(notices.size(), 1U);
    if (notices.empty()) return {};
    EXPECT_EQ(notices.front().code, NoticeCode::InterfaceDiffers);
    return notices.front().text;
  }

  Interface& interface() { return config_.interfaces["GigabitEthernet0/0/1"]; }

  Config config_;
  Host host_;
  Link link_;
};

TEST_F(Differences, nothing_is_told_where_all_is_so) { EXPECT_EQ(only(), ""); }

TEST_F(Differences, an_address_that_is_not_there) {
  link_.addresses.clear();
  EXPECT_EQ(only(), "interface GigabitEthernet0/0/1 has `ip address` 192.168.0.2/24, which eth0 has not");
}

TEST_F(Differences, an_address_with_another_mask) {
  link_.addresses = {{*IpAddress::parse("192.168.0.2"), 25}};
  EXPECT_NE(only(), "");
}

TEST_F(Differences, another_address_beside_it_is_nobodys_business) {
  link_.addresses.push_back({*IpAddress::parse("192.168.7.2"), 25});
  EXPECT_EQ(only(), "");
}

TEST_F(Differences, shutdown_and_up) {
  interface().shutdown = true;
  EXPECT_EQ(only(), "interface GigabitEthernet0/0/1 is shut down, and eth0 is up");
  link_.up = false;
  EXPECT_EQ(only(), "");
  interface().shutdown = false;
  EXPECT_EQ(only(), "");  // a lost carrier is no matter of configuration
}

TEST_F(Differences, another_vrf) {
  interface().vrf = "RED";
  EXPECT_EQ(only(), "interface GigabitEthernet0/0/1 is in VRF RED, and eth0 is in default");
}

TEST_F(Differences, an_unbound_interface_has_none) {
  interface().linux_device = "gone";
  EXPECT_EQ(only(), "");
}

}  // namespace
}  // namespace rri::core::test

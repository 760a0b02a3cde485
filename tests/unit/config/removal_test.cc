// What a `no` takes away of lines that act here, and what it leaves.
#include <gtest/gtest.h>

#include "unit/config/support.h"

namespace rri {
namespace {

using testing::canonical;

struct Removal {
  const char* title;
  const char* text;
  const char* left;  // the configuration that it leaves, as it would be typed
};

class TheNo : public ::testing::TestWithParam<Removal> {};

TEST_P(TheNo, takes_what_it_names) {
  const auto& given = GetParam();
  EXPECT_EQ(canonical(given.text), canonical(given.left));
}

INSTANTIATE_TEST_SUITE_P(
    Lines, TheNo,
    ::testing::Values(
        Removal{"dhcp_route",
                "ip route 0.0.0.0 0.0.0.0 dhcp\nip route 0.0.0.0 0.0.0.0 Cellular0/0/0 250\nip route 0.0.0.0 0.0.0.0 192.0.2.1\nno ip route 0.0.0.0 0.0.0.0 dhcp\n",
                "ip route 0.0.0.0 0.0.0.0 Cellular0/0/0 250\nip route 0.0.0.0 0.0.0.0 192.0.2.1\n"},
        Removal{"routes_of_a_prefix", "ip route 0.0.0.0 0.0.0.0 dhcp\nip route 0.0.0.0 0.0.0.0 192.0.2.1\nno ip route 0.0.0.0 0.0.0.0\n", ""},
        Removal{"remark_of_an_entry", "ip access-list extended A\n10 remark one\n10 permit ip any any\nno 10 remark one\n", "ip access-list extended A\n10 permit ip any any\n"},
        Removal{"another_remark", "ip access-list extended A\n10 remark one\n10 permit ip any any\nno 10 remark two\n", "ip access-list extended A\n10 remark one\n10 permit ip any any\n"},
        Removal{"number", "ip access-list extended A\n10 remark one\n10 permit ip any any\n20 permit tcp any any\nno 10\n", "ip access-list extended A\n20 permit tcp any any\n"},
        Removal{"remark_ipv6", "ipv6 access-list A\nsequence 10 remark one\nsequence 10 permit ipv6 any any\nno sequence 10 remark one\n",
                "ipv6 access-list A\nsequence 10 permit ipv6 any any\n"},
        Removal{"one_way_of_authentication",
                "crypto ikev2 profile P\nauthentication remote pre-share\nauthentication remote rsa-sig\nauthentication local pre-share\nno authentication remote rsa-sig\n",
                "crypto ikev2 profile P\nauthentication remote pre-share\nauthentication local pre-share\n"},
        Removal{"secret_of_the_highest_level", "enable secret 9 $9$a\nenable secret level 15 9 $9$b\nenable secret level 7 9 $9$c\n", "enable secret 9 $9$b\nenable secret level 7 9 $9$c\n"},
        Removal{"no_secret_of_a_level", "enable secret level 15 5 *\nno enable secret level 15\n", ""},
        Removal{"line_console", "line con 0\npassword a\nline console 0\nexec-timeout 5 0\nline conso 0\nno exec-timeout\n", "line con 0\npassword a\nexec-timeout 0 0\n"},
        Removal{"router_of_ipv6", "ipv6 router ospf 1\npassive-interface default\nipv6 router rip X\nno ipv6 router ospf 1\nno ipv6 router rip X\n", ""}),
    [](const auto& instance) { return std::string(instance.param.title); });

}  // namespace
}  // namespace rri

// Whom a connection takes by certificate, and which certificate it shows.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/swanctl_text.h"
#include "core/tunnel_plan.h"
#include "model/distinguished_name.h"
#include "tunnel_texts.h"

namespace rri::app {
namespace {

constexpr const char* kProfile = R"(crypto ikev2 profile CERT
 match identity remote any
 identity local dn
 authentication remote rsa-sig
 authentication local rsa-sig
)";
const std::string kCertEntry = std::string(kEntry) + " set ikev2-profile CERT\n";

std::string remote(const CharonConnection& connection, std::string_view setting) {
  return std::string(connection.settings.find_section("remote")->text(setting));
}

std::vector<std::string> identities(const TunnelPlan& plan) {
  std::vector<std::string> all;
  for (const auto& connection : plan.connections) all.push_back(remote(connection, "id"));
  return all;
}

TEST(DistinguishedName, is_read_as_ios_and_openssl_write_it) {
  const auto text = [](std::string_view written) {
    const auto name = DistinguishedName::parse(written);
    return name ? name->to_string() : std::string("none");
  };
  EXPECT_EQ(text("cn=hub.example.com,o = Lab"), "CN=hub.example.com, O=Lab");
  EXPECT_EQ(text("\"ea=a@b.c, OU=x\""), "E=a@b.c, OU=x");
  EXPECT_EQ(text("o=Lab, Inc, c=CH"), "/O=Lab, Inc/C=CH");
  for (const auto* wrong : {"", "example.com", "cn=", "frob=x", "cn=a, frob=x"}) EXPECT_EQ(text(wrong), "none") << wrong;
  const auto subject = *DistinguishedName::parse("C=CH, O=Lab, OU=net, CN=Hub");
  EXPECT_TRUE(subject.contains(*DistinguishedName::parse("cn=hub, o=lab")));
  EXPECT_FALSE(subject.contains(*DistinguishedName::parse("cn=hub2")));
}

TEST(TunnelIdentities, set_identity_is_the_identity_to_expect) {
  const auto plan = plan_of(with_entry(kCertEntry + " set identity PARTNER\n", std::string(kProfile) + "crypto identity PARTNER\n dn cn=partner, o=Lab\n"));
  ASSERT_EQ(plan.connections.size(), 1U);
  EXPECT_EQ(remote(plan.connections.front(), "id"), "CN=partner, O=Lab");
  EXPECT_TRUE(has_remark(plan, "`dn cn=partner, o=Lab`: strongSwan looks for it in the peer's IKE identity", false));
  EXPECT_NE(core::render_swanctl(plan).find("id = \"CN=partner, O=Lab\""), std::string::npos);
}

TEST(TunnelIdentities, each_line_of_an_identity_has_a_connection_and_the_first_calls) {
  const auto plan = plan_of(with_entry(kCertEntry + " set identity PARTNER\n",
                                       std::string(kProfile) + "crypto identity PARTNER\n fqdn a.example.com\n fqdn b.example.com\n"));
  EXPECT_EQ(identities(plan), (std::vector<std::string>{"fqdn:a.example.com", "fqdn:b.example.com"}));
  ASSERT_EQ(plan.connections.size(), 2U);
  EXPECT_EQ(plan.connections[1].name, "rri-mymap-10-198_51_100_2_as_2");
  EXPECT_EQ(child_of(plan.connections[0], "rri-mymap-10-10_0_0_0_24_to_10_1_0_0_16")->text("start_action"), "trap");
  EXPECT_EQ(child_of(plan.connections[1], "rri-mymap-10-10_0_0_0_24_to_10_1_0_0_16")->text("start_action"), "none");
  EXPECT_TRUE(has_remark(plan, "strongSwan calls it as fqdn:a.example.com", false));
}

TEST(TunnelIdentities, nobody_is_taken_by_an_identity_that_takes_nobody) {
  const auto with = [](const std::string& identity) {
    return plan_of(with_entry(kCertEntry + " set identity PARTNER\n", kProfile + identity));
  };
  EXPECT_TRUE(has_remark(with(""), "crypto identity PARTNER is not defined, no tunnel", true));
  EXPECT_TRUE(has_remark(with("crypto identity PARTNER\n dn frob=x\n"), "crypto identity PARTNER takes nobody, no tunnel", true));
  EXPECT_TRUE(with("").connections.empty());
  const auto other = plan_of(with_entry(kCertEntry + " set identity PARTNER\n", R"(crypto ikev2 profile CERT
 match identity remote fqdn domain example.com
 authentication remote rsa-sig
 authentication local rsa-sig
crypto identity PARTNER
 fqdn a.example.net
)"));
  EXPECT_TRUE(has_remark(other, "takes nobody whom profile CERT takes, no tunnel", true));
}

TEST(TunnelIdentities, profile_and_entry_count_both) {
  const auto plan = plan_of(with_entry(kCertEntry + " set identity PARTNER\n", R"(crypto pki certificate map MAP 10
 subject-name eq cn=partner,o=Lab
 issuer-name co cn = Lab CA
crypto ikev2 profile CERT
 match certificate MAP
 authentication remote rsa-sig
 authentication local rsa-sig
crypto identity PARTNER
 dn cn=Partner, ou=net
)"));
  ASSERT_EQ(plan.connections.size(), 1U);
  EXPECT_EQ(remote(plan.connections.front(), "id"), "CN=partner, O=Lab, OU=net");
  EXPECT_EQ(remote(plan.connections.front(), "ca_id"), "CN=Lab CA");
}

TEST(TunnelIdentities, each_number_of_a_certificate_map_is_somebody) {
  const auto plan = plan_of(std::string(kBase) + R"(crypto pki certificate map MAP 10
 subject-name co ou = red
 valid-start ge Jan 01 2024 00:00:00 UTC
crypto pki certificate map MAP 20
 alt-subject-name eq blue.example.com
crypto pki certificate map MAP 30
 subject-name co example
crypto ikev2 profile CERT
 match certificate MAP
 authentication remote rsa-sig
 authentication local rsa-sig
crypto dynamic-map D 10
 set transform-set T
 set ikev2-profile CERT
crypto map mymap 10 ipsec-isakmp dynamic D
)" + kInterface);
  EXPECT_EQ(identities(plan), (std::vector<std::string>{"OU=red", "fqdn:blue.example.com"}));
  EXPECT_TRUE(has_remark(plan, "`valid-start ge Jan 01 2024 00:00:00 UTC`: strongSwan cannot compare this", false));
  EXPECT_TRUE(has_remark(plan, "`subject-name co example`: strongSwan cannot compare this", false));
}

TEST(TunnelIdentities, a_certificate_map_without_anything_to_compare_is_told) {
  const auto with = [](const std::string& more) {
    return plan_of(with_entry(kCertEntry, more + "crypto ikev2 profile CERT\n match certificate MAP\n authentication remote rsa-sig\n"
                                                 " authentication local rsa-sig\n"));
  };
  EXPECT_TRUE(has_remark(with(""), "`match certificate MAP`: there is no such certificate map; every trusted certificate is taken", false));
  EXPECT_TRUE(has_remark(with("crypto pki certificate map MAP 10\n subject-name ne cn=x\n"), "strongSwan can compare nothing of it", false));
}

// ---- our certificates ------------------------------------------------------

Certificate certificate(const std::string& der, std::string_view subject, std::string_view issuer, bool has_key = true) {
  return {der, *DistinguishedName::parse(subject), *DistinguishedName::parse(issuer), {}, has_key, !has_key};
}

struct Chosen {
  std::vector<std::string> own, authorities;
  TunnelPlan plan;
};

/// Of two certificates by two authorities, with more lines in the profile and elsewhere.
Chosen choose(const std::string& in_profile, const std::string& more) {
  core::Host host;
  Link link;
  link.index = 2;
  link.name = "out";
  host.replace_all({link});
  core::TunnelWorld world;
  world.host = &host;
  world.certificates = {certificate("A", "CN=one, O=Lab", "CN=First"), certificate("B", "CN=two, O=Lab", "CN=Second"),
                        certificate("CA1", "CN=First", "CN=First", false), certificate("CA2", "CN=Second", "CN=Second", false)};
  world.certificates[1].names = {"two.example.com"};
  auto plan = plan_of(with_entry(kCertEntry, kProfile + in_profile + more) + "interface GigabitEthernet0/1\n linux device out\n", world);
  if (plan.connections.empty()) return {{}, {}, plan};
  const auto& settings = plan.connections.front().settings;
  return {settings.find_section("local")->list("certs"), settings.find_section("remote")->list("cacerts"), plan};
}

TEST(TunnelIdentities, the_trustpoint_chooses_the_certificate_and_the_authority) {
  const std::string points = "crypto pki trustpoint ONE\n subject-name cn=one,o=lab\ncrypto pki trustpoint TWO\n fqdn two.example.com\n";
  using Names = std::vector<std::string>;
  EXPECT_EQ(choose(" pki trustpoint ONE\n", points).own, Names{"A"});
  EXPECT_EQ(choose(" pki trustpoint ONE\n", points).authorities, Names{"CA1"});
  EXPECT_EQ(choose(" pki trustpoint TWO\n", points).own, Names{"B"});
  const auto apart = choose(" pki trustpoint ONE sign\n pki trustpoint TWO verify\n", points);
  EXPECT_EQ(apart.own, Names{"A"});
  EXPECT_EQ(apart.authorities, Names{"CA2"});
  EXPECT_EQ(choose("", "crypto pki trustpoint ONE\n subject-name cn=one\n").own, Names{"A"});
  EXPECT_EQ(choose(" pki trustpoint Second\n", "crypto pki trustpoint Second\n enrollment terminal\n").own, Names{"B"});
  EXPECT_EQ(choose(" identity local fqdn two.example.com\n", "").own, Names{"B"});
}

TEST(TunnelIdentities, what_no_trustpoint_decides_is_told) {
  const auto open = choose("", "");
  EXPECT_TRUE(open.own.empty());
  EXPECT_TRUE(has_remark(open.plan, "strongSwan has 2 certificates with private keys that fit", false));
  const auto unknown = choose(" pki trustpoint OTHER\n", "crypto pki trustpoint OTHER\n enrollment terminal\n");
  EXPECT_TRUE(unknown.authorities.empty());
  EXPECT_TRUE(has_remark(unknown.plan, "trustpoint OTHER: strongSwan has 2 authorities", false));
}

}  // namespace
}  // namespace rri::app

// What the log and `show tech-support` show of lines with secrets.
#include <gtest/gtest.h>

#include "config/config.h"
#include "config/secrets.h"
#include "unit/config/support.h"

namespace rri {
namespace {

TEST(Secrets, lines_end_where_the_secret_begins) {
  EXPECT_EQ(without_secrets("username bob password 0 hello"), "username bob password <removed>");
  EXPECT_EQ(without_secrets("ena sec hello"), "ena sec <removed>");
  EXPECT_EQ(without_secrets("standby 1 authentication cisco"), "standby 1 authentication <removed>");
  EXPECT_EQ(without_secrets("set session-key inbound esp 256 cipher 1234567890abcdef"), "set session-key inbound esp 256 cipher <removed>");
  EXPECT_EQ(without_secrets("ip ospf message-digest-key 1 md5 cisco"), "ip ospf message-digest-key 1 md5 <removed>");
  EXPECT_EQ(without_secrets("snmp-server community public RO"), "snmp-server community <removed>");
  for (const char* harmless : {"aaa authentication login default local", "crypto keyring K", "ip address 10.0.0.1 255.0.0.0 secondary", "password"}) {
    EXPECT_EQ(without_secrets(harmless), harmless);
  }
}

TEST(Secrets, of_lines_that_act_only_the_secret_goes) {
  const auto parsed = parse_document("crypto isakmp key S3cret address 192.0.2.1\n"
                                     "crypto keyring K\n pre-shared-key address 192.0.2.2 key S3cret\n"
                                     "crypto ikev2 keyring R\n peer P\n  address 192.0.2.3\n  pre-shared-key local S3cret\n"
                                     "snmp-server community S3cret RO\n");
  const auto shown = render_document(without_secrets(parsed.document));
  EXPECT_EQ(shown.find("S3cret"), std::string::npos) << shown;
  for (const char* kept : {"crypto isakmp key <removed> address 192.0.2.1\n", " pre-shared-key address 192.0.2.2 key <removed>\n",
                           "  pre-shared-key local <removed>\n", "snmp-server community <removed>\n"}) {
    EXPECT_NE(shown.find(kept), std::string::npos) << kept << shown;
  }
}

TEST(Secrets, stand_in_no_diagnostic) {
  const auto parsed = parse_document("crypto map M 10 ipsec-manual\n set session-key inbound esp 256 cipher 1234567890abcdef\n");
  const auto config = lower_document(parsed.document).config;
  for (const auto& unused : config.ike.unused) EXPECT_EQ(unused.text.find("1234567890abcdef"), std::string::npos) << unused.text;
}

}  // namespace
}  // namespace rri

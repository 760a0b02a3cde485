#include "shell/exec.h"

#include <gtest/gtest.h>

#include "config/config.h"
#include "shell/exec_system.h"

namespace rri::shell {
namespace {

class ExecTest : public ::testing::Test {
 protected:
  ExecTest() {
    document_ = parse_document("hostname R1\nrouter bgp 1\n neighbor 1.2.3.4 remote-as 2\ninterface Tunnel7\n description a\ninterface Tunnel77\n").document;
    snapshot_ = std::make_shared<core::Snapshot>();
    snapshot_->config = std::make_shared<const Config>(lower_document(document_).config);
    environment_.summary = [this] { return snapshot_; };
    environment_.count = [] { return [](core::Tally&) { return false; }; };
    environment_.sas = [] { return [](std::vector<core::SaView>&) { return false; }; };
    environment_.find_sa = [](SaId) { return std::optional<core::SaPlace>(); };
    environment_.rows = [this](core::RowQuery query) { return core::rows_of(snapshot_, std::move(query)); };
    environment_.has_rows = [](const std::string&) { return false; };
    environment_.running_config = [this] { return render_document(document_); };
    environment_.carried = [this] { return document_.carried(); };
    environment_.log_lines = [] { return std::vector<std::string>{"*Nov 23 20:41:02.123: %SYS-5-CONFIG_I: Configured from console by root on vty0 (local)"}; };
    environment_.health = [] {
      show::Health health;
      health.version = "RRI for Linux 9.8.7";
      health.machine = "x86_64";
      health.kernel = "6.1.0";
      health.memory_kib = 1024;
      health.board = "0A0B0C0D";
      health.uptime = Seconds(93784);
      return health;
    };
    environment_.history = [] { return std::vector<show::HistoryEntry>(); };
    environment_.transforms = [](const std::string&) { return std::string(); };
    environment_.ipsec_settings = [](const show::EntryKey&) { return show::IpsecSettings(); };
    environment_.startup_config = []() -> Result<std::string> { return std::string("hostname R1\n"); };
    environment_.redundancy = [] { return show::RedundancyStatus(); };
    environment_.clock = [] { return std::string("20:41:02.123 UTC Mon Nov 23 2026"); };
  }

  std::string run(std::string_view line, show::Format format = show::Format::Text) {
    auto answer = run_exec(line, format, environment_);
    EXPECT_FALSE(answer.misfit) << line;
    return answer.pieces ? collect(std::move(answer.pieces)) : answer.failure;
  }

  Document document_;
  std::shared_ptr<core::Snapshot> snapshot_;
  Environment environment_;
};

TEST_F(ExecTest, version_has_the_lines_that_programs_look_for) {
  EXPECT_EQ(run("show version").substr(0, 90), "Cisco IOS Software, RRI for Linux Software (RRID), Version 9.8.7, RELEASE SOFTWARE (linux)");
  for (const auto* line : {"\nR1 uptime is 1 day, 2 hours, 3 minutes\n", "\nProcessor board ID 0A0B0C0D\n", "\ncisco RRI (x86_64) processor with 1024K/0K bytes of memory.\n",
                           "\nConfiguration register is 0x2102\n", "\nSystem image file is \"linux:rrid\"\n"}) {
    EXPECT_NE(run("show version").find(line), std::string::npos) << line;
  }
}

TEST_F(ExecTest, a_standby_router_says_why_it_has_no_routes) {
  const auto config = parse_document("interface eth0\n standby 1 ip 192.0.2.1\n standby 1 name g\n crypto map m redundancy g\ncrypto map m 1 ipsec-isakmp\n").document;
  snapshot_->config = std::make_shared<const Config>(lower_document(config).config);
  const std::string why = "crypto map m on eth0 makes no routes here: standby group g is Standby, another router is to hold 192.0.2.1 and the routes";
  EXPECT_TRUE(run("show crypto route").ends_with("\nRoutes created in table GLOBAL DEFAULT\n\n" + why + "\n"));
  EXPECT_EQ(run("show rri explain 10.0.0.1"), "No route of this program covers 10.0.0.1.\n\n" + why + "\n");
  EXPECT_EQ(run("show rri explain 10.0.0.1", show::Format::Json), "{\"address\":\"10.0.0.1\",\"routes\":[],\"protected_by\":[],\"standby\":[\"" + why + "\"]}\n");
}

TEST_F(ExecTest, what_fail_closed_cannot_close_is_among_the_notices) {
  environment_.health = [] {
    show::Health health;
    health.leaks = {{NoticeCode::LeakPossible, "traffic of crypto map m 20 can leave in clear"}};
    return health;
  };
  EXPECT_NE(run("show rri").find("\nConflicts and notices\n  LEAK-POSSIBLE: traffic of crypto map m 20 can leave in clear\n"), std::string::npos);
  EXPECT_NE(run("show rri", show::Format::Json).find("\"LEAK-POSSIBLE\""), std::string::npos);
}

TEST_F(ExecTest, explain_says_what_protects_an_address_without_a_route) {
  const auto config = parse_document("access-list 101 permit ip 10.0.0.0 0.0.0.255 10.2.0.0 0.0.255.255\ncrypto map m 20 ipsec-isakmp\n set peer 192.0.2.2\n"
                                     " match address 101\n reverse-route\ninterface eth0\n crypto map m\n");
  snapshot_->config = std::make_shared<const Config>(config.config);
  EXPECT_EQ(run("show rri explain 10.2.3.4"),
            "No route of this program covers 10.2.3.4.\n\nCrypto map m 20 on eth0 protects it: access list 101 `permit ip 10.0.0.0 0.0.0.255 10.2.0.0 "
            "0.0.255.255`\n  no route: its route comes with an SA, and none covers this address\n"
            "  without an SA such packets are dropped on the way out (fail-closed)\n");
  EXPECT_EQ(run("show rri explain 10.3.3.4"), "No route of this program covers 10.3.3.4.\n");
}

TEST_F(ExecTest, explain_names_no_permit_behind_a_deny_that_takes_all_of_it) {
  const auto explained = [&](const std::string& before) {
    const auto config = parse_document("ip access-list extended L\n" + before + " permit ip 10.0.0.0 0.0.0.255 10.2.0.0 0.0.255.255\ncrypto map m 20 ipsec-isakmp\n"
                                       " set peer 192.0.2.2\n match address L\ninterface eth0\n crypto map m\n");
    snapshot_->config = std::make_shared<const Config>(config.config);
    return run("show rri explain 10.2.3.4").find("protects it") != std::string::npos;
  };
  EXPECT_FALSE(explained(" deny ip 10.0.0.0 0.0.255.255 host 10.2.3.4\n"));
  EXPECT_FALSE(explained(" deny ip any 10.2.0.0 0.0.255.255 log\n"));
  EXPECT_TRUE(explained(" deny ip host 10.0.0.7 10.2.0.0 0.0.255.255\n")) << "of another source";
  EXPECT_TRUE(explained(" deny tcp any any\n")) << "of one protocol";
  EXPECT_TRUE(explained(" deny ip any any dscp ef\n"));
  EXPECT_TRUE(explained(" deny ip any host 10.2.3.5\n"));
}

TEST_F(ExecTest, running_configuration_of_one_interface) {
  EXPECT_EQ(run("show running-config interface tu7"),
            "Building configuration...\n\nCurrent configuration : 37 bytes\n!\ninterface Tunnel7\n description a\nend\n");
}

TEST_F(ExecTest, the_ways_of_other_programs_to_the_configuration) {
  const auto text = run("show running-config");
  EXPECT_EQ(run("write terminal"), text);
  EXPECT_EQ(run("more system:running-config"), text);
}

TEST_F(ExecTest, carried_lines_are_shown_with_their_place) {
  EXPECT_EQ(run("show configuration carried"), "line 2: router bgp 1\nline 3: router bgp 1 / neighbor 1.2.3.4 remote-as 2\n");
}

TEST_F(ExecTest, a_carried_line_that_was_typed_has_no_line_of_a_file) {
  environment_.carried = [] { return std::vector<CarriedLine>{{{"router bgp 1"}, "neighbor 1.2.3.4 remote-as 2", {}}}; };
  EXPECT_EQ(run("show configuration carried"), "router bgp 1 / neighbor 1.2.3.4 remote-as 2\n");
}

TEST_F(ExecTest, every_answer_is_one_object_in_json) {
  for (const auto* command :
       {"show access-lists", "show clock", "show configuration carried", "show crypto map", "show crypto route", "show hostname", "show inventory",
        "show ip access-lists", "show ip interface brief", "show ip prefix-list", "show ip route", "show ip route 10.0.0.1", "show ip route static",
        "show ip static route", "show ip vrf", "show ipv6 access-list", "show ipv6 prefix-list", "show logging", "show rri", "show rri explain 10.0.0.1",
        "show rri history", "show rri history 10.0.0.0/8", "show running-config", "show startup-config", "show version", "show vrf"}) {
    const auto text = run(command, show::Format::Json);
    EXPECT_TRUE(text.starts_with("{\"") && text.ends_with("}\n")) << command << text;
  }
  EXPECT_EQ(run("show startup-config", show::Format::Json), "{\"bytes\":12,\"lines\":[\n\"hostname R1\"]}\n");
  EXPECT_EQ(run("show logging", show::Format::Json),
            "{\"messages\":[\n{\"time\":\"*Nov 23 20:41:02.123\",\"facility\":\"SYS\",\"severity\":5,\"mnemonic\":\"CONFIG_I\","
            "\"text\":\"Configured from console by root on vty0 (local)\"}]}\n");
}

}  // namespace
}  // namespace rri::shell

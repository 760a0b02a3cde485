#include "shell/exec.h"

#include <fmt/format.h>
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
    environment_.generation = [this] { return generation_; };
    environment_.document = [this]() -> const Document& { return document_; };
    environment_.devices = []() -> Result<HostDevices> { return HostDevices(); };
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
    environment_.startup_config = []() -> Result<std::optional<std::string>> { return std::string("hostname R1\n"); };
    environment_.redundancy = [] { return show::RedundancyStatus(); };
    environment_.clock = [] { return std::string("20:41:02.123 UTC Mon Nov 23 2026"); };
  }

  std::string run(std::string_view line, show::Format format = show::Format::Text) {
    auto answer = run_exec(line, format, environment_);
    EXPECT_FALSE(answer.misfit) << line;
    return answer.pieces ? collect(std::move(answer.pieces)) : answer.failure;
  }

  Document document_;
  std::uint64_t generation_ = 0;
  std::shared_ptr<core::Snapshot> snapshot_;
  Environment environment_;
};

TEST_F(ExecTest, parts_of_the_configuration_are_shown) {
  document_ = parse_document("vrf definition RED\n rd 1:1\nvrf definition BLUE\ninterface GigabitEthernet0/0\n vrf forwarding RED\n ip address 10.0.0.1 255.0.0.0\n"
                             "interface GigabitEthernet0/1\n description to the world\n shutdown\nobject-group network N\n host 10.0.0.1\nobject-group network M\n"
                             "ip route vrf RED 10.1.0.0 255.255.0.0 Null0\nip route 10.2.0.0 255.255.0.0 Null0\n").document;
  snapshot_->config = std::make_shared<const Config>(lower_document(document_).config);
  environment_.document = [this]() -> const Document& { return document_; };
  const auto red = run("show running-config vrf RED");
  for (const auto* line : {"vrf definition RED\n rd 1:1\n", "interface GigabitEthernet0/0\n vrf forwarding RED\n", "\nip route vrf RED 10.1.0.0 255.255.0.0 Null0\n"}) {
    EXPECT_NE(red.find(line), std::string::npos) << line << red;
  }
  for (const auto* line : {"BLUE", "GigabitEthernet0/1", "10.2.0.0"}) EXPECT_EQ(red.find(line), std::string::npos) << line << red;
  EXPECT_NE(run("show running-config vrf").find("vrf definition BLUE\n"), std::string::npos);
  EXPECT_NE(run("show running-config linenum").find("\n    1 : "), std::string::npos) << run("show running-config linenum");
  EXPECT_EQ(run("show object-group"), "Network object group N\n host 10.0.0.1\n\nNetwork object group M\n\n");
  EXPECT_EQ(run("show object-group M"), "Network object group M\n\n");
  EXPECT_EQ(run("sh int desc"),
            "Interface                      Status         Protocol Description\n"
            "Gi0/0                          down           down\n"
            "Gi0/1                          admin down     down     to the world\n");
  EXPECT_EQ(run("show track 2"), "show track 2: there is no such object");
}

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

TEST_F(ExecTest, explain_waits_for_no_sa_where_the_route_needs_none) {
  const auto config = parse_document("access-list 101 permit ip 10.0.0.0 0.0.0.255 10.2.0.0 0.0.255.255\ncrypto map m 20 ipsec-isakmp\n set peer 192.0.2.2\n"
                                     " match address 101\n reverse-route static\ninterface eth0\n crypto map m\n");
  snapshot_->config = std::make_shared<const Config>(config.config);
  EXPECT_NE(run("show rri explain 10.2.3.4").find("\n  no route: `reverse-route static` can make none now: its interface has no device"), std::string::npos);
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

TEST_F(ExecTest, sessions_are_shown_as_configured_where_strongswan_does_not_answer) {
  document_ = parse_document("crypto map M 10 ipsec-isakmp\n set peer 192.0.2.9\n match address 101\naccess-list 101 permit ip 10.0.0.0 0.0.0.255 10.9.0.0 0.0.255.255\n"
                             "interface Gi0/1\n crypto map M\n").document;
  snapshot_->config = std::make_shared<const Config>(lower_document(document_).config);
  environment_.ike.read = [](bool, const auto& done) { done(fail("ask strongSwan: nobody is there")); };
  const auto ask = [this](std::string_view line, show::Format format) {
    ExecAnswer made;
    run_exec(line, format, environment_).later([&made](ExecAnswer answer) { made = std::move(answer); });
    return std::pair(made.pieces ? collect(std::move(made.pieces)) : std::string(), made.failure);
  };
  EXPECT_EQ(ask("show crypto session", show::Format::Text),
            std::pair(std::string("Crypto session current status\n\nInterface: GigabitEthernet0/1\nSession status: DOWN     \nPeer: 192.0.2.9 port 500 \n"
                                  "  IPSEC FLOW: permit ip 10.0.0.0/255.255.255.0 10.9.0.0/255.255.0.0 \n        Active SAs: 0, origin: crypto map\n"
                                  "Crypto map entry: M 10\n\n"),
                      std::string("ask strongSwan: nobody is there")));
  EXPECT_EQ(ask("show crypto session", show::Format::Json), std::pair(std::string(), std::string("ask strongSwan: nobody is there")));
  EXPECT_EQ(ask("show crypto ipsec sa", show::Format::Text), std::pair(std::string(), std::string("ask strongSwan: nobody is there")));
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

class CryptoSettingsTest : public ExecTest {
 protected:
  void use(std::string_view text) {
    document_ = parse_document(text).document;
    snapshot_->config = std::make_shared<const Config>(lower_document(document_).config);
  }
};

TEST_F(CryptoSettingsTest, ikev1) {
  use("crypto isakmp policy 20\ncrypto isakmp policy 10\n encryption aes 256\n hash sha256\n authentication pre-share\n group 14\n lifetime 3600\n"
      "crypto isakmp key one address 192.0.2.1\ncrypto isakmp key two address 0.0.0.0 0.0.0.0\ncrypto keyring RING\n pre-shared-key hostname a.example key three\n"
      "crypto isakmp profile P\n vrf RED\n keyring RING\n match identity address 192.0.2.1 255.255.255.255\ncrypto map M 1 ipsec-isakmp\n set isakmp-profile P\n");
  EXPECT_EQ(run("show crypto isakmp policy"),
            "\nGlobal IKE policy\nProtection suite of priority 10\n        encryption algorithm:   AES - Advanced Encryption Standard (256 bit keys).\n"
            "        hash algorithm:         Secure Hash Standard 2 (256 bit)\n        authentication method:  Pre-Shared Key\n"
            "        Diffie-Hellman group:   #14 (2048 bit)\n        lifetime:               3600 seconds, no volume limit\n"
            "Protection suite of priority 20\n        encryption algorithm:   DES - Data Encryption Standard (56 bit keys).\n"
            "        hash algorithm:         Secure Hash Standard\n        authentication method:  Rivest-Shamir-Adleman Signature\n"
            "        Diffie-Hellman group:   #1 (768 bit)\n        lifetime:               86400 seconds, no volume limit\n");
  EXPECT_EQ(run("show crypto isakmp key"),
            "Keyring      Hostname/Address                            Preshared Key\n\n"
            "default      192.0.2.1                                   one\n"
            "             0.0.0.0        [0.0.0.0]                    two\n"
            "RING         a.example                                   three\n");
  EXPECT_EQ(run("show crypto isakmp profile"),
            "\nIKEv1 PROFILE P\nRef Count = 1\n   Identities matched are:\n    ip-address 192.0.2.1 255.255.255.255 \n   Certificate maps matched are:\n"
            "   Identity presented is: ip-address\n   keyring(s): RING\n   trustpoint(s): <all>\n   vrf: RED\n");
  EXPECT_EQ(run("show crypto isakmp profile", show::Format::Json),
            "{\"profiles\":[{\"name\":\"P\",\"uses\":1,\"identities\":[\"ip-address 192.0.2.1 255.255.255.255\"],\"certificate_maps\":[],"
            "\"self_identity\":\"address\",\"keyrings\":[\"RING\"],\"trustpoints\":[],\"vrf\":\"RED\"}]}\n");
}

TEST_F(CryptoSettingsTest, ikev2) {
  use("crypto ikev2 proposal P\n encryption aes-cbc-256 aes-gcm-128\n integrity sha512 sha1\n group 21 31\ncrypto ikev2 policy Q\n match fvrf any\n"
      " match address local 192.0.2.9\n proposal P\ncrypto ikev2 profile R\n match identity remote address 192.0.2.1 255.255.255.255\n"
      " authentication remote pre-share key secret\n authentication local pre-share key secret\n keyring local K\n dpd 10 2 periodic\n");
  EXPECT_EQ(run("show crypto ikev2 proposal"),
            " IKEv2 proposal: default \n     Encryption : AES-CBC-256\n     Integrity  : SHA512 SHA384\n     PRF        : SHA512 SHA384\n"
            "     DH Group   : DH_GROUP_256_ECP/Group 19 DH_GROUP_2048_MODP/Group 14 DH_GROUP_521_ECP/Group 21 DH_GROUP_1536_MODP/Group 5\n"
            " IKEv2 proposal: P \n     Encryption : AES-CBC-256 AES-GCM-128\n     Integrity  : SHA512 SHA96\n     PRF        : SHA512 SHA1\n"
            "     DH Group   : DH_GROUP_521_ECP/Group 21 Group 31\n");
  EXPECT_EQ(run("show crypto ikev2 policy"),
            " IKEv2 policy : default\n      Match fvrf : any\n      Match address local : any\n      Proposal    : default\n\n"
            " IKEv2 policy : Q\n      Match fvrf : any\n      Match address local : 192.0.2.9\n      Proposal    : P\n\n");
  const auto profile = run("show crypto ikev2 profile R");
  EXPECT_EQ(profile.substr(0, profile.find(" mode auto")),
            "\nIKEv2 profile: R\n Ref Count: 0\n Match criteria:\n  Fvrf: global\n  Local address/interface: none\n  Identities:\n"
            "   address 192.0.2.1 255.255.255.255\n  Certificate maps: none\n Local identity: none\n Remote identity: none\n"
            " Local authentication method: pre-share\n Remote authentication method(s): pre-share\n EAP options: none\n Keyring: K\n Trustpoint(s): none\n"
            " Lifetime: 86400 seconds\n DPD: interval 10, retry-interval 2, periodic\n NAT-keepalive: disabled\n Ivrf: none\n Virtual-template: none\n");
  EXPECT_EQ(run("show crypto ikev2 profile OTHER"), "");
}

TEST_F(CryptoSettingsTest, ipsec) {
  use("crypto ipsec security-association lifetime seconds 900\ncrypto ipsec transform-set T esp-gcm 256\n mode transport\n"
      "crypto ipsec profile P\n set transform-set T\n set pfs group14\n set ikev2-profile R\n set security-association lifetime kilobytes disable\n responder-only\n"
      "crypto ipsec profile Q\n");
  EXPECT_EQ(run("show crypto ipsec transform-set"), "Transform set T: { esp-gcm 256  } \n   will negotiate = { Transport,  }, \n\n");
  EXPECT_EQ(run("show crypto ipsec profile"),
            "IPSEC profile P\n        IKEv2 Profile: R\n        Kilobyte Volume Rekey has been disabled.\n        Security association lifetime:900 seconds\n"
            "        Responder-Only (Y/N): Y\n        PFS (Y/N): Y\n        DH group:  group14\n        Mixed-mode : Disabled\n        Transform sets={ \n"
            "                T:  { esp-gcm 256  } , \n        }\n\n"
            "IPSEC profile Q\n        Security association lifetime: 4608000 kilobytes/900 seconds\n        Responder-Only (Y/N): N\n        PFS (Y/N): N\n"
            "        Mixed-mode : Disabled\n        Transform sets={ \n        }\n\n");
}

TEST_F(ExecTest, a_long_configuration_comes_in_slices_and_whole) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += fmt::format("ntp server 10.0.{}.{}\n", i / 250, i % 250);
  document_ = parse_document(text).document;
  const auto first_turns = [&](Pieces& pieces, int turns) {
    std::string out;
    while (turns-- > 0) EXPECT_TRUE(pieces(out));
    return out;
  };
  auto pieces = run_exec("show running-config", show::Format::Text, environment_).pieces;
  EXPECT_EQ(first_turns(pieces, 3), "");
  document_ = Document(document_);  // elsewhere in memory
  auto rest = collect(pieces);
  EXPECT_TRUE(rest.ends_with(render_document(document_))) << rest.size();
  pieces = run_exec("show running-config", show::Format::Text, environment_).pieces;
  first_turns(pieces, 3);
  document_ = parse_document("hostname R2\n").document;
  ++generation_;
  rest = collect(pieces);
  EXPECT_TRUE(rest.ends_with("!\nhostname R2\n!\nend\n")) << rest;
  EXPECT_EQ(run("show running-config", show::Format::Json), "{\"bytes\":18,\"lines\":[\n\"hostname R2\",\n\"!\",\n\"end\"]}\n");
}

TEST_F(ExecTest, files_are_listed_and_shown) {
  environment_.files = [] { return Result<FileStore>({{{"backup.cfg", 12, 1764115200}, {"startup-config", 1234, 1764115200}}, 1000, 400}); };
  environment_.read_file = [](const std::string& name) { return Result<std::string>("text of " + name + "\n"); };
  const auto refused = [&](std::string_view line) { return run_exec(line, show::Format::Text, environment_).refusal; };
  EXPECT_EQ(run("dir"),
            "Directory of flash:/\n\n"
            "    1  -rw-              12  Nov 26 2025 00:00:00 +00:00  backup.cfg\n"
            "    2  -rw-            1234  Nov 26 2025 00:00:00 +00:00  startup-config\n\n"
            "1000 bytes total (400 bytes free)\n");
  EXPECT_EQ(run("dir /all nvram:").substr(0, 20), "Directory of nvram:/");
  EXPECT_NE(run("dir flash:/startup-config").find("    2  -rw-            1234"), std::string::npos);
  EXPECT_EQ(refused("dir flash:nope"), "%Error opening flash:nope (No such file or directory)");
  EXPECT_EQ(refused("dir usb0:"), "%Error opening usb0: (No such device)");
  EXPECT_EQ(run("more flash:backup.cfg"), "text of backup.cfg\n");
  for (const auto* line : {"more flash:../backup.cfg", "more /etc/passwd", "more flash:", "more ."}) EXPECT_NE(refused(line), "") << line;
  EXPECT_EQ(run("show archive"), "Archive feature not enabled\n");
}

TEST_F(ExecTest, what_is_not_there_is_refused_or_an_empty_answer) {
  const auto refused = [&](std::string_view line) {
    const auto answer = run_exec(line, show::Format::Text, environment_);
    return answer.refusal.empty() ? answer.failure : answer.refusal;
  };
  for (const auto* line : {"show ip route vrf NOPE", "show ip route vrf NOPE summary", "show ip static route vrf NOPE", "show crypto route vrf NOPE"}) {
    EXPECT_EQ(refused(line), "% IP routing table vrf NOPE does not exist") << line;
  }
  EXPECT_EQ(refused("show ipv6 route vrf NOPE"), "% IPv6 routing table vrf NOPE does not exist");
  for (const auto* line : {"show vrf NOPE", "show ip vrf NOPE", "show running-config vrf NOPE"}) EXPECT_EQ(refused(line), "% No VRF named NOPE") << line;
  for (const auto* line : {"show interfaces Gi0/9", "show ip interface Gi0/9", "show running-config interface Gi0/9", "show standby Gi0/9", "show standby Gi0/9 brief",
                           "show crypto map interface Gi0/9", "show crypto ipsec sa interface Gi0/9", "show crypto session interface Gi0/9"}) {
    EXPECT_EQ(refused(line), "show interface GigabitEthernet0/9: there is no such interface in the configuration") << line;
  }
  for (const auto* line : {"show access-lists NOPE", "show ip prefix-list NOPE", "show object-group NOPE", "show crypto isakmp profile tag NOPE"}) EXPECT_EQ(run(line), "") << line;
  EXPECT_EQ(run("show crypto map tag NOPE"), "No crypto maps found.\n");
}

TEST_F(ExecTest, every_answer_is_one_object_in_json) {
  for (const auto* command :
       {"show access-lists", "show clock", "show configuration carried", "show crypto map", "show crypto route", "show hostname", "show inventory",
        "show archive", "show ip access-lists", "show ip interface brief", "show ip prefix-list", "show ip route", "show ip route 10.0.0.1", "show ip route static",
        "show ip route summary", "show ip static route", "show ip vrf", "show ipv6 route", "show ipv6 route static", "show ipv6 route 2001:db8::1",
        "show ipv6 route summary", "show ipv6 interface", "show ipv6 interface brief", "show ip prefix-list detail", "show ip prefix-list summary",
        "show crypto isakmp policy", "show crypto isakmp key", "show crypto isakmp profile", "show crypto ikev2 proposal", "show crypto ikev2 policy",
        "show crypto ikev2 profile", "show crypto ipsec transform-set", "show crypto ipsec profile", "show ipv6 access-list", "show ipv6 prefix-list", "show logging", "show rri", "show rri explain 10.0.0.1",
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

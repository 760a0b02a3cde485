#include "shell/session.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <utility>

#include "shell/session_help.h"

namespace rri::shell {
namespace {

/// A daemon's end that keeps what is asked of it.
class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    document_ = parse_document("hostname R1\nip access-list extended 102\n permit ip any any\n").document;
    host_.document = &document_;
    host_.environment.running_config = [this] { return render_document(document_); };
    host_.environment.generation = [this] { return generation_; };
    host_.environment.document = [this]() -> const Document& { return document_; };
    host_.hostname = [this] { return lower_document(document_).config.hostname; };
    host_.generation = [this] { return generation_; };
    host_.on_change = [this](const SessionUser& user, std::string_view line) {
      ++generation_;
      changes_.push_back(user.name + ": " + std::string(line));
    };
    host_.flush = [this] { ++flushes_; };
    host_.on_configured = [this](const SessionUser&) { ++configured_; };
    host_.save = [this]() -> Result<> { ++saved_; return {}; };
    host_.is_saved = [] { return true; };
    host_.pending_revert = [this] { return pending_; };
    host_.revert_in = [this](const SessionUser& user, unsigned minutes) { pending_ = {pending_ ? pending_->who : user.name, Seconds(minutes * 60)}; };
    host_.confirm = host_.revert_now = [this] { pending_.reset(); };
    host_.hash_secret = [](std::string_view clear) { return "9 hash-of-" + std::string(clear); };
    host_.is_secret = [](std::string_view stored, std::string_view clear) { return stored == "hash-of-" + std::string(clear); };
  }

  Session make(bool is_root = true) { return Session(host_, {is_root ? "root" : "ann", "vty0", is_root}); }

  static std::string run(Session& session, std::string_view line) {
    auto answer = session.take_line(line);
    if (answer.misfit) return render_misfit(*answer.misfit, line, 0);
    if (!answer.failure.empty()) return "failed: " + answer.failure;
    if (!answer.refusal.empty()) return answer.refusal + "\n";
    std::string text;
    while (answer.pieces && answer.pieces(text)) {}
    return text;
  }
  static void run_all(Session& session, std::initializer_list<std::string_view> lines) {
    for (const auto line : lines) EXPECT_EQ(run(session, line).find('%'), std::string::npos) << line;
  }

  Document document_;
  SessionHost host_;
  std::uint64_t generation_ = 0;
  std::vector<std::string> changes_;
  int configured_ = 0;
  int flushes_ = 0;
  int saved_ = 0;
  std::optional<Pending> pending_;
};

TEST_F(SessionTest, a_change_that_waits_to_be_confirmed_is_nobody_elses) {
  auto ann = make();
  auto bob = make();
  run_all(ann, {"enable", "configure terminal revert timer 5", "end"});
  run_all(bob, {"enable"});
  pending_->left = Seconds(252);
  EXPECT_EQ(run(bob, "configure terminal revert timer 1"),
            "% A Rollback Confirmed Change of root is pending, 4 minutes 12 seconds are left: enter `configure confirm` or `configure revert now` first\n");
  EXPECT_EQ(bob.prompt().text, "R1#");
  EXPECT_EQ(pending_->left, Seconds(252));
  EXPECT_EQ(run(bob, "write memory"),
            "% Warning: what is saved is not confirmed: the running configuration of root goes back in 4 minutes 12 seconds, the saved one does not\n"
            "Building configuration...\n[OK]\n");
  run_all(bob, {"configure revert timer 10"});
  EXPECT_EQ(pending_->left, Seconds(600));
  run_all(bob, {"configure confirm"});
  EXPECT_FALSE(pending_);
  for (const auto* line : {"configure confirm", "configure revert now", "configure revert timer 1"}) {
    EXPECT_EQ(run(bob, line), "% No Rollback Confirmed Change pending\n") << line;
  }
}

TEST_F(SessionTest, what_is_asked_can_be_given_up) {
  auto ann = make(false);
  run_all(ann, {"enable", "conf t", "enable secret open", "end", "disable"});
  for (const auto* line : {"enable", "copy run start", "configure", "configure replace F"}) {
    if (std::string_view(line) == "copy run start") run_all(ann, {"enable", "open"});
    run(ann, line);
    ASSERT_NE(ann.prompt().kind, SessionPrompt::Kind::Exec) << line;
    EXPECT_EQ(run(ann, kInterrupt), "") << line;
    EXPECT_EQ(ann.prompt().kind, SessionPrompt::Kind::Exec) << line;
  }
  EXPECT_EQ(saved_, 0);
}

TEST_F(SessionTest, who_cannot_be_asked_for_the_secret_is_told) {
  auto root = make();
  run_all(root, {"enable", "conf t", "enable secret open", "end"});
  auto script = make(false);
  script.run_unattended();
  EXPECT_NE(run(script, "enable").find("failed: enable: a secret is configured"), std::string::npos);
  EXPECT_EQ(script.prompt().text, "R1>");
}

TEST_F(SessionTest, nobody_configures_at_the_level_of_users) {
  auto session = make();
  run_all(session, {"enable", "conf t", "interface Tunnel1", "do disable"});
  EXPECT_EQ(session.prompt().text, "R1>");
  EXPECT_EQ(configured_, 1);
}

TEST_F(SessionTest, what_ios_refuses_is_refused_in_its_words) {
  auto session = make();
  run_all(session, {"enable", "configure terminal", "crypto dynamic-map D 10", "exit", "crypto map M 65000 ipsec-isakmp dynamic D"});
  EXPECT_EQ(run(session, "interface GigabitEthernet0/0"), "");
  EXPECT_EQ(run(session, "crypto map M"), "");
  EXPECT_EQ(run(session, "crypto map NOSUCH"), "% NOTE: crypto map NOSUCH does not exist yet: it does nothing until it is configured\n");
  EXPECT_EQ(run(session, "crypto map M"), "");
  const auto before = render_document(document_);
  EXPECT_EQ(run(session, "no crypto map M"), "");  // here it is taken off the interface
  run(session, "crypto map M");
  run(session, "exit");
  EXPECT_EQ(run(session, "no crypto map M"),
            "% Crypto-map M is in use by interface(s): GigabitEthernet0/0. Please remove the crypto map from the above interface(s) first\n");
  EXPECT_EQ(run(session, "no crypto dynamic-map D"), "% Dynamic crypto map D is in use by crypto map M 65000. Please remove that entry first\n");
  EXPECT_EQ(run(session, "crypto map M 65000 ipsec-isakmp"), "% Attempt to change dynamic map tag for existing crypto map is not permitted.\n");
  EXPECT_EQ(run(session, "crypto map M 65000 ipsec-isakmp dynamic E"), "% Attempt to change dynamic map tag for existing crypto map is not permitted.\n");
  EXPECT_EQ(run(session, "crypto map M 65000 ipsec-manual"), "% The kind of an existing crypto map entry cannot be changed: remove the entry first\n");
  EXPECT_EQ(run(session, "ip route 10.0.0.1 255.255.255.0 Null0"), "%Inconsistent address and mask\n");
  EXPECT_EQ(render_document(document_), before);
  EXPECT_EQ(run(session, "crypto ipsec transform-set T esp-aes esp-3des"),
            "                                     ^\n% Invalid input detected at '^' marker.\n\n");
  EXPECT_EQ(run(session, "crypto ipsec transform-set T esp-gcm 256 esp-sha256-hmac"),
            "ERROR: Invalid transform proposal: a cipher that authenticates by itself takes no esp-hmac beside it\n");
  EXPECT_EQ(run(session, "crypto ipsec transform-set T esp-aes 256 esp-sha256-hmac"), "");
  run(session, "ip access-list extended 102");
  EXPECT_EQ(run(session, "10 permit ip host 10.0.0.1 any"), "% Duplicate sequence number\n");
  EXPECT_EQ(run(session, "permit ip 10.0.0.0 255.255.255.0 any"), "% NOTE: 255.255.255.0 is read as a wildcard; for a /24 write 0.0.0.255\n");
  EXPECT_EQ(run(session, "permit ip 10.0.0.0 0.0.0.255 any"), "");
  run_all(session, {"exit", "interface GigabitEthernet0/0", "no crypto map", "exit", "no crypto map M", "no crypto dynamic-map D"});
  EXPECT_EQ(render_document(document_).find("crypto map"), std::string::npos);
}

TEST_F(SessionTest, slips_are_refused_in_the_section_where_they_are_typed) {
  auto session = make();
  run_all(session, {"enable", "configure terminal"});
  for (const auto* section : {"crypto map M 10 ipsec-isakmp", "interface GigabitEthernet0/0", "router ospf 1", "line vty 0 4"}) {
    run(session, section);
    const auto before = render_document(document_);
    const auto prompt = session.prompt().text;
    for (const auto* line : {"no", "ip", "exot", "int gi", "no logging", "no aaa", "no service", "no enable", "interface gi0//0",
                             "interface g0/0/99999999999"}) {
      EXPECT_NE(run(session, line).find('%'), std::string::npos) << section << ": " << line;
      EXPECT_EQ(session.prompt().text, prompt) << line;
    }
    EXPECT_EQ(render_document(document_), before) << section;
  }
  run(session, "interface GigabitEthernet0/0");
  for (const auto* line : {"no vrf", "no event", "no ntp"}) EXPECT_NE(run(session, line).find("Incomplete"), std::string::npos) << line;
  run(session, "crypto map M 10");
  EXPECT_NE(run(session, "bogus command here").find("Invalid input"), std::string::npos);
  EXPECT_EQ(run(session, "qos pre-classify"), "");
}

TEST_F(SessionTest, interfaces_are_found_and_removed_as_on_ios) {
  auto session = make();
  run_all(session, {"enable", "configure terminal", "interface Tunnel100", "int tun100", "description x", "interface GigabitEthernet0/0", "description y", "exit"});
  EXPECT_EQ(render_document(document_).find("tun100"), std::string::npos);
  EXPECT_EQ(run(session, "no interface g0/0"), "% Removal of physical interfaces is not permitted.\n");
  run_all(session, {"no int tun100", "interface GigabitEthernet0/0.5", "description z", "no interface g0/0.5"});
  EXPECT_EQ(render_document(document_).find("Tunnel100"), std::string::npos);
  EXPECT_EQ(render_document(document_).find("0/0.5"), std::string::npos);
}

TEST_F(SessionTest, a_banner_is_configured_when_its_delimiter_comes_whatever_others_do) {
  auto session = make();
  auto other = make();
  run_all(session, {"enable", "configure terminal", "banner motd ^", "interface Loopback9"});
  EXPECT_TRUE(changes_.empty());
  run_all(other, {"enable", "configure terminal", "ntp server 192.0.2.1", "end", "write memory"});
  EXPECT_EQ(render_document(document_).find("banner"), std::string::npos);
  EXPECT_EQ(session.prompt().kind, SessionPrompt::Kind::Text);
  run_all(session, {"interface Loopback8", "^", "end"});
  EXPECT_NE(render_document(document_).find("banner motd ^\ninterface Loopback9\ninterface Loopback8\n^\n"), std::string::npos);
  EXPECT_EQ(changes_.size(), 2U);
}

TEST_F(SessionTest, modes_have_the_prompts_of_IOS) {
  auto session = make();
  EXPECT_EQ(session.prompt().text, "R1>");
  run_all(session, {"enable"});
  EXPECT_EQ(session.prompt().text, "R1#");
  run_all(session, {"config term"});
  EXPECT_EQ(session.prompt().text, "R1(config)#");
  run_all(session, {"hostname a-name-longer-than-twenty-characters"});
  EXPECT_EQ(session.prompt().text, "a-name-longer-than-t(config)#");
  run_all(session, {"interface GigabitEthernet 0/0/1"});
  EXPECT_EQ(session.prompt().text, "a-name-longer-than-t(config-if)#");
  run_all(session, {"exit", "exit"});
  EXPECT_EQ(session.prompt().text, "a-name-longer-than-twenty-characters#");
  run_all(session, {"logout"});
  EXPECT_EQ(session.prompt().kind, SessionPrompt::Kind::Closed);
}

TEST_F(SessionTest, the_enable_secret_is_asked_for_three_times) {
  auto root = make();
  run_all(root, {"enable", "conf t", "enable secret open", "end"});
  EXPECT_EQ(changes_.size(), 1U);
  EXPECT_NE(render_document(document_).find("enable secret 9 hash-of-open"), std::string::npos);
  auto ann = make(false);
  EXPECT_NE(run(ann, "configure terminal").find("Invalid input"), std::string::npos);
  run(ann, "enable");
  EXPECT_EQ(ann.prompt().kind, SessionPrompt::Kind::Secret);
  EXPECT_EQ(run(ann, "wrong"), "");
  EXPECT_EQ(run(ann, ""), "");
  EXPECT_EQ(run(ann, "wrong"), "% Bad secrets\n\n");
  EXPECT_EQ(ann.prompt().text, "R1>");
  run(ann, "enable");
  run(ann, "open");
  EXPECT_EQ(ann.prompt().text, "R1#");
  auto script = make(false);
  script.run_unattended();
  EXPECT_EQ(script.prompt().text, "R1>");
}

TEST_F(SessionTest, errors_in_configuration_mode_are_those_of_IOS) {
  auto session = make();
  run_all(session, {"enable", "conf t"});
  EXPECT_EQ(run(session, "hostnane S1"), "      ^\n% Invalid input detected at '^' marker.\n\n");
  EXPECT_EQ(run(session, "logging 0255.255.1"), "        ^\n% Invalid input detected at '^' marker.\n\n");
  EXPECT_EQ(run(session, "show version"), " ^\n% Invalid input detected at '^' marker.\n\n");
  EXPECT_EQ(run(session, "xyzzy"), "^\n% Invalid input detected at '^' marker.\n\n");
  EXPECT_EQ(run(session, "ip route 10.0.0.0"), "% Incomplete command.\n\n");
  EXPECT_EQ(run(session, "do show nonsense"), "        ^\n% Invalid input detected at '^' marker.\n\n");
  EXPECT_TRUE(changes_.empty());
  run_all(session, {"router bgp 65000", " neighbor 10.0.0.1 remote-as 65001", "ntp server 192.0.2.1", "snmp-server community x"});
  EXPECT_EQ(changes_.size(), 4U);
}

TEST_F(SessionTest, the_last_writer_wins_and_a_section_that_went_is_entered_anew) {
  auto first = make();
  auto second = make();
  run_all(first, {"enable", "conf t", "interface Tunnel1"});
  run_all(second, {"enable", "conf t", "no interface Tunnel1", "no ip access-list extended 102"});
  run_all(first, {"description mine"});
  EXPECT_NE(render_document(document_).find("interface Tunnel1\n description mine\n"), std::string::npos);
}

TEST_F(SessionTest, saving_asks_for_the_name_where_IOS_does) {
  auto session = make();
  run_all(session, {"enable"});
  EXPECT_EQ(run(session, "write"), "Building configuration...\n[OK]\n");
  EXPECT_EQ(run(session, "copy run start"), "");
  EXPECT_EQ(session.prompt().text, "Destination filename [startup-config]? ");
  EXPECT_EQ(run(session, ""), "Building configuration...\n[OK]\n");
  EXPECT_EQ(saved_, 2);
}

TEST_F(SessionTest, help_and_completion_come_from_the_rows) {
  const HelpPlace exec{false, Mode::Global, kPrivilegedLevel};
  EXPECT_EQ(render_help(exec, "sh"), "show\n");
  EXPECT_EQ(render_help(exec, "show crypto isakmp "), "  key      Pre-shared keys of IKEv1\n  policy   IKEv1 policies\n  profile  IKEv1 profiles\n  sa       IKEv1 SAs\n");
  EXPECT_EQ(render_help(exec, "terminal width "), "  <0-512>  Set width of the display terminal\n");
  EXPECT_EQ(render_help(exec, "write "), "  erase     Erase the startup configuration\n  memory    Write running configuration to memory\n  terminal  Write to terminal\n  <cr>\n");
  EXPECT_EQ(render_help(exec, "nonsense "), "% Unrecognized command\n");
  EXPECT_EQ(complete_line(exec, "sh cry ro"), "sh cry route ");
  EXPECT_EQ(complete_line(exec, "sh cry xx"), "sh cry xx");
  const HelpPlace entry{true, Mode::CryptoMap, kPrivilegedLevel};
  EXPECT_EQ(render_help(entry, "set reverse-route dist"), "distance\n");
  EXPECT_EQ(render_help(entry, "set reverse-route distance "), "  <1-255>  Distance metric for this route\n");
  EXPECT_NE(render_help(entry, "no ").find("  reverse-route"), std::string::npos);
  EXPECT_NE(render_help(entry, "interface ").find("an interface"), std::string::npos);
  EXPECT_EQ(complete_line(entry, "reverse-route st"), "reverse-route static ");
  EXPECT_EQ(render_help(entry, "do show crypto r"), "route\n");
}

/// 20,000 lines of an object group took minutes when each `host` line was taken for a host name.
TEST_F(SessionTest, help_names_protocols_and_says_what_is_only_kept) {
  auto session = make();
  run_all(session, {"enable", "configure terminal"});
  const auto protocols = session.help("access-list 101 permit ");
  for (const auto* line : {"  ahp           Authentication Header Protocol\n", "  ip            Any Internet Protocol\n", "  tcp           Transmission Control Protocol\n",
                           "  object-group  Service object group\n", "  <0-255>       An IP protocol number\n"}) {
    EXPECT_NE(protocols.find(line), std::string::npos) << line << protocols;
  }
  EXPECT_EQ(protocols.find("  17 "), std::string::npos) << protocols;
  EXPECT_EQ(session.help("access-list 101 permit es"), "esp\n");
  const std::string kept = "  LINE  What IOS takes here: it is kept, and nothing here acts on it\n  <cr>\n";
  EXPECT_EQ(session.help("snmp-server "), kept);
  EXPECT_EQ(session.help("logging host 10.0.0.1 "), kept);
  EXPECT_EQ(session.help("frobnicate "), "% Unrecognized command\n");
  run_all(session, {"crypto dynamic-map D 10"});
  EXPECT_EQ(session.help("set peer 192.0.2.1 "), "  default  Peer is the default peer\n  dynamic  Resolve the host name when the tunnel is started\n  <cr>\n");
}

TEST_F(SessionTest, help_goes_on_behind_a_bar) {
  auto session = make();
  run_all(session, {"enable"});
  EXPECT_TRUE(session.help("show running-config ").ends_with("  |          Output modifiers\n  <cr>\n")) << session.help("show running-config ");
  EXPECT_EQ(session.help("ping ").find('|'), std::string::npos);
  EXPECT_EQ(session.help("show run | "),
            "  append    Append redirected output to a file\n  begin     Begin with the line that matches\n"
            "  count     Count number of lines which match regexp\n  exclude   Exclude lines that match\n"
            "  include   Include lines that match\n  redirect  Redirect output to a file\n"
            "  section   Filter a section of output\n  tee       Copy output to a file\n");
  EXPECT_EQ(session.help("show run | e"), "exclude\n");
  EXPECT_EQ(session.help("show run | include "), "  LINE  Regular Expression\n");
  EXPECT_EQ(session.help("show run | redirect "), "  WORD  Name of a file where rri runs\n");
  EXPECT_EQ(session.help("show run | grep "), "% Unrecognized command\n");
  EXPECT_EQ(session.complete("show run | inc"), "show run | include ");
  run_all(session, {"configure terminal"});
  EXPECT_EQ(session.help("do show run | e"), "exclude\n");
}

TEST_F(SessionTest, the_history_keeps_what_stood_behind_the_bar) {
  auto session = make();
  run_all(session, {"enable", "show privilege | redirect a", "configure terminal", "do show history | include x", "end"});
  EXPECT_EQ(run(session, "show history"), "  enable\n  show privilege | redirect a\n  configure terminal\n  do show history | include x\n  end\n  show history\n");
}

TEST_F(SessionTest, a_banner_is_asked_for_and_can_be_given_up) {
  auto session = make();
  run_all(session, {"enable", "configure terminal"});
  EXPECT_EQ(run(session, "banner motd #"), "Enter TEXT message.  End with the character '#'.\n");
  run_all(session, {"first", "#"});
  EXPECT_EQ(run(session, "banner motd ^C"), "Enter TEXT message.  End with the character '^C'.\n");
  run_all(session, {"second", kInterrupt});
  EXPECT_NE(render_document(document_).find("banner motd ^C\nsecond\n^C\n"), std::string::npos) << render_document(document_);
  EXPECT_EQ(render_document(document_).find("first"), std::string::npos);
  EXPECT_EQ(run(session, "banner motd #"), "Enter TEXT message.  End with the character '#'.\n");
  run_all(session, {"third", kInterrupt});
  EXPECT_EQ(session.prompt().text, "R1(config)#");
  EXPECT_NE(render_document(document_).find("second\n^C"), std::string::npos) << render_document(document_);
  EXPECT_EQ(render_document(document_).find("third"), std::string::npos);
  run_all(session, {"no banner motd"});
  EXPECT_EQ(run(session, "banner login %"), "Enter TEXT message.  End with the character '%'.\n");
  run_all(session, {"fourth", kInterrupt});
  EXPECT_EQ(render_document(document_).find("banner"), std::string::npos) << render_document(document_);
}

TEST_F(SessionTest, long_host_names_are_refused_and_routes_out_of_unknown_interfaces_are_told) {
  auto session = make();
  run_all(session, {"enable", "configure terminal"});
  EXPECT_EQ(run(session, "hostname " + std::string(64, 'a')), "% Hostname is too long: at most 63 characters\n");
  EXPECT_EQ(run(session, "hostname " + std::string(63, 'a')), "");
  EXPECT_EQ(run(session, "ip route 10.0.0.0 255.0.0.0 Nope0"), "% NOTE: interface Nope0 is not configured here: the route waits for a device of that name\n");
  EXPECT_EQ(run(session, "ip route 10.0.0.0 255.0.0.0 Null0"), "");
}

TEST_F(SessionTest, only_the_host_name_is_taken_at_once) {
  auto session = make();
  run_all(session, {"enable", "conf t", "object-group network G", "host 10.0.0.1", "no host 10.0.0.1"});
  EXPECT_EQ(flushes_, 0);
  run_all(session, {"exit", "host R2", "no hostname"});
  EXPECT_EQ(flushes_, 2);
}

TEST_F(SessionTest, a_bare_configure_asks_as_in_IOS) {
  auto session = make();
  run_all(session, {"enable", "configure"});
  EXPECT_EQ(session.prompt().text, "Configuring from terminal, memory, or network [terminal]? ");
  run_all(session, {""});
  EXPECT_EQ(session.prompt().text, "R1(config)#");
  run_all(session, {"end", "conf"});
  EXPECT_NE(run(session, "memory").find("terminal only"), std::string::npos);
  EXPECT_EQ(session.prompt().text, "R1#");
}

/// Lines that IOS has and we do not are carried, as in a file; slips are refused.
TEST_F(SessionTest, what_a_file_carries_a_paste_carries_too) {
  auto session = make();
  run_all(session, {"enable", "conf t", "interface Tunnel7", "tunnel source GigabitEthernet0/0/1", "tunnel mode ipsec ipv4",
                    "ipv6 enable", "ip ospf cost 5", "crypto map M 10 ipsec-isakmp dynamic D", "interface Tunnel8"});
  run(session, "crypto map M 20 ipsec-isakmp");
  run_all(session, {"set nat demux"});
  EXPECT_EQ(run(session, "set peeer 1.2.3.4"), "       ^\n% Invalid input detected at '^' marker.\n\n");
  EXPECT_EQ(run(session, "rd 1:1"), " ^\n% Invalid input detected at '^' marker.\n\n");
  run_all(session, {"interface Tunnel7"});
  EXPECT_EQ(run(session, "ip adress 1.2.3.4 255.0.0.0"), "     ^\n% Invalid input detected at '^' marker.\n\n");
  const auto text = render_document(document_);
  for (const auto* line : {"\n tunnel source GigabitEthernet0/0/1\n", "\n ipv6 enable\n", "\n set nat demux\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST_F(SessionTest, what_begins_no_command_of_ios_is_refused) {
  auto session = make();
  run_all(session, {"enable", "conf t"});
  const std::vector<std::pair<std::string, std::vector<std::string>>> modes = {
      {"rri", {"foo", "12345", "shut down", "exec-timout 5", "no blah 1", "ip redirects"}},
      {"interface Gi0/0", {"foo bar", "onf t", "permt ip any any", "mtach address X", "ipp addres 1.1.1.1 255.0.0.0", "x"}},
      {"vrf definition RED", {"foo bar", "onf t"}},
      {"line vty 0 4", {"foo bar", "mtach address X"}},
      {"crypto ikev2 profile P", {"foo bar", "mtach address X"}},
      {"hostname R1", {"ip addres 1.1.1.1 255.0.0.0", "logging bufferd 4096", "x", "o sh users", "conf t lock"}}};
  for (const auto& [opener, lines] : modes) {
    run_all(session, {opener.c_str()});
    const auto before = render_document(document_);
    for (const auto& line : lines) EXPECT_NE(run(session, line).find("% Invalid input detected at '^' marker."), std::string::npos) << opener << ": " << line;
    EXPECT_EQ(render_document(document_), before);
  }
  for (const auto* line : {"vlan", "ntp server", "ip nat inside source"}) {
    EXPECT_EQ(run(session, line), "% Incomplete command.\n\n") << line;
  }
  for (const auto* line : {"interface Gi0/0", "ip nat inside", "negotiation auto", "no cdp enable", "logging buffered 4096", "logging 10.0.0.9", "ip address-pool local"}) {
    EXPECT_EQ(run(session, line), "") << line;
  }
}

TEST_F(SessionTest, nobody_is_asked_where_nobody_is) {
  auto script = make();
  script.run_unattended();
  EXPECT_EQ(run(script, "copy running-config startup-config"), "Building configuration...\n[OK]\n");
  EXPECT_EQ(saved_, 1);
  EXPECT_EQ(script.prompt().text, "R1#");
}

TEST_F(SessionTest, users_history_and_terminal_are_told_as_in_IOS) {
  host_.users = [] { return std::vector<UserRow>{{0, "root", true, Seconds(0), "198.51.100.7"}, {2, "ann", false, Seconds(3725), "local"}}; };
  auto session = make();
  run_all(session, {"enable", "terminal history size 2", "terminal length 0", "terminal width 0"});
  EXPECT_EQ(run(session, "show users"),
            "    Line       User       Host(s)              Idle       Location\n"
            "*  0 vty 0    root       configuring          00:00:00   198.51.100.7\n"
            "   2 vty 2    ann        idle                 01:02:05   local\n");
  EXPECT_EQ(run(session, "show history"), "  show users\n  show history\n");
  auto answer = session.take_line("show users", show::Format::Json);
  EXPECT_EQ(collect(std::move(answer.pieces)),
            "{\"users\":[\n{\"line\":0,\"user\":\"root\",\"state\":\"configuring\",\"idle\":0,\"location\":\"198.51.100.7\",\"self\":true},\n"
            "{\"line\":2,\"user\":\"ann\",\"state\":\"idle\",\"idle\":3725,\"location\":\"local\",\"self\":false}]}\n");
  EXPECT_EQ(collect(std::move(session.take_line("show privilege", show::Format::Json).pieces)), "{\"privilege\":15}\n");
}

TEST_F(SessionTest, every_line_gives_an_object_in_json) {
  auto session = make();
  session.run_unattended();
  host_.pending_reload = []() -> std::optional<Pending> { return std::nullopt; };
  const auto object = [&](std::string_view line) { return collect(std::move(session.take_line(line, show::Format::Json).pieces)); };
  EXPECT_EQ(object("write memory"), "{\"command\":\"write memory\",\"lines\":[\n\"Building configuration...\",\n\"[OK]\"]}\n");
  EXPECT_EQ(object(" terminal length 0"), "{\"command\":\"terminal length 0\",\"lines\":[]}\n");
  EXPECT_EQ(object(""), "{\"command\":\"\",\"lines\":[]}\n");
  EXPECT_EQ(object("debug crypto ipsec | redirect F"), "{\"command\":\"debug crypto ipsec\",\"lines\":[\n\"Crypto IPSEC debugging is on\"]}\n");
  EXPECT_EQ(object("show reload"), "{\"reload\":null}\n");
  EXPECT_EQ(object("configure terminal"),
            "{\"command\":\"configure terminal\",\"lines\":[\n\"Enter configuration commands, one per line.  End with CNTL/Z.\"]}\n");
  EXPECT_EQ(object("hostname R2"), "{\"command\":\"hostname R2\",\"lines\":[]}\n");
  EXPECT_EQ(object("do show privilege"), "{\"privilege\":15}\n");
  EXPECT_TRUE(object("do write terminal").starts_with("{\"bytes\":"));
}

TEST_F(SessionTest, hostile_lines_change_nothing) {
  auto session = make();
  run_all(session, {"enable", "conf t"});
  const auto before = render_document(document_);
  for (const auto& line : {std::string(1000000, 'x'), std::string("hostname \0x", 11), std::string("hostname \x1b[2J")}) {
    run(session, line);
    EXPECT_FALSE(session.help(line).empty()) << line.substr(0, 20);
    EXPECT_EQ(session.complete(line), line);
  }
  EXPECT_EQ(render_document(document_), before);
  EXPECT_TRUE(changes_.empty());
}

TEST_F(SessionTest, exec_commands_are_no_configuration) {
  auto session = make();
  run_all(session, {"enable", "conf t"});
  const auto before = render_document(document_);
  for (const auto* mode : {"end", "interface Gi0/0", "router ospf 1", "ip access-list extended 102"}) {
    if (std::string_view(mode) != "end") run_all(session, {mode});
    for (const auto* line : {"wr", "write memory", "copy run start", "copy running-config startup-config", "sh run", "sh ver", "show version", "ping 1.1.1.1"}) {
      if (std::string_view(mode) == "end") continue;
      EXPECT_NE(run(session, line).find("% Invalid input"), std::string::npos) << mode << ": " << line;
    }
  }
  EXPECT_EQ(saved_, 0);
  run_all(session, {"exit", "no router ospf 1", "no interface Gi0/0"});
  EXPECT_EQ(render_document(document_), before);
}

TEST_F(SessionTest, broken_lines_that_were_meant_to_act_are_told) {
  auto session = make();
  run_all(session, {"enable", "conf t"});
  const std::tuple<const char*, const char*, const char*> broken[] = {
      {"ip access-list extended A", "1o permit ip any host 2.2.2.2", "% Invalid"}, {"ip access-list extended A", "10 permit", "% Incomplete"},
      {"crypto map M 10 ipsec-isakmp", "set foo", "% Invalid"}, {"crypto map M 10 ipsec-isakmp", "set", "% Incomplete"},
      {"interface Gi0/0", "standby 1 prioritty 3", "% Invalid"}, {"hostname R1", "crypto mpa VPN 10", "% Invalid"},
      {"hostname R1", "no crypto mpa VPN", "% Invalid"}, {"hostname R1", "crypto", "% Incomplete"}, {"hostname R1", "ip", "% Incomplete"}};
  for (const auto& [opener, line, answer] : broken) {
    run(session, opener);
    EXPECT_NE(run(session, line).find(answer), std::string::npos) << line;
  }
  EXPECT_EQ(parse_document(render_document(document_)).document.carried().size(), 0U) << render_document(document_);
  run(session, "crypto map M 10 ipsec-isakmp");
  run_all(session, {"set nat demux", "interface Gi0/0", "standby 1 follow X", "exit", "crypto call admission limit ike sa 5"});
  EXPECT_EQ(document_.carried().size(), 3U) << render_document(document_);
}

TEST_F(SessionTest, reload_asks_to_save_what_is_changed) {
  bool is_saved = true;
  int reloads = 0;
  host_.is_saved = [&] { return is_saved; };
  host_.reload = [&]() -> Result<> { ++reloads; return {}; };
  auto session = make();
  run_all(session, {"enable", "reload"});
  EXPECT_EQ(session.prompt().text, "Proceed with reload? [confirm]");
  EXPECT_EQ(session.prompt().kind, SessionPrompt::Kind::Confirm);
  run(session, "n");
  is_saved = false;
  run(session, "reload");
  EXPECT_EQ(session.prompt().text, "System configuration has been modified. Save? [yes/no]: ");
  EXPECT_EQ(run(session, "what"), "% Please answer 'yes' or 'no'.\n");
  run(session, "yes");
  EXPECT_EQ(saved_, 1);
  EXPECT_EQ(session.prompt().text, "Proceed with reload? [confirm]");
  run(session, "");
  EXPECT_EQ(reloads, 1);
  run(session, "reload");
  EXPECT_EQ(run(session, kInterrupt), "");  // at the question whether to save
  EXPECT_EQ(session.prompt().text, "R1#");
  session.run_unattended();
  EXPECT_NE(run(session, "reload").find("not saved"), std::string::npos);
  EXPECT_EQ(reloads, 1);
  run(session, "reload force");
  is_saved = true;
  run(session, "reload");
  EXPECT_EQ(reloads, 3);
  EXPECT_EQ(saved_, 1);
}

TEST_F(SessionTest, replacing_the_configuration_is_asked_for) {
  std::string replaced;
  host_.replace = [&](const SessionUser&, const std::string& file) -> Result<std::string> { replaced += file; return {}; };
  auto session = make();
  run_all(session, {"enable"});
  EXPECT_NE(run(session, "configure replace F").find("This will apply all necessary"), std::string::npos);
  EXPECT_EQ(session.prompt().text, "configuration. Enter Y if you are sure you want to proceed. ? [no]: ");
  run(session, "");
  EXPECT_EQ(replaced, "");
  run(session, "configure replace F");
  EXPECT_NE(run(session, "y").find("Rollback Done"), std::string::npos);
  run(session, "configure replace G force");
  EXPECT_EQ(replaced, "FG");
  session.run_unattended();
  EXPECT_NE(run(session, "configure replace H").find("configure replace H force"), std::string::npos);
  EXPECT_EQ(replaced, "FG");
}

TEST_F(SessionTest, secrets_that_cannot_be_right_are_refused_and_those_of_lower_levels_open_nothing) {
  auto root = make();
  run_all(root, {"enable", "conf t"});
  for (const auto* line : {"enable secret 7 0822455D0A16", "enable secret 9 abc", "enable secret 5 abc"}) {
    EXPECT_NE(run(root, line).find("% ERROR:"), std::string::npos) << line;
  }
  run_all(root, {"enable secret top", "enable secret level 5 low"});
  auto ann = make(false);
  run(ann, "enable");
  run(ann, "low");
  EXPECT_EQ(ann.prompt().kind, SessionPrompt::Kind::Secret);
  run(ann, "top");
  EXPECT_EQ(ann.prompt().text, "R1#");
  run_all(root, {"no enable secret", "enable password plain"});
  auto bob = make(false);
  run(bob, "enable");
  EXPECT_EQ(bob.prompt().kind, SessionPrompt::Kind::Secret);
}

TEST_F(SessionTest, interfaces_need_a_number_and_addresses_a_host_part) {
  auto session = make();
  run_all(session, {"enable", "conf t"});
  for (const auto* line : {"int g", "int gi", "interface vlan", "interface Tunnel"}) EXPECT_EQ(run(session, line), "% Incomplete command.\n\n") << line;
  run_all(session, {"interface eth1", "interface wan", "interface lo", "interface Gi0/0"});
  EXPECT_EQ(run(session, "ip address 10.0.0.0 255.255.255.0"), "Bad mask /24 for address 10.0.0.0\n");
  run_all(session, {"ip address 10.0.0.0 255.255.255.254", "ip address 10.0.0.1 255.255.255.0"});
  EXPECT_NE(run(session, "vrf forwarding NOVRF").find("NOVRF is not configured yet"), std::string::npos);
}

TEST_F(SessionTest, addresses_that_cannot_be_are_refused) {
  auto session = make();
  run_all(session, {"enable", "conf t", "vrf definition RED", "interface Gi0/0", "ip address 10.1.0.1 255.255.0.0", "interface Gi0/1"});
  EXPECT_EQ(run(session, "ip address 10.17.0.255 255.255.255.0"), "Bad mask /24 for address 10.17.0.255\n");
  EXPECT_EQ(run(session, "ip address 10.1.2.1 255.255.255.0"), "% 10.1.2.0 overlaps with GigabitEthernet0/0\n");
  EXPECT_EQ(run(session, "ip address 10.0.0.1 255.0.0.0"), "% 10.0.0.0 overlaps with GigabitEthernet0/0\n");
  run_all(session, {"shutdown", "ip address 10.1.2.1 255.255.255.0", "no ip address", "no shutdown", "vrf forwarding RED", "ip address 10.1.2.1 255.255.255.0"});
  run_all(session, {"ip address 10.2.0.1 255.255.0.0 secondary", "ipv6 address 2001:db8::1/64"});
  EXPECT_EQ(run(session, "no ip address 10.1.2.1 255.255.255.0"), "Must delete secondary before deleting primary\n");
  run_all(session, {"vrf forwarding RED"});
  EXPECT_EQ(run(session, "no vrf forwarding RED"),
            "% Interface GigabitEthernet0/1 IPv4 disabled and address(es) removed due to disabling VRF RED\n"
            "% Interface GigabitEthernet0/1 IPv6 disabled and address(es) removed due to disabling VRF RED\n");
  run_all(session, {"ip address 10.3.0.1 255.255.0.0"});
  EXPECT_EQ(run(session, "ip vrf forwarding RED"), "% Interface GigabitEthernet0/1 IPv4 disabled and address(es) removed due to enabling VRF RED\n");
  EXPECT_NE(render_document(document_).find("interface GigabitEthernet0/1\n ip vrf forwarding RED\n!"), std::string::npos) << render_document(document_);
}

TEST_F(SessionTest, numbers_that_do_not_go_together_are_refused) {
  auto session = make();
  run_all(session, {"enable", "conf t"});
  const auto range = [](std::string_view prefix) { return fmt::format("% Invalid prefix range for {}, make sure: len < ge-value <= le-value\n", prefix); };
  EXPECT_EQ(run(session, "ip prefix-list L permit 10.0.0.0/8 ge 8"), range("10.0.0.0/8"));
  EXPECT_EQ(run(session, "ip prefix-list L permit 10.0.0.0/8 le 8"), range("10.0.0.0/8"));
  EXPECT_EQ(run(session, "ip prefix-list L permit 10.0.0.0/8 ge 24 le 16"), range("10.0.0.0/8"));
  run_all(session, {"ip prefix-list L permit 10.0.0.0/8 ge 9 le 24", "ipv6 prefix-list M permit 2001:db8::/32 ge 48"});
  for (const auto* line : {"ip route 1.2.3.0 255.0.255.0 Null0", "ip route vrf RED 1.2.3.0 255.0.255.0 Null0"}) {
    EXPECT_EQ(run(session, line), "%Inconsistent address and mask\n") << line;
  }
  EXPECT_NE(run(session, "ip route 1.2.3.0 255.255.255.0 NoSuch thing").find("% Invalid"), std::string::npos);
  run(session, "interface Gi0/0");
  EXPECT_NE(run(session, "standby 300 ip 10.0.0.1").find("HSRP version 1 has no group 300"), std::string::npos);
  run_all(session, {"standby version 2", "standby 300 ip 10.0.0.1"});
}

TEST_F(SessionTest, commands_of_an_operator_are_there) {
  std::string done;
  host_.merge = [&](const SessionUser&, const std::string& file) -> Result<std::string> { done += "merge " + file + ";"; return std::string("5 bytes copied\n"); };
  host_.erase = [&]() -> Result<> { done += "erase;"; return {}; };
  host_.clear_log = [&] { done += "clear-log;"; };
  host_.clear_line = [&](std::uint32_t line) { done += fmt::format("line {};", line); return line == 3; };
  std::optional<Pending> reload;
  host_.pending_reload = [&] { return reload; };
  host_.reload_in = [&](const SessionUser& user, unsigned minutes) { reload = Pending{user.name, Seconds(minutes * 60)}; };
  host_.cancel_reload = [&] { return std::exchange(reload, std::nullopt).has_value(); };
  auto session = make();
  run_all(session, {"enable 15", "terminal length 3", "terminal width 9", "terminal no length", "terminal default width", "reload in 5", "y"});
  EXPECT_EQ(session.prompt().length, 24U);
  EXPECT_EQ(session.prompt().width, 80U);
  EXPECT_EQ(run(session, "show reload"), "Reload scheduled in 5 minutes by root\n");
  EXPECT_NE(run(session, "reload cancel").find("SHUTDOWN ABORTED"), std::string::npos);
  EXPECT_EQ(run(session, "reload cancel"), "%No reload is scheduled.\n");
  for (const auto* line : {"copy startup-config running-config", "copy flash:more running-config", "write erase", "erase startup-config", "clear logging", "clear line vty 3"}) {
    run(session, line);
    ASSERT_NE(session.prompt().kind, SessionPrompt::Kind::Exec) << line;
    run(session, "");
  }
  EXPECT_EQ(done, "merge startup-config;merge flash:more;erase;erase;clear-log;line 3;");
  EXPECT_EQ(run(session, "clear line 0"), "% Not allowed to clear current line\n");
  EXPECT_NE(run(session, "clear counters").find("the kernel's"), std::string::npos);
  run(session, "debug all");
  EXPECT_EQ(run(session, "y"), "All possible debugging has been turned on\n");
  EXPECT_TRUE(session.debugs() && session.debugs_ike(1) && session.debugs_ike(2));
  EXPECT_EQ(run(session, "enable 7"), "% No password set\n");
  run_all(session, {"enable 1"});
  EXPECT_EQ(session.prompt().text, "R1>");
}

}  // namespace
}  // namespace rri::shell

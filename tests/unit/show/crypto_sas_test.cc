#include "show/crypto_sas.h"

#include <gtest/gtest.h>

#include <time.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "config/config.h"
#include "io/vici/ike_sas.h"
#include "show/tables.h"
#include "support/slower.h"
#include "unit/vici/recording.h"

namespace rri::show {
namespace {

constexpr std::string_view kHub = R"(crypto isakmp profile CUSTOMER
 vrf RED
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
crypto dynamic-map SPOKES 10
 set transform-set TS
 description branches
 reverse-route
crypto map VPN 10 ipsec-isakmp
 set peer 192.0.2.9
 match address 110
 reverse-route
crypto map VPN 65000 ipsec-isakmp dynamic SPOKES
interface GigabitEthernet0/0/1
 ip address 203.0.113.1 255.255.255.252
 crypto map VPN
)";
constexpr std::string_view kIdleLine = "access-list 110 permit ip 10.0.0.0 0.0.0.255 10.9.0.0 0.0.255.255\n";

/// What strongSwan 5.9.8 said of its SAs in a recording, the last time of each.
std::vector<IkeSa> recorded_sas(const std::string& name) {
  std::vector<IkeSa> sas;
  for (const auto& payload : vici::test::load_recording(name).payloads) {
    const auto packet = vici::parse_packet(payload);
    if (!packet || packet->type != vici::PacketType::Event || packet->name != "list-sa") continue;
    const auto read = vici::read_ike_sas(packet->message, [&](IkeSa ike) {
      std::erase_if(sas, [&](const IkeSa& known) { return known.id == ike.id; });
      sas.push_back(std::move(ike));
    });
    EXPECT_TRUE(read);
  }
  return sas;
}

std::shared_ptr<core::Snapshot> snapshot_of(const std::string& config) {
  auto snapshot = std::make_shared<core::Snapshot>();
  auto parsed = parse_document(config);
  snapshot->config = std::make_shared<const Config>(std::move(parsed.config));
  return snapshot;
}

core::SaPlace place_of(bool matched) {
  core::SaPlace view;
  if (!matched) {
    view.unmatched_reason = "no entry takes its peer";
    return view;
  }
  view.entry = EntryName{"VPN", 65000};
  view.dynamic_map = "SPOKES";
  view.template_sequence = 10;
  view.interface = "GigabitEthernet0/0/1";
  return view;
}

SharedPicture picture_of(std::vector<IkeSa> sas, bool matched = true, std::string_view more = {}) {
  auto list = std::make_shared<IkeSas>();
  for (auto& ike : sas) list->emplace(ike.id, std::move(ike));
  auto picture = std::make_shared<SaPicture>(snapshot_of(std::string(kHub) + std::string(more)), list);
  for (const auto& [id, ike] : *list) {
    for (const auto& child : ike.children) picture->set_place(child.id, place_of(matched));
  }
  return picture;
}

std::string expected_path(const std::string& name) { return std::string(RRI_TESTS_DIR) + "/data/show/" + name; }

IkeSa ikev1_sa() {
  IkeSa ike;
  ike.id = 12;
  ike.connection = "branch";
  ike.version = 1;
  ike.state = "ESTABLISHED";
  ike.local = *IpAddress::parse("203.0.113.1");
  ike.peer = *IpAddress::parse("198.51.100.7");
  ike.suite = {"AES_CBC", 256, "HMAC_SHA2_256_128", "PRF_HMAC_SHA2_256", "MODP_2048"};
  ike.age_seconds = 100;
  ike.reauth_seconds = 86300;
  return ike;
}

TEST(CryptoSas, ipsec_sa_of_a_recorded_list_to_the_character) {
  const auto text = collect(ipsec_sas(picture_of(recorded_sas("02-child-rekey-by-spoke"), true, kIdleLine), {}, Format::Text));
  EXPECT_EQ(text, vici::test::read_file(expected_path("ipsec_sa.txt")));
}

TEST(CryptoSas, leftovers_of_a_rekey_are_not_shown) {
  auto sas = recorded_sas("02-child-rekey-by-spoke");
  ASSERT_FALSE(sas.empty());
  for (auto& child : sas.front().children) child.state = "REKEYED";
  sas.resize(1);
  EXPECT_EQ(collect(ipsec_sas(picture_of(sas), {}, Format::Text)), "\nNo SAs found\n");
  EXPECT_NE(collect(crypto_sessions(picture_of(sas), {}, SessionForm::Usual, Format::Text)).find("UP-IDLE"), std::string::npos);
}

TEST(CryptoSas, sessions_of_a_recorded_list_to_the_character) {
  auto sas = recorded_sas("02-child-rekey-by-spoke");
  const auto text = collect(crypto_sessions(picture_of(sas, true, kIdleLine), {}, SessionForm::Detail, Format::Text));
  EXPECT_EQ(text, vici::test::read_file(expected_path("crypto_session_detail.txt")));
}

TEST(CryptoSas, an_sa_that_no_entry_took_says_why) {
  auto sas = recorded_sas("02-child-rekey-by-spoke");
  const auto text = collect(crypto_sessions(picture_of(sas, false), {}, SessionForm::Usual, Format::Text));
  EXPECT_NE(text.find("Crypto map entry: none (no entry takes its peer)\n"), std::string::npos) << text;
  EXPECT_NE(collect(ipsec_sas(picture_of(sas, false), {}, Format::Json)).find(R"("map":null,"seq":null)"), std::string::npos);
}

TEST(CryptoSas, nothing_prints_what_ios_prints) {
  EXPECT_EQ(collect(ipsec_sas(picture_of({}), {}, Format::Text)), "\nNo SAs found\n");
  EXPECT_EQ(collect(crypto_sessions(picture_of({}), {}, SessionForm::Usual, Format::Text)), "Crypto session current status\n\n");
  EXPECT_EQ(collect(ikev2_sas(picture_of({}), {}, Format::Text)), "");
  EXPECT_EQ(collect(isakmp_sas(picture_of({}), {}, Format::Text)),
            "IPv4 Crypto ISAKMP SA\n"
            "dst             src             state          conn-id status\n"
            "\n"
            "IPv6 Crypto ISAKMP SA\n"
            "\n");
  EXPECT_EQ(collect(ipsec_sas(picture_of({}), {}, Format::Json)), "{\"sas\":[]}\n");
}

TEST(CryptoSas, ikev1_in_columns) {
  auto going = ikev1_sa();
  going.id = 13;
  going.state = "DELETING";
  going.initiator = true;
  auto six = ikev1_sa();
  six.id = 14;
  six.local = *IpAddress::parse("2001:db8::1");
  six.peer = *IpAddress::parse("2001:db8::7");
  EXPECT_EQ(collect(isakmp_sas(picture_of({ikev1_sa(), going, six}), {}, Format::Text)),
            "IPv4 Crypto ISAKMP SA\n"
            "dst             src             state          conn-id status\n"
            "203.0.113.1     198.51.100.7    QM_IDLE             12 ACTIVE\n"
            "198.51.100.7    203.0.113.1     MM_NO_STATE         13 ACTIVE (deleted)\n"
            "\n"
            "IPv6 Crypto ISAKMP SA\n"
            "\n"
            " dst: 2001:db8::1\n"
            " src: 2001:db8::7\n"
            " state: QM_IDLE        conn-id:     14 status: ACTIVE\n"
            "\n");
  EXPECT_EQ(collect(ikev2_sas(picture_of({ikev1_sa()}), {}, Format::Text)), "");
}

TEST(CryptoSas, ikev2_detail_to_the_character) {
  auto ike = ikev1_sa();
  ike.version = 2;
  ike.local_id = "hub";
  ike.peer_id = "s1";
  ike.initiator_spi = "d148d357376a8d2b";
  ike.responder_spi = "337a91c66ff1778f";
  ike.local_authentication = "pre-shared key";
  ike.peer_authentication = "public key";
  SaQuery query;
  query.detail = true;
  EXPECT_EQ(collect(ikev2_sas(picture_of({ike}), query, Format::Text)),
            " IPv4 Crypto IKEv2  SA \n"
            "\n"
            "Tunnel-id Local                 Remote                fvrf/ivrf            Status \n"
            "12        203.0.113.1/500       198.51.100.7/500      none/none            READY  \n"
            "      Encr: AES-CBC, keysize: 256, PRF: SHA256, Hash: SHA256, DH Grp:14, Auth sign: PSK, Auth verify: RSA\n"
            "      Life/Active Time: 86400/100 sec\n"
            "      CE id: 12, Session-id: 12\n"
            "      Status Description: Negotiation done\n"
            "      Local spi: 337A91C66FF1778F       Remote spi: D148D357376A8D2B\n"
            "      Local id: hub\n"
            "      Remote id: s1\n"
            "      Extended Authentication not configured.\n"
            "      NAT-T is not detected\n"
            "      Initiator of SA : No\n"
            "\n"
            " IPv6 Crypto IKEv2  SA \n"
            "\n");
}

TEST(CryptoSas, queries_choose) {
  const auto picture = picture_of(recorded_sas("02-child-rekey-by-spoke"));
  SaQuery query;
  query.peer = *IpAddress::parse("192.0.2.99");
  EXPECT_TRUE(find_flows(*picture, query).empty());
  query.peer = *IpAddress::parse("192.0.2.2");
  EXPECT_FALSE(find_flows(*picture, query).empty());
  query.map = "OTHER";
  EXPECT_TRUE(find_flows(*picture, query).empty());
}

ChildSa child_sa(std::uint64_t id) {
  ChildSa child;
  child.id = id;
  child.state = "INSTALLED";
  child.local = {*TrafficSelector::parse("10.0.0.0/24")};
  child.remote = {*TrafficSelector::parse(fmt::format("11.{}.{}.{}/32", id / 65536, id / 256 % 256, id % 256))};
  return child;
}

/// `count` CHILD_SAs: of one IKE SA each, or 500 of each IKE SA, all with one peer.
SharedPicture large_picture(std::uint64_t count, bool of_one_peer) {
  constexpr std::uint64_t kChildren = 500;
  std::vector<IkeSa> sas;
  for (std::uint64_t i = 1; i <= count; ++i) {
    if (!of_one_peer || i % kChildren == 1) {
      sas.push_back(ikev1_sa());
      sas.back().id = i;
      if (!of_one_peer) sas.back().peer = IpAddress::v4(static_cast<std::uint32_t>(0xc6000000 + i * 2654435761U % 65536 * 256 + i % 256));
    }
    sas.back().children.push_back(child_sa(count + 1 - i));
  }
  return picture_of(std::move(sas));
}

double thread_millis() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// The longest turn that an answer takes of the event loop, in milliseconds of CPU
/// time, its first turn and its end included.
double longest_turn(const std::function<Pieces()>& make) {
  double longest = 0;
  auto start = thread_millis();
  const auto end_turn = [&] {
    longest = std::max(longest, thread_millis() - start);
    start = thread_millis();
  };
  auto pieces = make();
  end_turn();
  std::string out;
  for (bool more = true; more;) {
    out.clear();
    more = pieces(out);
    end_turn();
  }
  pieces = nullptr;
  end_turn();
  return longest;
}

TEST(CryptoSas, no_turn_of_many_sas_holds_the_loop) {
  constexpr std::uint64_t kCount = 40'000;
  constexpr double kLongest = 4 * testing::kSlower;  // a fifth of what it took in one turn
  for (const bool of_one_peer : {true, false}) {
    const auto picture = large_picture(kCount, of_one_peer);
    const auto check = [&](const char* what, const std::function<Pieces()>& make) {
      EXPECT_LT(longest_turn(make), kLongest) << what << (of_one_peer ? ", one peer" : "");
    };
    check("sessions", [&] { return crypto_sessions(picture, {}, SessionForm::Usual, Format::Text); });
    check("sessions brief", [&] { return crypto_sessions(picture, {}, SessionForm::Brief, Format::Text); });
    check("sessions JSON", [&] { return crypto_sessions(picture, {}, SessionForm::Usual, Format::Json); });
    check("SAs", [&] { return ipsec_sas(picture, {}, Format::Text); });
    if (of_one_peer) continue;
    check("engine", [&] { return engine_connections(picture, Format::Text); });
    check("IKEv1", [&] { return isakmp_sas(picture, {}, Format::Text); });
  }
}

TEST(CryptoSas, sessions_are_by_interface_and_peer_with_their_items_in_order) {
  auto first = ikev1_sa();
  first.children = {child_sa(9), child_sa(3)};
  auto second = ikev1_sa();
  second.id = 13;
  second.peer = *IpAddress::parse("198.51.100.6");
  const auto json = collect(crypto_sessions(picture_of({first, second}, true, kIdleLine), {}, SessionForm::Usual, Format::Json));
  const auto parsed = nlohmann::json::parse(json);
  ASSERT_EQ(parsed["sessions"].size(), 3U) << json;
  EXPECT_EQ(parsed["sessions"][0]["status"], "DOWN");
  EXPECT_EQ(parsed["sessions"][0]["idle"].size(), 1U);
  EXPECT_EQ(parsed["sessions"][1]["ike"].size() + parsed["sessions"][2]["ike"].size(), 2U);
  const auto& active = parsed["sessions"][2];
  EXPECT_EQ(active["status"], "UP-ACTIVE") << json;
  ASSERT_EQ(active["sas"].size(), 2U);
  EXPECT_EQ(active["sas"][0]["id"], 3);
  EXPECT_EQ(active["sas"][1]["id"], 9);
}

// ---- SAs that the routes do not know ---------------------------------------------

constexpr std::string_view kTransport = R"(crypto ipsec transform-set GRE esp-aes esp-sha256-hmac
 mode transport
crypto ipsec profile VP
 set transform-set GRE
 set security-association lifetime kilobytes 102400
 set pfs group14
crypto ikev2 profile I2
 match identity remote any
 lifetime 7200
crypto map VPN 30 ipsec-isakmp
 set peer 198.51.100.30
 set transform-set GRE
 set security-association lifetime kilobytes disable
 match address GRE
ip access-list extended GRE
 permit gre host 203.0.113.1 host 198.51.100.30
interface Tunnel0
 tunnel source GigabitEthernet0/0/1
 tunnel destination 198.51.100.7
 tunnel protection ipsec profile VP ikev2-profile I2
)";

IkeSa transport_sa(const std::string& connection, const std::string& peer) {
  auto ike = ikev1_sa();
  ike.connection = connection;
  ike.peer = *IpAddress::parse(peer);
  ChildSa child;
  child.id = 5;
  child.state = "INSTALLED";
  child.tunnel = false;
  child.spi_in = 0xA;
  child.spi_out = 0xB;
  child.in.bytes = 2048;
  child.life_seconds = 3000;
  child.local = {*TrafficSelector::parse("203.0.113.1/32[gre]")};
  child.remote = {*TrafficSelector::parse(peer + "/32[gre]")};
  ike.children = {child};
  return ike;
}

/// As the shell places them: by the names of their connections.
SharedPicture placed(std::vector<IkeSa> sas, std::string_view more) {
  auto list = std::make_shared<IkeSas>();
  for (auto& ike : sas) list->emplace(ike.id, std::move(ike));
  auto picture = std::make_shared<SaPicture>(snapshot_of(std::string(kHub) + std::string(more)), list);
  for (const auto& [id, ike] : *list) {
    for (const auto& child : ike.children) picture->set_place(child.id, place_of_connection(*picture->summary, ike));
  }
  return picture;
}

TEST(CryptoSas, transport_of_a_crypto_map_has_its_entry_and_is_listed_once) {
  const auto picture = placed({transport_sa("rri-VPN-30-198_51_100_30", "198.51.100.30")}, kTransport);
  EXPECT_EQ(collect(crypto_sessions(picture, {}, SessionForm::Detail, Format::Text)).substr(std::string_view("Crypto session current status").size()),
            "\n\nCode: C - IKE Configuration mode, D - Dead Peer Detection     \n"
            "K - Keepalives, N - NAT-traversal, T - cTCP encapsulation     \n"
            "X - IKE Extended Authentication, F - IKE Fragmentation\n"
            "R - IKE Auto Reconnect, U - IKE Dynamic Route Update\n"
            "S - SIP VPN\n\n"
            "Interface: GigabitEthernet0/0/1\n"
            "Uptime: 00:01:40\n"
            "Session status: UP-ACTIVE     \n"
            "Peer: 198.51.100.30 port 500 fvrf: (none) ivrf: (none)\n"
            "      Phase1_id: (none)\n"
            "      Desc: (none)\n"
            "  Session ID: 12  \n"
            "  IKEv1 SA: local 203.0.113.1/500 remote 198.51.100.30/500 Active \n"
            "          Capabilities:(none) connid:12 lifetime:23:58:20\n"
            "  IPSEC FLOW: permit 47 host 203.0.113.1 host 198.51.100.30 \n"
            "        Active SAs: 2, origin: crypto map\n"
            "        Inbound:  #pkts dec'ed 0 drop 0 life (KB/Sec) KB Vol Rekey Disabled/3000\n"
            "        Outbound: #pkts enc'ed 0 drop 0 life (KB/Sec) KB Vol Rekey Disabled/3000\n"
            "Crypto map entry: VPN 30\n\n");
}

TEST(CryptoSas, tunnel_protection_stands_under_its_tunnel_and_the_map_that_ios_makes) {
  auto other = ikev1_sa();
  other.id = 13;
  other.connection = "rri-Tunnel0";
  const auto picture = placed({transport_sa("rri-Tunnel0", "198.51.100.7"), other}, kTransport);
  const auto session = collect(crypto_sessions(picture, {}, SessionForm::Usual, Format::Text));
  EXPECT_NE(session.find("Interface: Tunnel0\n"), std::string::npos) << session;
  EXPECT_EQ(session.find("Interface: GigabitEthernet0/0/1\nSession status: UP"), std::string::npos) << session;
  EXPECT_NE(session.find("Crypto map entry: ipsec profile VP\n"), std::string::npos) << session;
  for (const auto& query : {SaQuery{}, SaQuery{{}, {}, "Tunnel0-head-0", false}, SaQuery{{}, "Tunnel0", {}, false}}) {
    const auto sas = collect(ipsec_sas(picture, query, Format::Text));
    EXPECT_NE(sas.find("interface: Tunnel0\n    Crypto map tag: Tunnel0-head-0, local addr 203.0.113.1\n"), std::string::npos) << sas;
    EXPECT_NE(sas.find("crypto map: Tunnel0-head-0\n        sa timing: remaining key lifetime (k/sec): (102398/3000)\n"), std::string::npos) << sas;
    EXPECT_NE(sas.find("(102400/3000)"), std::string::npos) << sas;
  }
}

TEST(CryptoSas, another_ones_connection_has_no_entry_and_says_why) {
  const auto session = collect(crypto_sessions(placed({transport_sa("site", "198.51.100.7")}, kTransport), {}, SessionForm::Usual, Format::Text));
  EXPECT_NE(session.find("Crypto map entry: none (connection site is not ours)\n"), std::string::npos) << session;
}

TEST(CryptoSas, what_the_kernel_has_no_limit_and_no_window_for_is_not_made_up) {
  auto ike = transport_sa("reqid 7", "198.51.100.7");
  auto& child = ike.children.front();
  child.spi_in = 0;
  child.life_seconds.reset();
  child.life_bytes = 0;
  child.replay_window = 0;
  const auto sas = collect(ipsec_sas(placed({ike}, kTransport), {}, Format::Text));
  EXPECT_NE(sas.find("     inbound esp sas:\n\n"), std::string::npos) << sas;
  EXPECT_NE(sas.find("        no sa timing\n        IV size: 0 bytes\n        replay detection support: N\n        Status"), std::string::npos) << sas;
  EXPECT_NE(collect(crypto_sessions(placed({ike}, kTransport), {}, SessionForm::Usual, Format::Text)).find("Active SAs: 1, "), std::string::npos);
  child.life_bytes = 10240;
  child.replay_window = 128;
  const auto limited = collect(ipsec_sas(placed({ike}, kTransport), {}, Format::Text));
  EXPECT_NE(limited.find("(k/sec): (10/0)"), std::string::npos) << limited;
  EXPECT_NE(limited.find("support: Y  replay window size: 128\n"), std::string::npos) << limited;
}

TEST(CryptoSas, a_line_of_a_service_group_makes_no_flow_and_ports_are_shown) {
  const auto text = collect(crypto_sessions(picture_of({}, true,
                                                       "object-group service S\n tcp eq 22\naccess-list 110 permit object-group S host 10.0.0.1 host 10.9.0.1\n"
                                                       "access-list 110 permit tcp host 10.0.0.2 eq 179 host 10.9.0.2 eq www\n"),
                                            {}, SessionForm::Usual, Format::Text));
  EXPECT_EQ(text.find("10.0.0.1"), std::string::npos) << text;
  EXPECT_NE(text.find("  IPSEC FLOW: permit 6 host 10.0.0.2 port 179 host 10.9.0.2 port 80 \n"), std::string::npos) << text;
}

TEST(CryptoSas, the_life_of_an_ike_sa_of_ours_is_the_configured_one) {
  auto ike = transport_sa("rri-Tunnel0", "198.51.100.7");
  ike.version = 2;
  const auto life = [&] {
    const auto text = collect(ikev2_sas(placed({ike}, kTransport), {}, Format::Text));
    const auto at = text.find("Life/Active Time: ");
    return at == std::string::npos ? text : text.substr(at, text.find('\n', at) - at);
  };
  EXPECT_EQ(life(), "Life/Active Time: 7200/100 sec");
  ike.connection = "rri-VPN-30-198_51_100_30";
  EXPECT_EQ(life(), "Life/Active Time: 86400/100 sec");
  ike.connection = "site";
  ike.reauth_seconds = 900;
  EXPECT_EQ(life(), "Life/Active Time: 1000/100 sec");
}

TEST(CryptoSas, crypto_maps_have_those_of_tunnel_protection) {
  auto summary = snapshot_of(std::string(kHub) + std::string(kTransport));
  CryptoMapQuery query;
  query.settings = [](const EntryKey&) { return IpsecSettings(); };
  query.transforms = [](const std::string&) { return std::string("esp-aes esp-sha256-hmac"); };
  query.tag = "Tunnel0-head-0";
  const auto text = collect(crypto_maps(summary, [] { return [](std::vector<core::SaView>&) { return false; }; }, query));
  const std::string body =
      "        Security association lifetime: 102400 kilobytes/3600 seconds\n"
      "        Dualstack (Y/N): N\n\n"
      "        Responder-Only (Y/N): N\n"
      "        PFS (Y/N): Y\n"
      "        DH group:  group14\n"
      "        Mixed-mode : Disabled\n"
      "        Transform sets={\n"
      "                GRE:  { esp-aes esp-sha256-hmac  } ,\n"
      "        }\n";
  EXPECT_EQ(text,
            "Crypto Map IPv4 \"Tunnel0-head-0\" 65536 ipsec-isakmp\n        Profile name: VP\n" + body +
                "\nCrypto Map IPv4 \"Tunnel0-head-0\" 65537 ipsec-isakmp\n"
                "        Map is a PROFILE INSTANCE.\n"
                "        Peer = 198.51.100.7\n"
                "        IKEv2 Profile: I2\n"
                "        Access-List SS dynamic: False\n"
                "        Extended IP access list\n"
                "            access-list  permit gre host 203.0.113.1 host 198.51.100.7\n"
                "        Current peer: 198.51.100.7\n" + body +
                "        Interfaces using crypto map Tunnel0-head-0:\n                Tunnel0\n\n");
}

}  // namespace
}  // namespace rri::show

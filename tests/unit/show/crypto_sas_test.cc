#include "show/crypto_sas.h"

#include <gtest/gtest.h>

#include <time.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "config/config.h"
#include "io/vici/ike_sas.h"
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
  constexpr double kLongest = 4;  // a fifth of what it took in one turn
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

}  // namespace
}  // namespace rri::show

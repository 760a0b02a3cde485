// What `show crypto ...` is told of the kernel's SAs.
#include "io/xfrm/sa_report.h"

#include <netinet/in.h>

#include "support/xfrm_recording.h"

namespace rri::xfrm {
namespace {

using netlink::SaDetails;

IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }
const IpAddress kHub = address("203.0.113.1");
const IpAddress kSpoke = address("198.51.100.2");

SaDetails state(const IpAddress& from, const IpAddress& to, std::uint32_t spi, std::uint64_t packets, std::uint64_t added = 1000) {
  SaDetails made;
  made.sa.key = {to, spi, IPPROTO_ESP, {}};
  made.sa.source = from;
  made.sa.reqid = 7;
  made.sa.packets = packets;
  made.sa.bytes = 100 * packets;
  made.added = added;
  made.encryption = {"rfc4106(gcm(aes))", 288, 128};
  made.soft_life = 3300;
  made.hard_life = 3600;
  return made;
}

Sa told() {
  Sa sa;
  sa.id = SaId(3);
  sa.peer = kSpoke;
  sa.local_endpoint = kHub;
  sa.connection = "reqid 7";
  return sa;
}

TEST(Report, CountsBothWaysAndShowsTheNewest) {
  SaReport report;
  report.take(state(kHub, kSpoke, 0x11, 5, 1000));
  report.take(state(kHub, kSpoke, 0x12, 2, 1060));  // a rekey left both
  report.take(state(kSpoke, kHub, 0x21, 4, 1060));
  report.take(state(kHub, address("192.0.2.2"), 0x31, 9));
  report.take(state(kHub, kSpoke, 0, 9, 2000));     // larval
  const auto sa = told();
  const auto ike = report.describe({sa, 7, IPPROTO_ESP}, 1100);
  EXPECT_EQ(ike.version, 0);
  EXPECT_EQ(ike.peer, kSpoke);
  ASSERT_EQ(ike.children.size(), 1U);
  const auto& child = ike.children.front();
  EXPECT_EQ(child.id, 3U);
  EXPECT_EQ(child.out, (Traffic{7, 700}));
  EXPECT_EQ(child.in, (Traffic{4, 400}));
  EXPECT_EQ(child.spi_out, 0x12U);
  EXPECT_EQ(child.spi_in, 0x21U);
  EXPECT_EQ(child.suite, (CryptoSuite{"AES_GCM_16", 256, "", "", ""}));
  EXPECT_EQ(child.age_seconds, 40U);
  EXPECT_EQ(child.rekey_seconds, 3260U);
  EXPECT_EQ(child.life_seconds, 3560U);
}

TEST(Report, AnSaThatWentMeanwhileHasNothingToTell) {
  const auto sa = told();
  const auto ike = SaReport().describe({sa, 7, IPPROTO_ESP}, 1100);
  EXPECT_EQ(ike.children.front().spi_out, 0U);
  EXPECT_FALSE(ike.children.front().life_seconds);
}

TEST(Report, RecordedSasHaveTheNamesOfTheirAlgorithms) {
  for (const auto* name : {"strongswan", "libreswan"}) {
    std::size_t seen = 0;
    for (const auto& recorded : netlink::test::load_xfrm(name)) {
      netlink::MessageReader reader(recorded.datagram);
      while (const auto message = reader.next()) {
        const auto details = netlink::parse_sa_details(*message);
        if (!details) continue;
        ++seen;
        EXPECT_EQ(suite_of(*details), (CryptoSuite{"AES_CBC", 128, "HMAC_SHA2_256_128", "", ""})) << name;
        EXPECT_GT(details->added, 1'600'000'000U);
      }
    }
    EXPECT_GT(seen, 0U) << name;
  }
}

TEST(Report, TellsTheLimitsAndTheWindowOfTheKernel) {
  SaReport report;
  auto out = state(kHub, kSpoke, 0x11, 5);
  out.soft_life = out.hard_life = 0;
  report.take(out);
  auto in = state(kSpoke, kHub, 0x21, 4);
  in.replay_window = 32;
  report.take(in);
  const auto sa = told();
  const auto child = report.describe({sa, 7, IPPROTO_ESP}, 1100).children.front();
  EXPECT_EQ(child.life_bytes, 0U);
  EXPECT_EQ(child.replay_window, 32U);
  EXPECT_FALSE(child.life_seconds);
}

}  // namespace
}  // namespace rri::xfrm

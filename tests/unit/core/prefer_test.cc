#include <gtest/gtest.h>

#include "config_builder.h"
#include "core/claim.h"

namespace rri::core::test {
namespace {

Entry make_entry(const std::string& map, std::uint32_t sequence) {
  Entry entry;
  entry.map = map;
  entry.sequence = sequence;
  return entry;
}

const Entry kFirst = make_entry("a", 1);
const Entry kSecond = make_entry("a", 2);

Claim make_claim(const Entry& entry = kFirst) {
  Claim claim;
  claim.entry = &entry;
  claim.peer = ip("10.1.1.1");
  claim.sas = {SaId(5)};
  claim.place = 1;
  claim.lineage = 1;
  return claim;
}

void expect_first(const Claim& winner, const Claim& loser) {
  EXPECT_TRUE(prefer(winner, loser) < 0);
  EXPECT_TRUE(prefer(loser, winner) > 0);
}

TEST(Prefer, each_rule_beats_all_that_follow) {
  Claim best = make_claim(), other = make_claim();
  other.sas = {SaId(6)};
  expect_first(best, other);  // 7: lower SA id
  other.sas = {SaId(4)};
  other.lineage = 0;
  expect_first(best, other);  // 6: newer lineage of one identity
  other.lineage = 9;
  other.place = 2;
  expect_first(best, other);  // 6: the identity that was there first
  other = make_claim(kSecond);
  best.place = 7;
  expect_first(best, other);  // 5: lower sequence
  best = make_claim(kSecond);
  other = make_claim();
  other.live = false;
  expect_first(best, other);  // 4: a live SA
  best.live = false;
  other.live = true;
  other.driver = Driver::Acl;
  expect_first(best, other);  // 3: SA-driven
  best = make_claim();
  best.kind = RouteKind::Static;
  best.driver = Driver::Config;
  best.entry = nullptr;
  other = make_claim();
  expect_first(best, other);  // 2: `ip route`
  other.distance = 0;
  expect_first(other, best);  // 1: lower distance
}

TEST(Prefer, a_pin_stands_before_proxies_whatever_is_between_them) {
  Claim pin = make_claim(), proxy = make_claim(), line = make_claim();
  pin.kind = RouteKind::Peer;
  pin.distance = 20;
  line.kind = RouteKind::Static;
  line.driver = Driver::Config;
  line.entry = nullptr;
  line.distance = 5;
  std::vector<Claim*> claims = {&proxy, &pin, &line};
  sort_by_preference(claims);
  EXPECT_EQ(claims, (std::vector<Claim*>{&line, &pin, &proxy}));
  std::vector<Claim*> other_way = {&line, &proxy, &pin};
  sort_by_preference(other_way);
  EXPECT_EQ(other_way, claims);
}

}  // namespace
}  // namespace rri::core::test

// What the reader of events hears of recorded and of made-up policies and SAs.
#include "io/xfrm/sa_book.h"

#include <fmt/core.h>
#include <netinet/in.h>

#include <chrono>
#include <type_traits>

#include "support/slower.h"
#include "support/xfrm_recording.h"

namespace rri::xfrm {
namespace {

using netlink::FlushNews;
using netlink::PolicyMessage;
using netlink::PolicyNews;
using netlink::SaMessage;
using netlink::SaNews;
using netlink::XfrmMode;
using Words = std::vector<std::string>;

IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }
Prefix prefix(std::string_view text) { return Prefix::parse(text).value(); }

std::string words_of(const Sa& sa) {
  auto text = fmt::format("{} peer {}", sa.id.value, sa.peer.to_string());
  if (sa.local_endpoint) text += " local " + sa.local_endpoint->to_string();
  for (const auto& one : sa.local) text += " from " + one.to_string();
  for (const auto& one : sa.remote) text += " to " + one.to_string();
  if (sa.if_id != 0) text += fmt::format(" if_id {}", sa.if_id);
  if (sa.mark != 0) text += fmt::format(" mark {}", sa.mark);
  return text;
}

std::string words_of(const core::Event& event) {
  if (const auto* up = std::get_if<core::SaUp>(&event)) return "up " + words_of(up->sa);
  if (const auto* down = std::get_if<core::SaDown>(&event)) return fmt::format("down {}", down->id.value);
  if (const auto* rekey = std::get_if<core::SaRekeyed>(&event)) {
    return fmt::format("rekey {} {}", rekey->old_id.value, rekey->new_id.value);
  }
  if (const auto* list = std::get_if<core::SaList>(&event)) {
    std::string text = "list";
    for (const auto& sa : list->sas) text += " [" + words_of(sa) + "]";
    return text;
  }
  return std::holds_alternative<core::SourceLost>(event) ? "lost" : "?";
}

Words told(SaBook& book) {
  Output out;
  book.tell(out);
  Words words;
  for (const auto& event : out.events) words.push_back(words_of(event));
  return words;
}

Words told_list(SaBook& book) {
  Output out;
  book.tell_list(out);
  Words words;
  for (const auto& event : out.events) words.push_back(words_of(event));
  return words;
}

PolicyNews policy(std::string_view to, std::uint32_t reqid = 1, std::string_view peer = "198.51.100.2") {
  PolicyMessage made;
  made.key.selector.source = prefix("10.0.0.0/24");
  made.key.selector.destination = prefix(to);
  made.key.direction = static_cast<std::uint8_t>(netlink::PolicyDirection::Out);
  made.templates = {{address("203.0.113.1"), address(peer), 0, IPPROTO_ESP, reqid, XfrmMode::Tunnel, false}};
  return {false, made};
}

SaNews state(std::uint32_t spi, std::uint32_t reqid = 1, std::string_view peer = "198.51.100.2") {
  SaMessage made;
  made.key = {address(peer), spi, IPPROTO_ESP, {}};
  made.source = address("203.0.113.1");
  made.reqid = reqid;
  made.mode = XfrmMode::Tunnel;
  return {false, made};
}

template <class News>
News gone(News news) {
  news.gone = true;
  return news;
}

class Book : public ::testing::Test {
 protected:
  template <class... News>
  Words after(const News&... news) {
    (book.take(netlink::XfrmNews(news)), ...);
    return told(book);
  }
  SaBook book;
};

const std::string kUp = "up 1 peer 198.51.100.2 local 203.0.113.1 from 10.0.0.0/24 to 10.1.0.0/16";

// ---- recordings ----------------------------------------------------------------

/// Told after each datagram: nothing may rely on what comes together.
Words replay(const std::string& name) {
  SaBook book;
  Words words;
  for (const auto& recorded : netlink::test::load_xfrm(name)) {
    for (const auto& news : netlink::test::news_of(recorded.datagram)) book.take(news);
    for (auto& word : told(book)) words.push_back(std::move(word));
  }
  return words;
}

TEST(Recorded, StrongswanRekeysDuplicatesAndReauthenticationsAreNotSeen) {
  const std::string tail = " peer 198.51.100.2 local 203.0.113.1 from 10.0.0.0/24 to 10.1.0.0/16";
  EXPECT_EQ(replay("strongswan"), (Words{"up 1" + tail, "down 1", "up 2" + tail}));
}

TEST(Recorded, LibreswanHoldsAndUpdatesAreUnderstood) {
  const std::string tail = " peer 198.51.100.2 local 203.0.113.1 from 10.0.0.0/24 to 10.1.0.0/16";
  EXPECT_EQ(replay("libreswan"), (Words{"up 1" + tail, "down 1", "up 2" + tail, "down 2"}));
}

TEST(Recorded, ListInTheMiddleKeepsIds) {
  const auto all = netlink::test::load_xfrm("strongswan");
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    SaBook book;
    std::vector<netlink::XfrmNews> before;
    for (std::size_t i = 0; i < cut; ++i) {
      for (const auto& news : netlink::test::news_of(all[i].datagram)) before.push_back(news);
    }
    for (const auto& news : before) book.take(news);
    const auto up = told(book);
    book.begin_list();
    for (const auto& news : before) book.take(news);  // what a dump would say, and more
    const auto list = told_list(book);
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list.front(), up.empty() ? "list" : "list [" + up.front().substr(3) + "]");
  }
}

// ---- one rule each ---------------------------------------------------------------

/// An IKE daemon that starts anew gives all its policies new reqids.
TEST_F(Book, AHundredThousandTunnelsThatMoveAtOnceAreRekeysAndTakeNoMinutes) {
  constexpr std::uint32_t kMany = 100'000;
  const auto fill = [&](std::uint32_t first_reqid) {
    for (std::uint32_t i = 0; i < kMany; ++i) {
      auto one = policy("10.1.0.0/16", first_reqid + i);
      one.policy.key.selector.destination = Prefix::host(IpAddress::v4(0x0b000000 + i));
      book.take(netlink::XfrmNews(one));
      book.take(netlink::XfrmNews(state(first_reqid + i, first_reqid + i)));
    }
  };
  fill(1);
  EXPECT_EQ(told(book).size(), kMany);
  const auto start = std::chrono::steady_clock::now();
  fill(1'000'000);
  Output out;
  book.tell(out);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10) * testing::kSlower);
  std::size_t rekeys = 0;
  for (const auto& event : out.events) rekeys += std::holds_alternative<core::SaRekeyed>(event) ? 1 : 0;
  EXPECT_EQ(rekeys, kMany);
}

TEST_F(Book, TunnelNeedsPolicyAndState) {
  EXPECT_EQ(after(policy("10.1.0.0/16")), Words{});  // a trap
  EXPECT_EQ(after(state(100)), Words{kUp});
  EXPECT_EQ(after(gone(state(100))), Words{"down 1"});
  EXPECT_EQ(after(gone(policy("10.1.0.0/16"))), Words{});
  EXPECT_EQ(after(state(101)), Words{});
}

TEST_F(Book, RekeyIsNoNews) {
  after(policy("10.1.0.0/16"), state(100));
  EXPECT_EQ(after(state(101)), Words{});
  EXPECT_EQ(after(policy("10.1.0.0/16")), Words{});
  EXPECT_EQ(after(gone(state(100))), Words{});
  EXPECT_EQ(after(gone(policy("10.1.0.0/16")), gone(state(101)), state(102), policy("10.1.0.0/16")), Words{});
}

TEST_F(Book, SelectorsOfOneTunnelAreOneSa) {
  EXPECT_EQ(after(policy("10.2.0.0/16"), policy("10.1.0.0/16"), state(100)), Words{kUp + " to 10.2.0.0/16"});
  EXPECT_EQ(after(gone(policy("10.2.0.0/16"))), Words{kUp});
}

TEST_F(Book, OtherReqidIsAnotherTunnel) {
  EXPECT_EQ(after(policy("10.1.0.0/16", 1), state(100, 2)), Words{});
  EXPECT_EQ(after(policy("10.1.0.0/16", 2)), Words{kUp});
}

TEST_F(Book, ChangedReqidIsARekey) {
  after(policy("10.1.0.0/16", 1), state(100, 1));
  const auto words = after(state(101, 2), policy("10.1.0.0/16", 2));
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(words[0], "rekey 1 2");
  EXPECT_EQ(words[1].substr(0, 5), "up 2 ");
  EXPECT_EQ(after(gone(state(100, 1))), Words{});
}

TEST_F(Book, MovedPeerIsNoRekey) {
  after(policy("10.1.0.0/16"), state(100));
  const auto words = after(policy("10.1.0.0/16", 1, "192.0.2.9"), state(101, 1, "192.0.2.9"));
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(words[0].substr(0, 19), "up 2 peer 192.0.2.9");
  EXPECT_EQ(words[1], "down 1");
}

TEST_F(Book, TemplateWithSpiNeedsThatState) {
  auto bound = policy("10.1.0.0/16");
  bound.policy.templates.front().spi = 100;
  EXPECT_EQ(after(bound, state(101)), Words{});
  EXPECT_EQ(after(state(100)), Words{kUp});
}

TEST_F(Book, WhatMakesNoTunnel) {
  auto transport = policy("10.1.0.0/16");
  transport.policy.templates.front().mode = XfrmMode::Transport;
  auto beet = policy("10.1.0.0/16");
  beet.policy.templates.front().mode = XfrmMode::Beet;
  auto block = policy("10.1.0.0/16");
  block.policy.action = netlink::PolicyAction::Block;
  auto bypass = policy("10.1.0.0/16");
  bypass.policy.templates.clear();
  auto any_peer = policy("10.1.0.0/16");
  any_peer.policy.templates.front().destination = {};
  auto inbound = policy("10.1.0.0/16");
  inbound.policy.key.direction = 0;
  auto of_socket = policy("10.1.0.0/16");
  of_socket.policy.key.direction = 4;
  auto sub = policy("10.1.0.0/16");
  sub.policy.key.type = 1;
  after(state(100));
  for (const auto& news : {transport, beet, block, bypass, any_peer, inbound, of_socket, sub}) {
    EXPECT_EQ(after(news), Words{});
    EXPECT_EQ(book.policies(), 0U);
  }
}

TEST_F(Book, HoldThatReplacesATunnelTakesItAway) {
  after(policy("10.1.0.0/16"), state(100));
  auto hold = policy("10.1.0.0/16");
  hold.policy.templates = {{{}, {}, 0, IPPROTO_ESP, 0, XfrmMode::Transport, false}};
  EXPECT_EQ(after(hold), Words{"down 1"});
  EXPECT_EQ(after(policy("10.1.0.0/16")), Words{"up 2" + kUp.substr(4)});
  auto block = policy("10.1.0.0/16");
  block.policy.action = netlink::PolicyAction::Block;
  EXPECT_EQ(after(block), Words{"down 2"});
}

TEST_F(Book, StatesThatDoNotCount) {
  after(policy("10.1.0.0/16"));
  auto larval = state(0);
  auto transport = state(100);
  transport.sa.mode = XfrmMode::Transport;
  auto compressed = state(101);
  compressed.sa.key.protocol = IPPROTO_COMP;
  auto elsewhere = state(102);
  elsewhere.sa.source = address("203.0.113.99");
  auto other_interface = state(103);
  other_interface.sa.if_id = 7;
  auto marked = state(104);
  marked.sa.key.mark = {5, 0xffffffff};
  for (const auto& news : {larval, transport, compressed, elsewhere, other_interface, marked}) {
    EXPECT_EQ(after(news), Words{});
  }
}

TEST_F(Book, InterfaceIdAndMarkAreToldAndTellApart) {
  auto with_id = policy("10.1.0.0/16");
  with_id.policy.key.if_id = 42;
  auto state_42 = state(100);
  state_42.sa.if_id = 42;
  EXPECT_EQ(after(with_id, state_42), Words{kUp + " if_id 42"});
  auto with_mark = policy("10.1.0.0/16");
  with_mark.policy.key.mark = {11, 0xffffffff};
  auto state_11 = state(101);
  state_11.sa.key.mark = {11, 0xffffffff};
  EXPECT_EQ(after(with_mark, state_11), Words{"up 2" + kUp.substr(4) + " mark 11"});
}

TEST_F(Book, ServicesAreKeptForShow) {
  auto web = policy("10.1.0.0/16");
  web.policy.key.selector.protocol = IPPROTO_TCP;
  web.policy.key.selector.destination_port = 443;
  web.policy.key.selector.destination_port_mask = 0xffff;
  EXPECT_EQ(after(web, state(100)),
            Words{"up 1 peer 198.51.100.2 local 203.0.113.1 from 10.0.0.0/24[tcp] to 10.1.0.0/16[tcp/443]"});
}

TEST_F(Book, ListAfterALossTellsWhatIsLeft) {
  after(policy("10.1.0.0/16", 1), state(100, 1), policy("10.2.0.0/16", 2), state(200, 2));
  told_list(book);
  Output out;
  book.tell_lost(out);
  book.tell_lost(out);
  EXPECT_EQ(out.events.size(), 1U);
  book.begin_list();
  book.take(netlink::XfrmNews(policy("10.2.0.0/16", 2)));
  book.take(netlink::XfrmNews(state(200, 2)));
  EXPECT_EQ(told_list(book),
            Words{"list [2 peer 198.51.100.2 local 203.0.113.1 from 10.0.0.0/24 to 10.2.0.0/16]"});
  EXPECT_EQ(told(book), Words{});
}

TEST_F(Book, PoliciesOfOneStateThatAreNotEachWithEachAreToldOneByOne) {
  auto other = policy("10.2.0.0/16");
  other.policy.key.selector.source = prefix("10.9.0.0/24");
  ASSERT_EQ(after(policy("10.1.0.0/16"), other, state(1)).size(), 1U);
  const auto children = book.report({}, 0).front().children;
  ASSERT_EQ(children.size(), 2U);
  EXPECT_EQ(children[0].local.front().to_string() + " " + children[0].remote.front().to_string(), "10.0.0.0/24 10.1.0.0/16");
  EXPECT_EQ(children[1].local.front().to_string() + " " + children[1].remote.front().to_string(), "10.9.0.0/24 10.2.0.0/16");
  after(gone(other), policy("10.2.0.0/16"));
  EXPECT_EQ(book.report({}, 0).front().children.size(), 1U);
}

}  // namespace
}  // namespace rri::xfrm

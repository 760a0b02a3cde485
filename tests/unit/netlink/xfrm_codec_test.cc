// The XFRM codec against recordings, told by `ip xfrm monitor`, and against the kernel.
#include "io/netlink/xfrm_codec.h"

#include <fmt/core.h>
#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <regex>
#include <sstream>

#include "io/netlink/socket.h"
#include "support/xfrm_recording.h"

namespace rri::netlink {
namespace {

using test::load_xfrm;
using test::news_of;

const char* mode_word(XfrmMode mode) { return mode == XfrmMode::Tunnel ? "tunnel" : "transport"; }

std::string as_monitor_says(const PolicyNews& news) {
  constexpr const char* kDirections[] = {"in", "out", "fwd"};
  const auto& [key, action, priority, index, templates] = news.policy;
  auto text = fmt::format("{}policy src {} dst {} dir {} priority {}", news.gone ? "Deleted " : "",
                          key.selector.source.to_string(), key.selector.destination.to_string(),
                          kDirections[key.direction], priority);
  for (const auto& one : templates) {
    text += fmt::format(" tmpl src {} dst {} proto {}{} reqid {} mode {}", one.source.to_string(),
                        one.destination.to_string(), one.protocol == 50 ? "esp" : "?",
                        one.spi == 0 ? "" : fmt::format(" spi 0x{:08x}", one.spi), one.reqid,
                        mode_word(one.mode));
  }
  return text;
}

std::string as_monitor_says(const SaNews& news) {
  return fmt::format("{}sa src {} dst {} proto {} spi 0x{:08x} reqid {} mode {}", news.gone ? "Deleted " : "",
                     news.sa.source.to_string(), news.sa.key.destination.to_string(),
                     news.sa.key.protocol == 50 ? "esp" : "?", news.sa.key.spi, news.sa.reqid,
                     mode_word(news.sa.mode));
}

std::string as_monitor_says(FlushNews news) {
  return news == FlushNews::Policies ? "flush policy" : "flush sa";
}

/// The monitor's text, one line for each event, without keys and counters.
std::vector<std::string> monitor_lines(const std::string& name) {
  std::vector<std::string> events;
  std::istringstream text(test::xfrm_data(name + ".txt"));
  static const std::regex kFirst(R"(^\[[^\]]*\] (Updated |Deleted )?src (\S+) dst (\S+) *$)");
  static const std::regex kKept(R"(^(dir \w+ priority \d+|tmpl src \S+ dst \S+|proto esp.* mode \w+))");
  bool open = false;
  for (std::string line; std::getline(text, line);) {
    std::smatch match;
    if (std::regex_match(line, match, kFirst)) {
      events.push_back(fmt::format("{}src {} dst {}", match[1] == "Deleted " ? "Deleted " : "",
                                   match[2].str(), match[3].str()));
      open = true;
    } else if (!line.empty() && line.front() != '\t') {
      open = false;  // a mark, or an asynchronous event
    }
    line.erase(0, line.find_first_not_of('\t'));
    if (!open || !std::regex_search(line, match, kKept)) continue;
    auto& event = events.back();
    if (event.find(" dir ") == std::string::npos && event.find("proto") == std::string::npos) {
      const bool policy = line.starts_with("dir");
      event.insert(event.find("src"), policy ? "policy " : "sa ");
    }
    event.append(1, ' ').append(match[1].str());
  }
  return events;
}

class Recordings : public ::testing::TestWithParam<const char*> {};

TEST_P(Recordings, ReadAsTheMonitorReadsThem) {
  std::vector<std::string> events;
  for (const auto& recorded : load_xfrm(GetParam())) {
    for (const auto& news : news_of(recorded.datagram)) {
      events.push_back(std::visit([](const auto& one) { return as_monitor_says(one); }, news));
    }
  }
  EXPECT_GT(events.size(), 20U);
  EXPECT_EQ(events, monitor_lines(GetParam()));
}

TEST_P(Recordings, CutAnywhereAreNothingOrWhole) {
  for (const auto& recorded : load_xfrm(GetParam())) {
    MessageReader reader(recorded.datagram);
    const auto whole = reader.next();
    ASSERT_TRUE(whole);
    for (std::size_t size = 0; size < whole->payload.size(); ++size) {
      auto cut = *whole;
      cut.payload = whole->payload.first(size);
      parse_xfrm(cut);  // the sanitizers look on
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Daemons, Recordings, ::testing::Values("strongswan", "libreswan"),
                         [](const auto& tested) { return std::string(tested.param); });

PolicyMessage sample_policy() {
  PolicyMessage policy;
  auto& selector = policy.key.selector;
  selector.source = Prefix::parse("10.0.0.0/24").value();
  selector.destination = Prefix::parse("10.1.0.0/16").value();
  selector.protocol = 6;
  selector.destination_port = 443;
  selector.destination_port_mask = 0xffff;
  policy.key.direction = static_cast<std::uint8_t>(PolicyDirection::Out);
  policy.key.mark = {0xb, 0xff};
  policy.key.if_id = 42;
  policy.action = PolicyAction::Block;
  policy.priority = 4'000'000;
  return policy;
}

std::optional<PolicyMessage> read_policy_back(const MessageWriter& written) {
  MessageReader reader(written.bytes());
  const auto message = reader.next();
  if (!message || reader.next() || reader.malformed()) return std::nullopt;
  const auto news = parse_xfrm(*message);
  const auto* policy = news ? std::get_if<PolicyNews>(&*news) : nullptr;
  return policy != nullptr && !policy->gone ? std::optional(policy->policy) : std::nullopt;
}

TEST(XfrmCodec, PolicyWrittenIsReadAsItWas) {
  auto policy = sample_policy();
  for (const auto change : {PolicyChange::Add, PolicyChange::Update}) {
    MessageWriter out;
    write_policy(out, change, 7, policy);
    EXPECT_EQ(read_policy_back(out), policy);
  }
  policy.action = PolicyAction::Allow;
  policy.templates = {{IpAddress::parse("2001:db8::1").value(), IpAddress::parse("2001:db8::2").value(),
                       0xdeadbeef, 50, 9, XfrmMode::Tunnel, true}};
  policy.key.selector.source = Prefix::parse("fd00::/48").value();
  policy.key.selector.destination = Prefix::parse("fd01::1/128").value();
  MessageWriter out;
  write_policy(out, PolicyChange::Add, 7, policy);
  EXPECT_EQ(read_policy_back(out), policy);
}

XfrmNews read_expiry(bool hard, std::uint16_t type, std::vector<std::uint8_t> payload, std::size_t hard_at,
                     bool& found) {
  payload.at(hard_at) = hard ? 1 : 0;
  const auto news = parse_xfrm({type, 0, 0, 0, payload});
  found = news.has_value();
  return news.value_or(FlushNews::Sas);
}

TEST(XfrmCodec, OnlyHardExpiryTakesAway) {
  xfrm_user_expire expire{};
  expire.state.family = AF_INET;
  expire.state.reqid = 5;
  std::vector<std::uint8_t> payload(sizeof expire);
  std::memcpy(payload.data(), &expire, sizeof expire);
  bool found = false;
  const auto news = read_expiry(true, XFRM_MSG_EXPIRE, payload, offsetof(xfrm_user_expire, hard), found);
  ASSERT_TRUE(found && std::holds_alternative<SaNews>(news));
  EXPECT_TRUE(std::get<SaNews>(news).gone);
  EXPECT_EQ(std::get<SaNews>(news).sa.reqid, 5U);
  read_expiry(false, XFRM_MSG_EXPIRE, payload, offsetof(xfrm_user_expire, hard), found);
  EXPECT_FALSE(found);

  xfrm_user_polexpire policy{};
  policy.pol.sel.family = AF_INET6;
  payload.assign(sizeof policy, 0);
  std::memcpy(payload.data(), &policy, sizeof policy);
  const auto gone =
      read_expiry(true, XFRM_MSG_POLEXPIRE, payload, offsetof(xfrm_user_polexpire, hard), found);
  ASSERT_TRUE(found && std::holds_alternative<PolicyNews>(gone));
  EXPECT_TRUE(std::get<PolicyNews>(gone).gone);
}

TEST(XfrmCodec, SelectorsThatCannotBeAreNothing) {
  xfrm_userpolicy_info info{};
  info.sel.family = AF_INET;
  info.sel.prefixlen_d = 33;
  std::vector<std::uint8_t> payload(sizeof info);
  std::memcpy(payload.data(), &info, sizeof info);
  EXPECT_FALSE(parse_xfrm({XFRM_MSG_NEWPOLICY, 0, 0, 0, payload}));
  info.sel.family = AF_UNSPEC;
  info.sel.prefixlen_d = 0;
  std::memcpy(payload.data(), &info, sizeof info);
  EXPECT_FALSE(parse_xfrm({XFRM_MSG_NEWPOLICY, 0, 0, 0, payload}));
}

/// A network namespace of its own; the kernel needs no ESP for policies.
class XfrmKernel : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to make a network namespace";
    if (unshare(CLONE_NEWNET) != 0) GTEST_SKIP() << "this host lets us make no network namespace";
    auto socket = Socket::open_xfrm();
    if (!socket) GTEST_SKIP() << "this kernel has no XFRM: " << socket.error().text;
    socket_.emplace(*std::move(socket));
  }

  /// Sends, and gives the errno that was answered.
  int ask(MessageWriter& request) {
    request.acknowledge_last();
    EXPECT_TRUE(socket_->send(request.bytes()).has_value());
    return answers([](const XfrmNews&) {});
  }
  int change(PolicyChange kind, const PolicyMessage& policy) {
    MessageWriter out;
    write_policy(out, kind, 1, policy);
    return ask(out);
  }
  std::vector<PolicyMessage> dump() {
    MessageWriter out;
    write_policy_dump(out, 2);
    EXPECT_TRUE(socket_->send(out.bytes()).has_value());
    std::vector<PolicyMessage> all;
    EXPECT_EQ(answers([&](const XfrmNews& news) { all.push_back(std::get<PolicyNews>(news).policy); }), 0);
    return all;
  }
  template <class Take>
  int answers(Take take) {
    for (;;) {
      const auto read = socket_->read();
      if (read.kind != Socket::Read::Kind::Datagram) return EBADMSG;
      MessageReader reader(read.datagram);
      while (const auto message = reader.next()) {
        if (message->type == NLMSG_ERROR) return parse_acknowledgement(*message)->error;
        if (message->type == NLMSG_DONE) return parse_done(*message);
        if (const auto news = parse_xfrm(*message)) take(*news);
      }
    }
  }

  std::optional<Socket> socket_;
};

TEST_F(XfrmKernel, TakesAndTellsAndDeletesOurPolicies) {
  auto policy = sample_policy();
  ASSERT_EQ(change(PolicyChange::Add, policy), 0);
  EXPECT_EQ(change(PolicyChange::Add, policy), EEXIST);
  auto open_policy = policy;
  open_policy.key.mark = {};
  open_policy.key.if_id = 0;
  ASSERT_EQ(change(PolicyChange::Update, open_policy), 0);
  auto there = dump();
  ASSERT_EQ(there.size(), 2U);
  for (auto& one : there) {
    EXPECT_NE(one.index, 0U);
    one.index = 0;
    EXPECT_TRUE(one == policy || one == open_policy);
  }
  MessageWriter question;
  write_policy_question(question, 3, policy.key);
  ASSERT_TRUE(socket_->send(question.bytes()).has_value());
  const auto read = socket_->read();
  ASSERT_EQ(read.kind, Socket::Read::Kind::Datagram);
  const auto answer = news_of({read.datagram.begin(), read.datagram.end()});
  ASSERT_EQ(answer.size(), 1U);
  EXPECT_EQ(std::get<PolicyNews>(answer.front()).policy.key, policy.key);

  EXPECT_EQ(change(PolicyChange::Delete, policy), 0);
  EXPECT_EQ(change(PolicyChange::Delete, policy), ENOENT);
  EXPECT_EQ(change(PolicyChange::Delete, open_policy), 0);
  EXPECT_TRUE(dump().empty());
}

TEST_F(XfrmKernel, WipesWhatWasRead) {
  ASSERT_EQ(change(PolicyChange::Add, sample_policy()), 0);
  MessageWriter question;
  write_policy_question(question, 3, sample_policy().key);
  ASSERT_TRUE(socket_->send(question.bytes()).has_value());
  const auto read = socket_->read();
  ASSERT_EQ(read.kind, Socket::Read::Kind::Datagram);
  ASSERT_FALSE(news_of({read.datagram.begin(), read.datagram.end()}).empty());
  socket_->forget();
  EXPECT_TRUE(std::all_of(read.datagram.begin(), read.datagram.end(), [](auto byte) { return byte == 0; }));
}

}  // namespace
}  // namespace rri::netlink

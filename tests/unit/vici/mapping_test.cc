#include "io/vici/mapping.h"

#include <gtest/gtest.h>

namespace rri::vici {
namespace {

/// An IKE_SA's section with one child; the test changes single values.
struct Message {
  std::vector<std::pair<std::string, std::string>> ike = {
      {"uniqueid", "3"}, {"state", "ESTABLISHED"}, {"local-host", "203.0.113.1"},
      {"remote-host", "198.51.100.2"}, {"remote-id", "s1"}};
  std::vector<std::pair<std::string, std::string>> child = {
      {"uniqueid", "7"}, {"state", "INSTALLED"}, {"mode", "TUNNEL"}};
  std::vector<std::string> remote = {"10.1.0.0/16"};
  std::vector<std::string> local = {"10.0.0.0/24"};
  std::string connection = "dyn";

  [[nodiscard]] ChildReport read() const {
    MessageWriter writer;
    writer.begin_section(connection);
    for (const auto& [key, value] : ike) writer.value(key, value);
    writer.begin_section("child-sas").begin_section("net-7");
    for (const auto& [key, value] : child) writer.value(key, value);
    writer.list("local-ts", local).list("remote-ts", remote);
    const auto bytes = writer.end_section().end_section().end_section().take().value();
    MessageView view;
    EXPECT_TRUE(view.parse(bytes).has_value());
    std::vector<ChildReport> children;
    view.root().for_each_section([&](std::string_view name, const SectionView& section) {
      if (const auto report = read_ike(name, section)) children = read_children(*report, section);
    });
    EXPECT_EQ(children.size(), 1U);
    return children.empty() ? ChildReport{} : children.front();
  }
  /// Sets a value, which then stands for the one that was there.
  Message& set(const std::string& key, const std::string& value) { return put(ike, key, value); }
  Message& set_child(const std::string& key, const std::string& value) { return put(child, key, value); }

 private:
  Message& put(std::vector<std::pair<std::string, std::string>>& values, const std::string& key, const std::string& value) {
    std::erase_if(values, [&](const auto& entry) { return entry.first == key; });
    values.emplace_back(key, value);
    return *this;
  }
};

TEST(Mapping, takes_everything_that_routing_wants) {
  const auto child = Message().set_child("if-id-out", "0000002a").set_child("mark-out", "0000000b").read();
  EXPECT_TRUE(child.carries_traffic);
  EXPECT_TRUE(child.problems.empty());
  EXPECT_EQ(child.sa.id, SaId(7));
  EXPECT_EQ(child.sa.peer.to_string(), "198.51.100.2");
  EXPECT_EQ(child.sa.local_endpoint->to_string(), "203.0.113.1");
  EXPECT_EQ(child.sa.identity, "s1");
  EXPECT_EQ(child.sa.connection, "dyn");
  EXPECT_EQ(child.sa.if_id, 42U);
  EXPECT_EQ(child.sa.mark, 11U);
  ASSERT_EQ(child.sa.remote.size(), 1U);
  EXPECT_EQ(child.sa.remote[0].to_string(), "10.1.0.0/16");
  EXPECT_EQ(child.sa.local[0].to_string(), "10.0.0.0/24");
}

TEST(Mapping, only_live_tunnel_mode_carries_traffic) {
  for (const auto* state : {"INSTALLED", "UPDATING", "REKEYING"}) {
    EXPECT_TRUE(Message().set_child("state", state).read().carries_traffic) << state;
  }
  for (const auto* state : {"CREATED", "ROUTED", "INSTALLING", "REKEYED", "RETRYING", "DELETING", "DELETED", "DESTROYING", ""}) {
    EXPECT_FALSE(Message().set_child("state", state).read().carries_traffic) << state;
  }
  for (const auto* mode : {"TRANSPORT", "BEET", "TRANSPORT_PROXY", "PASS", "DROP", ""}) {
    EXPECT_FALSE(Message().set_child("mode", mode).read().carries_traffic) << mode;
  }
  EXPECT_FALSE(Message().set("state", "PASSIVE").read().carries_traffic);
}

TEST(Mapping, the_authenticated_user_is_the_identity) {
  EXPECT_EQ(Message().set("remote-eap-id", "alice").read().sa.identity, "alice");
  EXPECT_EQ(Message().set("remote-xauth-id", "bob").read().sa.identity, "bob");
  EXPECT_EQ(Message().set("remote-id", "C=CH, O=x, CN=y").read().sa.identity, "C=CH, O=x, CN=y");
  EXPECT_EQ(Message().set("remote-id", "%any").read().sa.identity, "");
  EXPECT_EQ(Message().set("remote-id", "").read().sa.identity, "");
  EXPECT_EQ(Message().set("remote-id", "a\x1b[31mb").read().sa.identity, "a?[31mb");
}

TEST(Mapping, reads_every_form_of_selector) {
  Message message;
  message.remote = {"10.1.0.0/16[tcp/http]", "10.1.0.5..10.1.0.9", "fd01::/48", "10.9.0.1/32[icmp/8(0)]",
                    "10.2.0.0/16[udp/1000-2000]", "10.3.0.0/16[tcp/OPAQUE]", "10.4.0.0/16[gre]", "0.0.0.0/0"};
  const auto child = message.read();
  EXPECT_TRUE(child.problems.empty());
  std::string all;
  for (const auto& selector : child.sa.remote) all += selector.to_string() + " ";
  EXPECT_EQ(all,
            "10.1.0.0/16[tcp/http] 10.1.0.5..10.1.0.9 fd01::/48 10.9.0.1/32[icmp/8(0)] 10.2.0.0/16[udp/1000-2000] "
            "10.3.0.0/16[tcp/OPAQUE] 10.4.0.0/16[gre] 0.0.0.0/0 ");
}

TEST(Mapping, an_unreadable_selector_does_not_take_the_others_with_it) {
  Message message;
  message.remote = {"dynamic", "10.1.0.0/16", "10.1.0.0/99"};
  const auto child = message.read();
  EXPECT_TRUE(child.carries_traffic);
  EXPECT_EQ(child.sa.remote.size(), 1U);
  ASSERT_EQ(child.problems.size(), 2U);
  EXPECT_NE(child.problems[0].find("could not use remote-ts dynamic of SA 7"), std::string::npos);
}

TEST(Mapping, an_unreadable_local_side_is_not_anything) {
  Message message;
  message.local = {"dynamic"};
  const auto child = message.read();
  EXPECT_TRUE(child.sa.remote.empty()) << "empty `local` would mean 0.0.0.0/0";
  EXPECT_EQ(child.problems.size(), 1U);
  message.local = {};
  EXPECT_EQ(message.read().sa.remote.size(), 1U);
}

TEST(Mapping, bounds_the_selectors) {
  Message message;
  message.remote.assign(300, "10.1.0.0/16");
  const auto child = message.read();
  EXPECT_EQ(child.sa.remote.size(), 255U);
  EXPECT_EQ(child.problems.size(), 1U);
}

TEST(Mapping, an_sa_without_a_peer_is_none) {
  for (const auto* host : {"%any", "", "0.0.0.0", "::", "not an address"}) {
    const auto child = Message().set("remote-host", host).read();
    EXPECT_FALSE(child.carries_traffic) << host;
    EXPECT_EQ(child.problems.size(), 1U) << host;
  }
  EXPECT_EQ(Message().set("remote-host", "2001:db8::7").read().sa.peer.to_string(), "2001:db8::7");
}

TEST(Mapping, interface_ids_and_marks_are_hexadecimal) {
  EXPECT_EQ(Message().set_child("if-id-in", "00000010").read().sa.if_id, 16U);
  EXPECT_EQ(Message().set_child("if-id-in", "00000010").set_child("if-id-out", "00000011").read().sa.if_id, 17U);
  EXPECT_EQ(Message().set("if-id-out", "0000ffff").read().sa.if_id, 65535U);
  EXPECT_EQ(Message().set_child("mark-out", "0000000b/ffffffff").read().sa.mark, 11U);
  EXPECT_EQ(Message().set_child("mark-out", "0xb").read().sa.mark, 11U);
  EXPECT_EQ(Message().set_child("mark-out", "what").read().sa.mark, 0U);
  EXPECT_EQ(Message().set_child("mark-in", "0000000b").read().sa.mark, 0U);
}

TEST(Mapping, a_section_without_a_number_is_no_sa) {
  for (const auto* id : {"", "-1", "abc", "99999999999999999999", "1 "}) {
    MessageWriter writer;
    const auto bytes = writer.begin_section("dyn").value("uniqueid", id).end_section().take().value();
    MessageView view;
    ASSERT_TRUE(view.parse(bytes).has_value());
    EXPECT_FALSE(read_ike("dyn", *view.root().find_section("dyn")).has_value()) << id;
  }
  Message unnamed;
  unnamed.connection = "(unnamed)";
  EXPECT_EQ(unnamed.read().sa.connection, "");
}

}  // namespace
}  // namespace rri::vici

// tests/unit/vici/model_charon.h -- a charon of IKE_SAs and CHILD_SAs that speaks VICI.
//
// Knows the truth, raises the events of 5.9.8 as told, and answers what a client
// sends: version, event registrations, list-sas with its filters, stats-like
// commands. No socket: bytes in, bytes out. What it sends to one client is one
// ordered stream, as charon's is.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "io/vici/codec.h"

namespace rri::vici::test {

struct ModelChild {
  std::string remote_ts = "10.1.0.0/16";
  std::string state = "INSTALLED";
  std::string mode = "TUNNEL";
};

struct ModelIke {
  std::string peer = "198.51.100.2";
  std::string id = "s1";
  std::map<std::uint64_t, ModelChild> children;
};

class ModelCharon {
 public:
  std::map<std::uint64_t, ModelIke> ikes;
  std::set<std::string> unknown_events = {"alert"};
  bool answers_lists = true;
  std::map<std::string, int> commands;  // how often each was asked, filters included

  /// Takes what a client sent, and appends the answers to `stream`.
  void take(std::string_view bytes) {
    in_.append(bytes);
    for (auto frame = in_.next(); frame && *frame; frame = in_.next()) {
      if (const auto packet = parse_packet(**frame)) answer(*packet);
    }
  }

  /// Bytes for the client that were not fetched yet.
  std::string fetch() { return std::exchange(stream_, {}); }

  /// A client connected: forgets the registrations and bytes of the one before.
  void accept() {
    in_.clear();
    stream_.clear();
    registered_.clear();
  }

  // ---- things that happen, each with the event that 5.9.8 raises for it
  void child_up(std::uint64_t ike, std::uint64_t child, const ModelChild& what = {}) {
    ikes[ike].children[child] = what;
    raise_child(ike, child, true);
  }
  void child_down(std::uint64_t ike, std::uint64_t child) {
    raise_child(ike, child, false);
    ikes[ike].children.erase(child);
  }
  void child_rekey(std::uint64_t ike, std::uint64_t old_child, std::uint64_t new_child) {
    auto& children = ikes[ike].children;
    children[new_child] = children[old_child];
    children[old_child].state = "REKEYED";
    raise_rekey(ike, old_child, new_child);
    children[old_child].state = "DELETED";
  }
  void ike_rekey(std::uint64_t old_ike, std::uint64_t new_ike) {
    move_silently(old_ike, new_ike);
    MessageWriter message;
    message.begin_section("dyn");
    message.begin_section("old").value("uniqueid", std::to_string(old_ike)).end_section();
    message.begin_section("new").value("uniqueid", std::to_string(new_ike)).end_section();
    raise("ike-rekey", message.end_section());
  }
  void ike_down(std::uint64_t ike) {
    MessageWriter message;
    message.begin_section("dyn");
    write_ike(ike, message);
    raise("ike-updown", message.end_section());
    while (!ikes[ike].children.empty()) child_down(ike, ikes[ike].children.begin()->first);
    ikes.erase(ike);
  }
  void ike_update(std::uint64_t ike, const std::string& new_peer) {
    MessageWriter message;
    message.value("remote-host", new_peer).begin_section("dyn");
    write_ike(ike, message);
    raise("ike-update", message.end_section());
    ikes[ike].peer = new_peer;
  }
  /// As IKEv1 does when it authenticates again.
  void move_silently(std::uint64_t old_ike, std::uint64_t new_ike) {
    ikes[new_ike] = ikes[old_ike];
    ikes.erase(old_ike);
  }

  void raise_child(std::uint64_t ike, std::uint64_t child, bool up) {
    MessageWriter message;
    if (up) message.value("up", "yes");
    message.begin_section("dyn");
    write_ike(ike, message);
    message.begin_section("child-sas");
    write_child(fmt::format("net-{}", child), child, ikes[ike].children[child], message);
    raise("child-updown", message.end_section().end_section());
  }
  void raise_rekey(std::uint64_t ike, std::uint64_t old_child, std::uint64_t new_child) {
    auto& children = ikes[ike].children;
    MessageWriter message;
    message.begin_section("dyn");
    write_ike(ike, message);
    message.begin_section("child-sas").begin_section("net");
    write_child("old", old_child, children[old_child], message);
    write_child("new", new_child, children[new_child], message);
    raise("child-rekey", message.end_section().end_section().end_section());
  }

  /// One IKE_SA as `list-sa`; the test may put it between other things.
  void send_list_sa(std::uint64_t ike, std::uint64_t only_child = 0) {
    MessageWriter message;
    message.begin_section("dyn");
    write_ike(ike, message);
    message.begin_section("child-sas");
    for (const auto& [id, child] : ikes[ike].children) {
      if (only_child == 0 || id == only_child) write_child(fmt::format("net-{}", id), id, child, message);
    }
    raise("list-sa", message.end_section().end_section());
  }
  void respond() { send({PacketType::CommandResponse, {}, {}}); }

 private:
  void send(const Packet& packet) { stream_ += make_frame(packet).value(); }
  void raise(std::string_view event, MessageWriter& message) {
    const auto bytes = message.take().value();
    if (registered_.contains(std::string(event))) send({PacketType::Event, event, bytes});
  }

  void answer(const Packet& packet) {
    const std::string name(packet.name);
    if (packet.type == PacketType::EventRegister) {
      const bool known = !unknown_events.contains(name);
      if (known) registered_.insert(name);
      send({known ? PacketType::EventConfirm : PacketType::EventUnknown, {}, {}});
    } else if (packet.type == PacketType::EventUnregister) {
      registered_.erase(name);
      send({PacketType::EventConfirm, {}, {}});
    } else if (name == "version") {
      ++commands[name];
      const auto message = MessageWriter().value("daemon", "charon-systemd").value("version", "5.9.8").take();
      send({PacketType::CommandResponse, {}, *message});
    } else if (name == "list-sas") {
      list(packet.message);
    } else {
      send({PacketType::CommandUnknown, {}, {}});
    }
  }

  void list(std::string_view filter_bytes) {
    MessageView filter;
    ASSERT_TRUE(filter.parse(filter_bytes).has_value());
    const std::string ike(filter.root().value_or_empty("ike-id"));
    const std::string child(filter.root().value_or_empty("child-id"));
    ++commands[ike.empty() ? (child.empty() ? "list-sas" : "list-sas child") : "list-sas ike"];
    if (!answers_lists) return;
    for (const auto& [id, sa] : ikes) {
      if (!ike.empty() && ike != std::to_string(id)) continue;
      if (!child.empty() && !sa.children.contains(std::stoull(child))) continue;
      send_list_sa(id, child.empty() ? 0 : std::stoull(child));
    }
    respond();
  }

  void write_ike(std::uint64_t id, MessageWriter& message) {
    const ModelIke& ike = ikes[id];
    message.value("uniqueid", std::to_string(id)).value("state", "ESTABLISHED").value("local-host", "203.0.113.1");
    message.value("remote-host", ike.peer).value("remote-id", ike.id);
  }
  static void write_child(const std::string& section, std::uint64_t id, const ModelChild& child, MessageWriter& message) {
    const std::vector<std::string> local = {"10.0.0.0/24"};
    const std::vector<std::string> remote = {child.remote_ts};
    message.begin_section(section).value("name", "net").value("uniqueid", std::to_string(id));
    message.value("state", child.state).value("mode", child.mode);
    message.list("local-ts", local).list("remote-ts", remote).end_section();
  }

  FrameReader in_;
  std::string stream_;
  std::set<std::string> registered_;
};

}  // namespace rri::vici::test

#include "core/tunnel_connections.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "core/limits.h"
#include "core/peer_choice.h"
#include "model/distinguished_name.h"

namespace rri::core {
namespace {

void expect(const ExpectedPeer& expected, IkeEnds& ends) {
  const auto prefix = Prefix::parse(expected.id);
  ends.remote_identity = prefix && ends.peer && prefix->contains(*ends.peer) ? ends.peer->to_string() : expected.id;
  ends.remote_authority = expected.authority;
}

/// IKEv1 has a time limit of its own in charon.
Millis patience_for(const IkeSide& side) {
  return side.ikev2 && side.settings != nullptr && side.settings->keepalive ? patience_of(side.settings->keepalive) : Millis{};
}

/// The peer may call such a connection, and nothing here does.
void only_answer(IkeEnds& ends, ChildSettings& settings) {
  ends.keeps_trying = false;
  settings.start_action = "none";
  settings.starts_again = false;
}

}  // namespace

IkeEnds ConnectionWriter::ends_here() const {
  IkeEnds ends;
  if (world_.host != nullptr) ends.certificates = &world_.certificates;
  return ends;
}

std::optional<IpAddress> ConnectionWriter::resolved(const std::optional<IpAddress>& address, const std::string& host) const {
  const auto known = world_.hosts.find(host);
  return address || known == world_.hosts.end() ? address : known->second;
}

bool ConnectionWriter::has_room(const std::string& name, const IkeSide& side) {
  if (connections_.size() < kMaxConnections && name.size() <= kMaxConnectionName) return true;
  remarks_.refuse(side.position, fmt::format("{}: more than {} connections, or a name over {} bytes; no tunnel", side.entry,
                                             kMaxConnections, kMaxConnectionName));
  return false;
}

bool ConnectionWriter::expects_one_of_several(const IkeSide& side, const IkeEnds& ends, const std::string& name) const {
  if (!side.ikev2 || !ends.remote_identity.empty() || remote_identities(side).size() < 2) return false;
  return !connections_.empty() && connections_.back().name == name && connections_.back().settings.find_section("local")->text("auth") == "psk";
}

void ConnectionWriter::answer_others(const EntryName& id, const std::string& name, const IkeSide& side, IkeEnds ends, ChildSettings settings,
                                     const std::vector<SelectorPair>& pairs) {
  ends.remote_identity = "%any";
  only_answer(ends, settings);
  add_connection(id, fmt::format("{}{}2", name, kOtherIdentityTail), side, std::move(ends), std::move(settings), pairs);
}

void ConnectionWriter::add_for_each(const EntryName& id, const std::string& name, const IkeSide& side, IkeEnds ends, ChildSettings children,
                                    const std::vector<SelectorPair>& pairs) {
  const auto& called = side.expected.front().id;
  if (side.ikev2 && side.takes_these_alone && DistinguishedName::parse(called)) {
    remarks_.warn(side.position, fmt::format("{}: strongSwan asks an IKEv2 peer that it calls for {} as its whole identity, and another strongSwan "
                                             "that has more in its subject refuses: name all parts",
                                             side.entry, printable(called)));
  }
  if (side.expected.size() == 1 || !side.takes_these_alone) {
    expect_one(side, ends);
    add_connection(id, name, side, ends, children, pairs);
    if (expects_one_of_several(side, ends, name)) answer_others(id, name, side, std::move(ends), std::move(children), pairs);
    return;
  }
  remarks_.warn(side.position, fmt::format("{}: peer {} may have several identities; strongSwan calls it as {}, and answers it as the others",
                                           side.entry, printable(ends.remote), printable(called)));
  std::size_t number = 0;
  for (const auto& expected : side.expected) {
    expect(expected, ends);
    add_connection(id, ++number == 1 ? name : fmt::format("{}{}{}", name, kOtherIdentityTail, number), side, ends, children, pairs);
    only_answer(ends, children);
  }
}

void ConnectionWriter::expect_one(const IkeSide& side, IkeEnds& ends) {
  if (side.expected.size() > 1 && !side.takes_these_alone) return;
  expect(side.expected.front(), ends);
  if (side.expected.size() == 1) return;
  remarks_.warn(side.position, fmt::format("{}: its peer may have several identities; strongSwan expects one, here {}", side.entry,
                                           printable(ends.remote_identity)));
}

std::optional<CharonConnection> ConnectionWriter::begin(const std::string& name, const IkeSide& side, const IkeEnds& ends) {
  CharonConnection connection;
  connection.name = name;
  connection.patience = patience_for(side);
  if (!has_room(name, side) || !write_ike(connection.settings, side, ends, config_, keys_, remarks_)) return std::nullopt;
  return connection;
}

void ConnectionWriter::add_children(CharonConnection& connection, const IkeSide& side, const IkeEnds& ends, const ChildSettings& settings,
                                    const std::vector<SelectorPair>& pairs) {
  auto& children = connection.settings.section("children");
  for (const auto& pair : pairs) {
    const bool endpoints = pair.local_host && pair.remote_host && pair.remote_host == ends.peer &&
                           std::find(ends.local.begin(), ends.local.end(), pair.local_host->to_string()) != ends.local.end();
    const bool transport = settings.transport && endpoints;
    if (settings.transport && settings.transport_required && !transport) {
      remarks_.warn(pair.position.line != 0 ? pair.position : side.position,
                    fmt::format("{}: transport mode is for traffic between the two ends themselves; here, also with `require`, tunnel mode", side.entry));
    }
    auto own = settings;
    if (!pair.may_start) {
      own.start_action = "none";
      own.starts_again = false;
    }
    write_child(children, charon_connection_name(*connection.entry, pair.name), pair, own, transport);
  }
}

void ConnectionWriter::add_connection(const EntryName& id, const std::string& name, const IkeSide& side, IkeEnds ends, ChildSettings settings,
                                      const std::vector<SelectorPair>& pairs) {
  if (needs_aggressive(side, ends, config_)) {
    if (!config_.ike.aggressive_disabled) return add_aggressive(id, name, side, std::move(ends), std::move(settings), pairs);
    remarks_.refuse(side.position, side.entry + ": its keys are for host names, which main mode says too late, and aggressive mode is disabled, no tunnel");
    return;
  }
  auto connection = begin(name, side, ends);
  if (!connection) return;
  connection->entry = id;
  add_children(*connection, side, ends, settings, pairs);
  const bool aggressive = may_call_aggressive(connection->settings, side, ends, config_);
  connections_.push_back(std::move(*connection));
  if (aggressive) add_aggressive(id, name, side, std::move(ends), std::move(settings), pairs);
}

void ConnectionWriter::add_aggressive(const EntryName& id, const std::string& name, const IkeSide& side, IkeEnds ends, ChildSettings settings,
                                      const std::vector<SelectorPair>& pairs) {
  ends.answers_aggressive = true;
  only_answer(ends, settings);
  add_connection(id, name + std::string(kAggressiveTail), side, std::move(ends), std::move(settings), pairs);
}

void ConnectionWriter::add_shunts(const EntryName& id, const std::string& tail, const std::vector<const AccessList*>& lists, const IkeSide& side) {
  const auto pairs = shunts_.plan(lists, side.entry, world_.traps, remarks_);
  if (pairs.empty() || !has_room(charon_connection_name(id, tail), side)) return;
  connections_.push_back(make_shunts(id, tail, pairs));
}

}  // namespace rri::core

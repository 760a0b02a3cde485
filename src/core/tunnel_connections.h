// core/tunnel_connections.h -- connections of charon, one for each peer and identity that it may have.
//
// Internal to core/tunnel_*.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/tunnel_ike.h"
#include "core/tunnel_shunts.h"

namespace rri::core {

class ConnectionWriter {
 public:
  ConnectionWriter(const Config& config, const TunnelWorld& world, Remarks& remarks)
      : config_(config), world_(world), remarks_(remarks), keys_(remarks), shunts_(config) {}

  /// Ends of which nothing is known yet but our certificates.
  [[nodiscard]] IkeEnds ends_here() const;
  /// A peer's address, or what its name stands for now.
  [[nodiscard]] std::optional<IpAddress> resolved(const std::optional<IpAddress>& address, const std::string& host) const;

  /// A connection expects one identity. Where several are taken, and these alone, the first is called, and
  /// connections for the others answer.
  void add_for_each(const EntryName& id, const std::string& name, const IkeSide& side, IkeEnds ends, ChildSettings children,
                    const std::vector<SelectorPair>& pairs);
  /// As `ends` has it, with a second one where peers may have to call in aggressive mode.
  void add_connection(const EntryName& id, const std::string& name, const IkeSide& side, IkeEnds ends, ChildSettings settings,
                      const std::vector<SelectorPair>& pairs);
  /// Before the entry's traps, so that what is denied is never encrypted.
  void add_shunts(const EntryName& id, const std::string& tail, const std::vector<const AccessList*>& lists, const IkeSide& side);
  /// A connection with its IKE part and no children; nothing, with a remark, when it cannot be.
  [[nodiscard]] std::optional<CharonConnection> begin(const std::string& name, const IkeSide& side, const IkeEnds& ends);
  /// The identity of a known peer: what its profile says, where that is one thing.
  void expect_one(const IkeSide& side, IkeEnds& ends);

  std::vector<CharonConnection>& connections() { return connections_; }
  std::vector<CharonKey> take_keys() { return keys_.take(); }

 private:
  bool has_room(const std::string& name, const IkeSide& side);
  [[nodiscard]] bool expects_one_of_several(const IkeSide& side, const IkeEnds& ends, const std::string& name) const;
  void answer_others(const EntryName& id, const std::string& name, const IkeSide& side, IkeEnds ends, ChildSettings settings,
                     const std::vector<SelectorPair>& pairs);
  void add_aggressive(const EntryName& id, const std::string& name, const IkeSide& side, IkeEnds ends, ChildSettings settings,
                      const std::vector<SelectorPair>& pairs);
  void add_children(CharonConnection& connection, const IkeSide& side, const IkeEnds& ends, const ChildSettings& settings,
                    const std::vector<SelectorPair>& pairs);

  const Config& config_;
  const TunnelWorld& world_;
  Remarks& remarks_;
  KeyBook keys_;
  ShuntPlanner shunts_;
  std::vector<CharonConnection> connections_;
};

}  // namespace rri::core

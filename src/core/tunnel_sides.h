// core/tunnel_sides.h -- which access lists and which IKE profile a crypto map entry has,
// and whom it takes.
//
// Internal to core/tunnel_*.cc.
#pragma once

#include <string>
#include <vector>

#include "core/tunnel_ike.h"

namespace rri::core {

class SideFinder {
 public:
  SideFinder(const Config& config, Remarks& remarks) : config_(config), remarks_(remarks) {}

  /// The lists of `match address`; false, with a remark, when there is none or a wrong one.
  bool find_lists(const CryptoEntry& entry, const EntryTunnels& tunnels, const std::string& name, std::vector<const AccessList*>& lists);
  /// The profile of an entry; false, with a remark, when it names one that is not there or is wrong.
  bool find_side(const std::string& isakmp, const std::string& ikev2, IkeSide& side);
  /// Of an entry of a map, or of the template `inner` behind it.
  bool find_side(const CryptoMap& map, const CryptoEntry& outer, const CryptoEntry& inner, IkeSide& side);
  /// `set identity`; false, with a remark, when nobody can be taken by it.
  bool restrict_identity(const EntryTunnels& tunnels, IkeSide& side);
  /// Lines of an entry that charon cannot follow.
  void note_unused(const EntryTunnels& tunnels, const std::string& name);
  /// Without the question for a user, whoever has the group's key would be let in.
  void refuse_xauth(const IkeSide& side);

 private:
  void note_missing_match(const IkeSide& side);

  const Config& config_;
  Remarks& remarks_;
};

}  // namespace rri::core

// core/tunnel_shunts.h -- what a crypto access list denies passes in clear, as on IOS.
//
// On IOS a `deny` means "not by this entry": the packet is asked of the later entries
// and leaves in clear when none permits it. charon has the shunt for that, a child of
// mode `pass`. Its policies come before those of all tunnels, so there is one only for
// a deny that takes nothing from what is permitted before it or by another entry; any
// other deny is told at its line and cuts no hole.
//
// Internal to core/tunnel_*.cc.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/tunnel_parts.h"

namespace rri::core {

/// Lines that deny lines are compared with in one plan: it may take some 10 ms.
inline constexpr std::size_t kMaxShuntComparisons = 1'000'000;

class ShuntPlanner {
 public:
  explicit ShuntPlanner(const Config& config);

  /// The deny lines of one entry's lists that can be shunts. Without `traps` none is.
  std::vector<SelectorPair> plan(const std::vector<const AccessList*>& lists, const std::string& entry, bool traps,
                                 Remarks& remarks);

 private:
  struct Permit {
    const AccessList* list;
    const AclLine* line;
  };
  enum class Overlap : std::uint8_t { None, Other, TooMany };

  [[nodiscard]] Overlap find_overlap(const AccessList& list, std::size_t index);

  std::vector<Permit> permits_;     // of all entries of applied maps
  bool takes_everything_ = false;   // a template without an access list
  std::size_t comparisons_ = 0;
};

/// The connection that holds the shunts of an entry; no peer can mean it.
CharonConnection make_shunts(const EntryName& entry, const std::string& tail, const std::vector<SelectorPair>& pairs);

}  // namespace rri::core

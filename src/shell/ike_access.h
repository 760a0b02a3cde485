// shell/ike_access.h -- what commands ask of the IKE daemon.
//
// The IKE daemon is another process: its answers come later, or not at all within
// some seconds, which is an error with the reason. Each callback is called exactly once.
#pragma once

#include <functional>
#include <vector>

#include "base/result.h"
#include "model/ike_sa.h"
#include "model/sa.h"

namespace rri::shell {

struct IkeAccess {
  using OnSas = std::function<void(Result<SharedSas>)>;
  using OnDone = std::function<void(Result<>)>;

  /// All IKE SAs, with counters less what clear_counters() set aside. How they
  /// were authenticated takes a second question, asked when `with_authentication`.
  std::function<void(bool with_authentication, OnSas)> read;
  /// Asks for the end of these SAs; they go by themselves soon after.
  std::function<void(std::vector<SaTermination>, OnDone)> terminate;
  /// Starts the tunnels of one crypto map entry.
  std::function<void(EntryName, OnDone)> initiate;
  /// Counters count from here on.
  std::function<void(OnDone)> clear_counters;
};

}  // namespace rri::shell

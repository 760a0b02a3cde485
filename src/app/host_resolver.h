// app/host_resolver.h -- `set peer HOST` to an address, without holding up the loop.
//
// Names are asked one after another by Asio's resolver, which waits in a thread
// of its own. An answer is asked for again after a while, because names move; a
// failure is tried again with growing pauses, and the last good answer stands.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/events.h"

namespace asio {
class io_context;
}

namespace rri::app {

class HostResolver {
 public:
  /// `deliver` is called from the loop, for every first answer and every change.
  HostResolver(asio::io_context& context, std::function<void(core::HostResolved)> deliver);
  ~HostResolver();
  HostResolver(const HostResolver&) = delete;
  HostResolver& operator=(const HostResolver&) = delete;

  /// Starts to follow `host`; asking twice is asking once.
  void follow(const std::string& host);
  /// A peer may have moved: asks again for all names that were not asked a moment ago.
  void ask_again();
  /// Stops following what is not in `hosts` any more.
  void keep_only(const std::function<bool(const std::string&)>& is_wanted);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace rri::app

// base/in_turns.h -- long work that shares the event loop.
//
// Freeing a hundred thousand objects takes as long as making them: what a reader lets
// go of, perhaps in the middle of its answer, is emptied some elements at a time.
#pragma once

#include <functional>
#include <memory>
#include <utility>

namespace rri {

/// Calls its argument from the loop, again and again until it gives false.
using InTurns = std::function<void(std::function<bool()> step)>;

/// An empty Container (a map or set) whose elements go in turns when nobody holds it
/// any more; at once where `in_turns` is empty.
template <class Container>
std::shared_ptr<Container> make_emptied_in_turns(InTurns in_turns) {
  return std::shared_ptr<Container>(new Container, [in_turns = std::move(in_turns)](Container* left) {
    const std::shared_ptr<Container> last(left);
    if (!in_turns) return;
    in_turns([last] {
      constexpr int kAtATime = 8;  // one may own hundreds of others
      for (int i = 0; i < kAtATime && !last->empty(); ++i) last->erase(last->begin());
      return !last->empty();
    });
  });
}

}  // namespace rri

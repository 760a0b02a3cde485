#include "app/comebacks.h"

#include <algorithm>

namespace rri::app {

void Comebacks::on_up(const ChildName& name, TimePoint now) { lives_[name].up = now; }

Millis Comebacks::on_down(const ChildName& name, TimePoint now) {
  const auto found = lives_.find(name);
  if (found == lives_.end()) return kFirstPause;
  if (now - found->second.up >= kShortLife) {
    lives_.erase(found);
    return kFirstPause;
  }
  auto& life = found->second;
  const auto pause = life.pause;
  if (pause > kFirstPause) life.rests_until = now + pause;  // tunnels that go together come together
  life.pause = std::min(pause * 2, kLongestPause);
  return pause;
}

void Comebacks::forget(const std::string& connection) {
  const auto begin = lives_.lower_bound({connection, {}});
  const auto end = std::find_if(begin, lives_.end(), [&](const auto& one) { return one.first.first != connection; });
  lives_.erase(begin, end);
}

bool Comebacks::rests(const ChildName& name, TimePoint now) const {
  const auto found = lives_.find(name);
  return found != lives_.end() && now < found->second.rests_until;
}

}  // namespace rri::app

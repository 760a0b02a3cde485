#include "app/comebacks.h"

#include <gtest/gtest.h>

namespace rri::app {
namespace {

TEST(Comebacks, who_closes_each_tunnel_at_once_is_called_more_and_more_seldom) {
  const ChildName name("rri-mymap-1-203_0_113_1", "rri-mymap-1-net");
  Comebacks comebacks;
  TimePoint now{};
  std::vector<Seconds> pauses;
  for (int i = 0; i < 8; ++i) {
    comebacks.on_up(name, now);
    now += Millis(100);
    const auto pause = comebacks.on_down(name, now);
    EXPECT_EQ(comebacks.rests(name, now), i > 0);
    pauses.push_back(std::chrono::duration_cast<Seconds>(pause));
    now += pause;
    EXPECT_FALSE(comebacks.rests(name, now));
  }
  EXPECT_EQ(pauses, (std::vector<Seconds>{Seconds(1), Seconds(2), Seconds(4), Seconds(8), Seconds(16), Seconds(32), Seconds(60), Seconds(60)}));
  comebacks.on_up(name, now);
  EXPECT_EQ(comebacks.on_down(name, now + kShortLife), kFirstPause);
  comebacks.on_up(name, now);
  EXPECT_EQ(comebacks.on_down(name, now), kFirstPause);
  EXPECT_EQ(comebacks.on_down(name, now), 2 * kFirstPause);
  comebacks.forget(name.first);
  comebacks.on_up(name, now);
  EXPECT_EQ(comebacks.on_down(name, now), kFirstPause);
}

}  // namespace
}  // namespace rri::app

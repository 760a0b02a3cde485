// Every recorded stream, through the real codec, mapping and session.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "io/vici/session.h"
#include "unit/vici/recording.h"

namespace rri::vici {
namespace {

using Lines = std::vector<std::string>;

// Who is who in the lab of the recordings: s1 is 198.51.100.2 with 10.1.0.0/16,
// s2 is 192.0.2.2 with 10.2.0.0/16 and 10.3.0.0/24.
std::string s1(int id) { return fmt::format("{} 198.51.100.2 s1 10.1.0.0/16", id); }
std::string s2(int id) { return fmt::format("{} 192.0.2.2 s2 10.2.0.0/16 10.3.0.0/24", id); }
std::string up(const std::string& sa) { return fmt::format("up {}", sa); }
std::string list(const std::string& a = "", const std::string& b = "") {
  return fmt::format("list {{{}{}{}}}", a, b.empty() ? "" : "; ", b);
}

/// What must come of each recording, from the .marks of what was done.
const std::map<std::string, Lines>& expectations() {
  static const std::map<std::string, Lines> kExpected = {
      {"01-up-two-spokes", {list(), up(s1(1)), up(s2(2)), list(s1(1), s2(2))}},
      {"02-child-rekey-by-spoke", {list(s1(1), s2(2)), "rekeyed 1 3", up(s1(3)), list(s2(2), s1(3))}},
      {"03-child-rekey-by-hub",
       {list(s2(2), s1(3)), "rekeyed 3 4", up(s1(4)), "rekeyed 2 5", up(s2(5)), list(s1(4), s2(5))}},
      {"04-ike-rekey-by-spoke", {list(s1(4), s2(5)), list(s1(4), s2(5))}},
      {"05-reauth-by-spoke", {list(s1(4), s2(5)), list(s1(4), s2(5))}},
      {"06-duplicate-child", {list(s1(4), s2(5)), list(s1(4), s2(5))}},
      {"07-terminate-one-of-dup", {list(s1(4), s2(5)), "down 4", list(s2(5))}},
      {"08-terminate-child", {list(s2(5)), list(s2(5))}},
      {"09-child-again", {list(s2(5)), up(s1(6)), list(s2(5), s1(6))}},
      {"10-terminate-ike", {list(s2(5), s1(6)), "down 5", list(s1(6))}},
      {"11-spoke-kill9-dpd", {list(s1(6)), "down 6", list()}},
      {"12-spoke-up-again", {list(), up(s1(7)), list(s1(7))}},
      {"13-spoke-kill9-restart-replace", {list(s1(7)), "down 7", up(s1(8)), list(s1(8))}},
      {"14-hub-terminate-ike", {list(s1(8)), "down 8", list()}},
      {"15-hub-charon-sigterm", {list(s1(9), s2(10)), "down 10", "down 9", "lost"}},
      {"16-hub-charon-kill9", {list(s1(1)), "lost"}},
      {"uml-all",
       {list(), up(s1(1)), "rekeyed 1 2", up(s1(2)), up(s1(3)), "down 3", up(s1(4)), "down 2", up(s1(5)), "down 5",
        "down 4", up(s1(6)), "lost"}},
  };
  return kExpected;
}

/// Feeds a recording in pieces of the sizes that `next_size` gives, at one
/// moment, so that the session asks for nothing that the recording has not.
Lines replay(const test::Recording& recording, const std::function<std::size_t()>& next_size) {
  Session session({});
  Output out;
  const TimePoint now(std::chrono::seconds(1000));
  const auto feed = [&](std::string_view bytes) {
    while (!bytes.empty()) {
      const auto piece = bytes.substr(0, next_size());
      bytes.remove_prefix(piece.size());
      const auto taken = session.receive(piece, now, out);
      ASSERT_TRUE(taken.has_value()) << taken.error().text;
    }
  };
  session.start(now, out);
  feed(recording.first);
  if (!recording.second.empty()) {
    session.refresh(now, out);
    feed(recording.second);
  }
  if (recording.ends_with_eof) {
    session.stop(out);
    session.stop(out);
  }
  EXPECT_EQ(session.version(), "5.9.8");
  return test::to_text(out.events);
}

class Replay : public testing::TestWithParam<std::string> {};

TEST_P(Replay, gives_what_was_done_however_it_is_cut) {
  const auto recording = test::load_recording(GetParam());
  const auto expected = expectations().find(GetParam());
  ASSERT_NE(expected, expectations().end()) << "no expectation for this recording";
  EXPECT_EQ(replay(recording, [] { return std::string::npos; }), expected->second);
  EXPECT_EQ(replay(recording, [] { return 1U; }), expected->second);
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    EXPECT_EQ(replay(recording, [&] { return 1 + random() % 1500; }), expected->second) << "seed " << seed;
  }
}

TEST_P(Replay, a_stream_cut_anywhere_loses_the_source_at_most_once) {
  const auto recording = test::load_recording(GetParam());
  const TimePoint now;
  for (std::size_t cut = 0; cut < recording.first.size(); cut += 7) {
    Session session({});
    Output out;
    session.start(now, out);
    ASSERT_TRUE(session.receive(std::string_view(recording.first).substr(0, cut), now, out).has_value());
    const bool synced = session.is_synced();
    session.stop(out);
    const auto lines = test::to_text(out.events);
    EXPECT_EQ(std::count(lines.begin(), lines.end(), "lost"), synced ? 1 : 0);
    // The next connection starts from nothing.
    session.start(now, out);
    ASSERT_TRUE(session.receive(recording.first, now, out).has_value());
    EXPECT_TRUE(session.is_synced());
  }
}

INSTANTIATE_TEST_SUITE_P(Recorded, Replay, testing::ValuesIn(test::recordings()), [](const auto& recorded) {
  std::string name = recorded.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(ReplaySet, covers_every_recording) { EXPECT_EQ(test::recordings().size(), expectations().size()); }

}  // namespace
}  // namespace rri::vici

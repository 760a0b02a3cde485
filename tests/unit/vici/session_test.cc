#include "io/vici/session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "io/vici/limits.h"
#include "unit/vici/model_charon.h"
#include "unit/vici/recording.h"

namespace rri::vici {
namespace {

using Lines = std::vector<std::string>;
using test::ModelCharon;

/// A session that talks to a model of charon, with a clock that the test moves.
struct Talk {
  ModelCharon charon;
  Session session{{}};
  TimePoint now{std::chrono::seconds(1000)};
  std::vector<core::Event> events;  // since the last take()
  std::vector<core::LogLine> log;

  Talk() { connect(); }

  void connect() {
    charon.accept();
    Output out;
    session.start(now, out);
    keep(out);
  }
  void keep(Output& out) {
    charon.take(out.send);
    for (auto& event : out.events) events.push_back(std::move(event));
    for (auto& line : out.log) log.push_back(std::move(line));
  }
  /// Delivers what is on its way until both sides are silent.
  void settle() {
    for (auto bytes = charon.fetch(); !bytes.empty(); bytes = charon.fetch()) {
      Output out;
      const auto taken = session.receive(bytes, now, out);
      ASSERT_TRUE(taken.has_value()) << taken.error().text;
      keep(out);
    }
  }
  /// Lets time pass, with everything that falls due meanwhile.
  void pass(Millis time) {
    settle();
    const auto end = now + time;
    for (auto due = session.wake_at(); due && *due <= end; due = session.wake_at()) {
      now = std::max(now, *due);
      Output out;
      const auto ticked = session.tick(now, out);
      ASSERT_TRUE(ticked.has_value()) << ticked.error().text;
      keep(out);
      settle();
    }
    now = end;
  }
  Lines take() { return test::to_text(std::exchange(events, {})); }
};

constexpr Millis kSecond = std::chrono::seconds(1);

TEST(Session, an_event_is_told_at_once_and_read_again_later) {
  Talk talk;
  talk.settle();
  EXPECT_EQ(talk.take(), Lines{"list {}"});
  talk.charon.child_up(1, 7);
  talk.settle();
  EXPECT_EQ(talk.take(), Lines{"up 7 198.51.100.2 s1 10.1.0.0/16"});
  EXPECT_EQ(talk.charon.commands["list-sas ike"], 0);
  talk.pass(kSecond);
  EXPECT_EQ(talk.charon.commands["list-sas ike"], 1);
  EXPECT_EQ(talk.take(), Lines{});
}

TEST(Session, a_burst_of_events_of_one_sa_costs_one_reading) {
  Talk talk;
  for (std::uint64_t child = 1; child <= 100; ++child) talk.charon.child_up(1, child);
  talk.settle();
  for (std::uint64_t child = 101; child <= 200; ++child) talk.charon.child_up(1, child);
  talk.pass(kSecond);
  EXPECT_EQ(talk.charon.commands["list-sas ike"], 1);
  EXPECT_EQ(talk.session.sas(), 200U);
}

TEST(Session, too_many_changed_sas_cost_one_full_list) {
  Talk talk;
  talk.settle();
  for (std::uint64_t ike = 1; ike <= kMaxQueuedRereads + 10; ++ike) talk.charon.child_up(ike, ike);
  talk.pass(kFullListPause + kSecond);
  EXPECT_EQ(talk.charon.commands["list-sas"], 2);
  EXPECT_LE(talk.charon.commands["list-sas ike"], 10);
  EXPECT_EQ(talk.session.sas(), kMaxQueuedRereads + 10);
}

TEST(Session, a_rekey_is_told_once_however_often_charon_says_it) {
  Talk talk;
  talk.charon.child_up(1, 1);
  talk.settle();
  talk.take();
  talk.charon.child_rekey(1, 1, 3);
  talk.charon.raise_rekey(1, 1, 3);
  talk.charon.raise_child(1, 1, false);  // strongSwan #3003: down for a child that was rekeyed
  talk.pass(kSecond);
  EXPECT_EQ(talk.take(), (Lines{"rekeyed 1 3", "up 3 198.51.100.2 s1 10.1.0.0/16"}));
}

TEST(Session, a_rekey_collision_never_leaves_the_prefix_alone) {
  Talk talk;
  talk.charon.child_up(1, 1);
  talk.settle();
  talk.take();
  talk.charon.child_rekey(1, 1, 3);  // ours, which loses
  talk.charon.ikes[1].children[4] = {};
  talk.charon.raise_rekey(1, 1, 4);  // theirs, which wins
  talk.charon.ikes[1].children.erase(3);
  talk.pass(kSecond);
  EXPECT_EQ(talk.take(), (Lines{"rekeyed 1 3", "up 3 198.51.100.2 s1 10.1.0.0/16",
                                "up 4 198.51.100.2 s1 10.1.0.0/16", "down 3"}));
}

TEST(Session, a_rekey_without_event_is_recognised_when_read_again) {
  Talk talk;
  talk.charon.child_up(1, 1);
  talk.settle();
  talk.take();
  talk.charon.ikes[1].children.erase(1);
  talk.charon.ikes[1].children[9] = {};
  talk.charon.ike_update(1, "198.51.100.2");
  talk.pass(kSecond);
  EXPECT_EQ(talk.take(), (Lines{"rekeyed 1 9", "up 9 198.51.100.2 s1 10.1.0.0/16"}));
}

TEST(Session, children_that_move_with_an_ike_rekey_are_not_touched) {
  Talk talk;
  talk.charon.child_up(1, 1);
  talk.settle();
  talk.take();
  talk.charon.ike_rekey(1, 2);
  talk.charon.raise_child(2, 1, true);
  talk.pass(kSecond);
  EXPECT_EQ(talk.take(), Lines{});
  talk.charon.child_down(2, 1);
  talk.pass(kSecond);
  EXPECT_EQ(talk.take(), Lines{"down 1"});
}

TEST(Session, children_that_move_in_silence_are_looked_for_before_they_are_down) {
  Talk talk;
  talk.charon.child_up(1, 1);
  talk.charon.child_up(1, 2, {"10.2.0.0/16"});
  talk.pass(kSecond);
  talk.take();
  talk.charon.move_silently(1, 5);
  talk.charon.ikes[5].children.erase(2);  // lost without an event
  talk.charon.ikes[1];
  talk.charon.ike_update(1, "198.51.100.2");
  talk.charon.ikes.erase(1);
  talk.pass(kSecond);
  EXPECT_EQ(talk.charon.commands["list-sas child"], 2);
  EXPECT_EQ(talk.take(), Lines{"down 2"});
}

TEST(Session, mobike_moves_the_peer) {
  Talk talk;
  talk.charon.child_up(1, 1);
  talk.pass(kSecond);
  talk.take();
  talk.charon.ike_update(1, "198.51.100.99");
  talk.pass(kSecond);
  EXPECT_EQ(talk.take(), Lines{"up 1 198.51.100.99 s1 10.1.0.0/16"});
}

TEST(Session, transport_and_beet_make_no_sa) {
  Talk talk;
  talk.settle();
  talk.take();
  talk.charon.child_up(1, 1, {"10.1.0.0/16", "INSTALLED", "TRANSPORT"});
  talk.charon.child_up(1, 2, {"10.1.0.0/16", "INSTALLED", "BEET"});
  talk.charon.child_up(1, 3, {"10.1.0.0/16", "REKEYED", "TUNNEL"});
  talk.pass(kSecond);
  talk.charon.child_down(1, 1);
  talk.pass(kSecond);
  EXPECT_EQ(talk.take(), Lines{});
}

TEST(Session, events_between_the_parts_of_a_list_are_newer_than_the_parts_before) {
  Talk talk;
  talk.charon.child_up(1, 1);
  talk.charon.child_up(2, 2, {"10.2.0.0/16"});
  talk.pass(kSecond);
  talk.take();

  talk.charon.answers_lists = false;
  Output out;
  talk.session.refresh(talk.now, out);
  talk.keep(out);
  talk.charon.send_list_sa(1);
  talk.charon.child_down(1, 1);                          // after it was listed
  talk.charon.child_up(3, 3, {"10.3.0.0/16"});           // in a part that charon has passed
  talk.charon.child_rekey(2, 2, 6);                      // before it is listed
  talk.charon.send_list_sa(2);
  talk.charon.respond();
  talk.settle();
  EXPECT_EQ(talk.take(),
            (Lines{"down 1", "up 3 198.51.100.2 s1 10.3.0.0/16", "rekeyed 2 6", "up 6 198.51.100.2 s1 10.2.0.0/16",
                   "list {3 198.51.100.2 s1 10.3.0.0/16; 6 198.51.100.2 s1 10.2.0.0/16}"}));
}

TEST(Session, an_ike_rekey_during_a_list_hides_no_child) {
  Talk talk;
  talk.charon.child_up(1, 1);
  talk.pass(kSecond);
  talk.take();
  talk.charon.answers_lists = false;
  Output out;
  talk.session.refresh(talk.now, out);
  talk.keep(out);
  talk.charon.ike_rekey(1, 2);  // charon's walk is past the place of 2 and finds no 1
  talk.charon.respond();
  talk.charon.answers_lists = true;
  talk.settle();
  EXPECT_EQ(talk.take(), Lines{"list {1 198.51.100.2 s1 10.1.0.0/16}"});
}

TEST(Session, an_unreadable_selector_is_told_and_the_others_stay) {
  Talk talk;
  talk.settle();
  talk.take();
  talk.charon.child_up(1, 1, {"dynamic"});
  talk.pass(kSecond);
  EXPECT_EQ(talk.take(), Lines{"up 1 198.51.100.2 s1"});
  const auto warnings = std::count_if(talk.log.begin(), talk.log.end(),
                                      [](const auto& line) { return line.text.find("dynamic") != std::string::npos; });
  EXPECT_EQ(warnings, 1) << "once, although it was read again";
}

TEST(Session, a_list_without_an_answer_ends_at_the_deadline) {
  Talk talk;
  talk.settle();
  talk.charon.answers_lists = false;
  Output out;
  talk.session.refresh(talk.now, out);
  talk.keep(out);
  EXPECT_TRUE(talk.session.tick(talk.now + std::chrono::seconds(14), out).has_value());
  talk.session.note_alive(talk.now + std::chrono::seconds(14));
  EXPECT_TRUE(talk.session.tick(talk.now + std::chrono::seconds(28), out).has_value());
  const auto late = talk.session.tick(talk.now + std::chrono::seconds(29), out);
  ASSERT_FALSE(late.has_value());
  EXPECT_NE(late.error().text.find("list-sas"), std::string::npos);
  EXPECT_EQ(*talk.session.wake_at(), talk.now + std::chrono::seconds(29));
}

TEST(Session, refuses_what_charon_never_sends) {
  const auto error_after_sync = [](const Packet& packet) {
    Talk talk;
    talk.settle();
    Output out;
    const auto taken = talk.session.receive(make_frame(packet).value(), talk.now, out);
    return taken ? std::string() : taken.error().text;
  };
  EXPECT_NE(error_after_sync({PacketType::CommandResponse, {}, {}}), "");
  EXPECT_NE(error_after_sync({PacketType::CommandUnknown, {}, {}}), "");
  EXPECT_NE(error_after_sync({PacketType::EventConfirm, {}, {}}), "");
  EXPECT_NE(error_after_sync({PacketType::CommandRequest, "version", {}}), "");
  EXPECT_NE(error_after_sync({PacketType::Event, "child-updown", "\x02"}), "");
  EXPECT_EQ(error_after_sync({PacketType::Event, "log", {}}), "") << "events of newer versions are no errors";
}

TEST(Session, a_charon_without_the_events_is_refused) {
  Talk talk;
  talk.charon.unknown_events.insert("child-updown");
  Output out;
  talk.session.stop(out);
  talk.connect();
  Result<void> taken;
  for (auto bytes = talk.charon.fetch(); !bytes.empty() && taken; bytes = talk.charon.fetch()) {
    Output more;
    taken = talk.session.receive(bytes, talk.now, more);
    talk.keep(more);
  }
  ASSERT_FALSE(taken.has_value());
  EXPECT_NE(taken.error().text.find("child-updown"), std::string::npos);
}

/// What a reader of the events believes.
struct Believer {
  std::map<std::uint64_t, std::string> sas;  // id -> peer and selectors

  void hear(const core::Event& event) {
    if (const auto* up = std::get_if<core::SaUp>(&event)) sas[up->sa.id.value] = test::to_text(up->sa);
    if (const auto* down = std::get_if<core::SaDown>(&event)) {
      EXPECT_EQ(sas.erase(down->id.value), 1U) << "told twice";
    }
    if (const auto* rekeyed = std::get_if<core::SaRekeyed>(&event)) {
      EXPECT_EQ(sas.erase(rekeyed->old_id.value), 1U) << "a rekey of an unknown SA";
      sas[rekeyed->new_id.value] = "data of the old one";
    }
    if (const auto* list = std::get_if<core::SaList>(&event)) {
      sas.clear();
      for (const auto& sa : list->sas) sas[sa.id.value] = test::to_text(sa);
    }
  }
};

std::map<std::uint64_t, std::string> truth_of(const ModelCharon& charon) {
  std::map<std::uint64_t, std::string> sas;
  for (const auto& [ike_id, ike] : charon.ikes) {
    for (const auto& [id, child] : ike.children) {
      if (child.state == "INSTALLED") sas[id] = fmt::format("{} {} {} {}", id, ike.peer, ike.id, child.remote_ts);
    }
  }
  return sas;
}

/// Something that happens to a random SA.
void happen(ModelCharon& charon, std::mt19937& random, std::uint64_t& next_id) {
  const auto id = next_id++;
  const auto ike = charon.ikes.empty() ? id : std::next(charon.ikes.begin(), static_cast<long>(random() % charon.ikes.size()))->first;
  auto& children = charon.ikes[ike].children;
  std::vector<std::uint64_t> live;
  for (const auto& [child, what] : children) {
    if (what.state == "INSTALLED") live.push_back(child);
  }
  const auto any = live.empty() ? 0 : live[random() % live.size()];
  switch (random() % 9) {
    case 0: charon.child_up(id, id, {fmt::format("10.{}.0.0/16", id % 200)}); break;
    case 1: charon.child_up(ike, id, {fmt::format("10.{}.0.0/16", id % 200)}); break;
    case 2: if (any != 0) charon.child_down(ike, any); break;
    case 3: if (any != 0) charon.child_rekey(ike, any, id); break;
    case 4: charon.ike_rekey(ike, id); break;
    case 5: charon.ike_down(ike); break;
    case 6: charon.ike_update(ike, fmt::format("198.51.100.{}", 1 + id % 200)); break;
    case 7: std::erase_if(children, [](const auto& entry) { return entry.second.state != "INSTALLED"; }); break;
    case 8: if (any != 0) charon.raise_child(ike, any, true); break;
  }
}

TEST(SessionProperty, the_reader_ends_up_with_the_truth) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    Talk talk;
    Believer believer;
    std::uint64_t next_id = 1;
    for (int step = 0; step < 60; ++step) {
      happen(talk.charon, random, next_id);
      if (random() % 3 == 0) talk.settle();
      if (random() % 5 == 0) talk.pass(Millis(random() % 200));
      if (random() % 20 == 0) {
        Output out;
        talk.session.refresh(talk.now, out);
        talk.keep(out);
      }
      if (random() % 30 == 0) {  // the connection breaks, and things happen meanwhile
        Output out;
        talk.session.stop(out);
        talk.keep(out);
        happen(talk.charon, random, next_id);
        talk.connect();
      }
    }
    talk.pass(std::chrono::seconds(20));
    for (const auto& event : talk.events) believer.hear(event);
    ASSERT_EQ(believer.sas, truth_of(talk.charon)) << "seed " << seed;
    ASSERT_EQ(talk.session.sas(), believer.sas.size()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace rri::vici

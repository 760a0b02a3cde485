#include "io/vici/command_channel.h"

#include <gtest/gtest.h>

#include "io/vici/limits.h"

namespace rri::vici {
namespace {

using Lines = std::vector<std::string>;

/// A channel whose answers the test writes; what it sends is kept as text.
struct Talk {
  CommandChannel channel;
  CommandChannel::Output out;
  TimePoint now{std::chrono::seconds(1000)};
  Lines answers;

  void ask(const std::string& command, const std::string& event = "", Millis timeout = std::chrono::seconds(10)) {
    channel.ask({command, {}, event, timeout}, [this, command](const Result<Reply>& reply) {
      answers.push_back(reply ? fmt::format("{}: {} streamed", command, reply->streamed.size()) : reply.error().text);
    }, now, out);
  }
  Result<void> answer(PacketType type, std::string_view name = {}) {
    return channel.receive(make_frame({type, name, {}}).value(), out);
  }
  /// The packets that were sent since the last call.
  Lines sent() {
    Lines lines;
    FrameReader frames;
    frames.append(std::exchange(out.send, {}));
    for (auto frame = frames.next(); frame.value(); frame = frames.next()) {
      const auto packet = parse_packet(**frame).value();
      lines.push_back(fmt::format("{} {}", to_text(packet.type), packet.name));
    }
    return lines;
  }
  Lines done() {
    for (auto& [on_reply, result] : std::exchange(out.done, {})) on_reply(std::move(result));
    return std::exchange(answers, {});
  }
};

TEST(CommandChannel, runs_one_command_at_a_time) {
  Talk talk;
  talk.ask("version");
  EXPECT_EQ(talk.sent(), Lines{}) << "not connected";
  talk.channel.start(talk.out);
  talk.ask("stats");
  EXPECT_EQ(talk.sent(), Lines{"CMD_REQUEST version"});
  EXPECT_TRUE(talk.answer(PacketType::CommandResponse).has_value());
  EXPECT_EQ(talk.sent(), Lines{"CMD_REQUEST stats"});
  EXPECT_EQ(talk.done(), Lines{"version: 0 streamed"});
  EXPECT_FALSE(talk.channel.is_idle());
  EXPECT_TRUE(talk.answer(PacketType::CommandResponse).has_value());
  EXPECT_TRUE(talk.channel.is_idle());
}

TEST(CommandChannel, streams_between_registration_and_its_end) {
  Talk talk;
  talk.channel.start(talk.out);
  talk.ask("list-conns", "list-conn");
  EXPECT_EQ(talk.sent(), Lines{"EVENT_REGISTER list-conn"});
  EXPECT_TRUE(talk.answer(PacketType::EventConfirm).has_value());
  EXPECT_TRUE(talk.answer(PacketType::Event, "list-conn").has_value());
  EXPECT_TRUE(talk.answer(PacketType::Event, "list-conn").has_value());
  EXPECT_TRUE(talk.answer(PacketType::CommandResponse).has_value());
  EXPECT_EQ(talk.sent(), (Lines{"CMD_REQUEST list-conns", "EVENT_UNREGISTER list-conn"}));
  EXPECT_EQ(talk.done(), Lines{}) << "the channel is still in use";
  EXPECT_TRUE(talk.answer(PacketType::EventConfirm).has_value());
  EXPECT_EQ(talk.done(), Lines{"list-conns: 2 streamed"});
}

TEST(CommandChannel, what_charon_does_not_know_fails_and_the_next_runs) {
  Talk talk;
  talk.channel.start(talk.out);
  talk.ask("list-x", "list-y");
  talk.ask("conquer");
  talk.ask("version");
  EXPECT_TRUE(talk.answer(PacketType::EventUnknown).has_value());
  EXPECT_TRUE(talk.answer(PacketType::CommandUnknown).has_value());
  EXPECT_EQ(talk.sent(), (Lines{"EVENT_REGISTER list-y", "CMD_REQUEST conquer", "CMD_REQUEST version"}));
  EXPECT_EQ(talk.done(), (Lines{"ask charon for list-x: it has no event list-y",
                                "ask charon for conquer: it does not know this command"}));
}

TEST(CommandChannel, a_lost_connection_fails_the_running_command_only) {
  Talk talk;
  talk.channel.start(talk.out);
  talk.ask("first");
  talk.ask("second");
  talk.sent();
  talk.channel.stop({"read: end of file"}, talk.out);
  EXPECT_EQ(talk.done(), Lines{"read: end of file"});
  talk.channel.start(talk.out);
  EXPECT_EQ(talk.sent(), Lines{"CMD_REQUEST second"});
}

TEST(CommandChannel, deadlines_end_what_waits_and_close_what_runs) {
  Talk talk;
  talk.ask("waits", "", Millis(10));
  EXPECT_EQ(talk.channel.wake_at(), talk.now + Millis(10));
  EXPECT_TRUE(talk.channel.tick(talk.now + Millis(10), talk.out).has_value());
  EXPECT_EQ(talk.done(), Lines{"ask charon for waits: no answer in 10 ms"});
  talk.channel.start(talk.out);
  talk.ask("runs", "", Millis(10));
  const auto late = talk.channel.tick(talk.now + Millis(10), talk.out);
  ASSERT_FALSE(late.has_value()) << "the stream is out of step";
  talk.channel.stop(late.error(), talk.out);
  EXPECT_EQ(talk.done(), Lines{"ask charon for runs: no answer in 10 ms"});
}

TEST(CommandChannel, refuses_answers_out_of_turn_and_what_cannot_be_sent) {
  Talk talk;
  talk.channel.start(talk.out);
  EXPECT_FALSE(talk.answer(PacketType::CommandResponse).has_value());
  talk.ask(std::string(300, 'x'));
  talk.ask("list", std::string(300, 'x'));
  EXPECT_EQ(talk.done().size(), 2U);
  EXPECT_TRUE(talk.channel.is_idle());
}

TEST(CommandChannel, bounds_what_waits) {
  Talk talk;
  for (std::size_t i = 0; i < kMaxQueuedRequests; ++i) talk.ask("c");
  EXPECT_EQ(talk.done(), Lines{});
  talk.ask("one more");
  ASSERT_EQ(talk.done().size(), 1U);
}

}  // namespace
}  // namespace rri::vici

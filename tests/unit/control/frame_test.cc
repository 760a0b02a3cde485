#include "io/control/frame.h"

#include <gtest/gtest.h>

#include "io/control/limits.h"

namespace rri::control {
namespace {

TEST(FrameReader, frames_come_out_however_the_bytes_arrive) {
  const auto bytes = encode_frame(FrameType::RunText, "show rri") + encode_frame(FrameType::RunJson, "");
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    FrameReader reader(FrameReader::Side::Daemon);
    std::vector<Frame> frames;
    for (std::size_t i = 0; i < bytes.size(); i += step) {
      reader.feed(std::string_view(bytes).substr(i, step));
      for (auto frame = reader.next(); frame && *frame; frame = reader.next()) frames.push_back(**frame);
    }
    EXPECT_EQ(frames, (std::vector<Frame>{{FrameType::RunText, "show rri"}, {FrameType::RunJson, ""}})) << step;
    EXPECT_EQ(reader.waiting(), 0U);
  }
}

TEST(FrameReader, a_cut_frame_is_waited_for) {
  FrameReader reader(FrameReader::Side::Daemon);
  reader.feed(encode_frame(FrameType::RunText, "show rri").substr(0, 9));
  const auto frame = reader.next();
  ASSERT_TRUE(frame);
  EXPECT_FALSE(*frame);
}

TEST(FrameReader, what_the_other_side_must_not_send_is_an_error_for_ever) {
  for (const auto& bytes : {std::string("GET / HTTP/1.1\r\n"), std::string("\0\0\0\0", 4), encode_frame(FrameType::Output, "x")}) {
    FrameReader reader(FrameReader::Side::Daemon);
    reader.feed(bytes);
    EXPECT_FALSE(reader.next());
    reader.feed(encode_frame(FrameType::RunText, "show rri"));
    EXPECT_FALSE(reader.next());
  }
}

TEST(FrameReader, a_length_beyond_the_bound_is_refused_before_the_bytes_come) {
  FrameReader reader(FrameReader::Side::Daemon);
  reader.feed(std::string("x\xff\xff\xff\xff", 5));
  EXPECT_FALSE(reader.next());
}

TEST(FrameReader, the_longest_command_passes) {
  FrameReader reader(FrameReader::Side::Daemon);
  reader.feed(encode_frame(FrameType::RunText, std::string(kMaxCommandBytes, 'a')));
  const auto frame = reader.next();
  ASSERT_TRUE(frame && *frame);
  EXPECT_EQ((*frame)->payload.size(), kMaxCommandBytes);
  reader.feed(encode_frame(FrameType::RunText, std::string(kMaxCommandBytes + 1, 'a')));
  EXPECT_FALSE(reader.next());
}

TEST(Status, reads_what_it_writes) {
  using Kind = Status::Kind;
  for (const auto& status : {Status{}, Status{Kind::Failed, 0, "show VRF X: there is no such VRF"}, Status{Kind::Invalid, 14, {}},
                             Status{Kind::Incomplete, 0, {}}, Status{Kind::Ambiguous, 0, {}}, Status{Kind::Ambiguous, 7, {}}}) {
    EXPECT_EQ(parse_status(render_status(status)), status);
  }
  for (const auto* text : {"", "okay", "ok then", "invalid", "invalid 0", "invalid -1", "invalid 1 2"}) EXPECT_FALSE(parse_status(text)) << text;
}

TEST(Prompt, reads_what_it_writes) {
  for (const auto& prompt : {Prompt{}, Prompt{PromptKind::Config, 0, 511, "R1(config-if)#"},
                             Prompt{PromptKind::Question, 24, 80, "Destination filename [startup-config]? "}}) {
    const auto read = parse_prompt(render_prompt(prompt));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, prompt);
  }
  for (const auto* text : {"", "e", "z 1 2 x", "e 1", "e 1 2", "e x 2 y", "e -1 2 y"}) EXPECT_FALSE(parse_prompt(text)) << text;
}

}  // namespace
}  // namespace rri::control

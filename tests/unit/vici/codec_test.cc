#include "io/vici/codec.h"

#include <gtest/gtest.h>

#include <random>

#include "io/vici/limits.h"
#include "unit/vici/recording.h"

namespace rri::vici {
namespace {

std::string frame(std::string_view payload) {
  ByteWriter out;
  out.u32(static_cast<std::uint32_t>(payload.size()));
  out.bytes(payload);
  return out.take();
}

/// The message as written again element by element.
std::string write_again(const SectionView& section) {
  ByteWriter out;
  for (const Element& element : section.elements()) {
    out.u8(static_cast<std::uint8_t>(element.type));
    const bool named = element.type == ElementType::SectionStart || element.type == ElementType::KeyValue ||
                       element.type == ElementType::ListStart;
    if (named) {
      out.u8(static_cast<std::uint8_t>(element.name.size()));
      out.bytes(element.name);
    }
    if (element.type == ElementType::KeyValue || element.type == ElementType::ListItem) {
      out.u16(static_cast<std::uint16_t>(element.value.size()));
      out.bytes(element.value);
    }
  }
  return out.take();
}

std::string error_of(std::string_view message) {
  MessageView view;
  const auto result = view.parse(message);
  EXPECT_FALSE(result.has_value());
  EXPECT_TRUE(view.root().elements().empty());
  return result ? "" : result.error().text;
}

TEST(Codec, reads_every_recorded_packet_and_writes_it_again) {
  MessageView view;
  for (const auto& name : test::recordings()) {
    for (const auto& payload : test::load_recording(name).payloads) {
      const auto packet = parse_packet(payload);
      ASSERT_TRUE(packet.has_value()) << packet.error().text;
      EXPECT_EQ(make_frame(*packet).value(), frame(payload));
      const auto parsed = view.parse(packet->message);
      ASSERT_TRUE(parsed.has_value()) << parsed.error().text;
      EXPECT_EQ(write_again(view.root()), packet->message);
    }
  }
}

TEST(Codec, every_truncation_of_a_message_is_an_error_or_a_shorter_whole) {
  MessageView view;
  for (const auto& payload : test::load_recording("02-child-rekey-by-spoke").payloads) {
    const auto message = parse_packet(payload)->message;
    for (std::size_t cut = 0; cut < message.size(); ++cut) {
      const auto part = message.substr(0, cut);
      const auto parsed = view.parse(part);
      if (parsed) {
        EXPECT_EQ(write_again(view.root()), part);
      } else {
        EXPECT_NE(parsed.error().text.find("at byte"), std::string::npos);
      }
    }
  }
}

TEST(Codec, a_cut_frame_needs_more_bytes_at_every_cut) {
  const auto whole = frame(test::load_recording("01-up-two-spokes").payloads.front());
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    FrameReader reader;
    reader.append(std::string_view(whole).substr(0, cut));
    const auto none = reader.next();
    ASSERT_TRUE(none.has_value());
    EXPECT_FALSE(none->has_value());
    EXPECT_EQ(reader.pending(), cut);
    reader.append(std::string_view(whole).substr(cut));
    EXPECT_EQ(**reader.next(), std::string_view(whole).substr(4));
    EXPECT_EQ(reader.pending(), 0U);
  }
}

TEST(Codec, random_cuts_give_the_same_frames) {
  std::mt19937 random(7);
  const auto recording = test::load_recording("uml-all");
  std::string stream;
  for (const auto& payload : recording.payloads) stream += frame(payload);
  for (int round = 0; round < 50; ++round) {
    FrameReader reader;
    std::vector<std::string> got;
    for (std::string_view rest = stream; !rest.empty();) {
      const auto piece = rest.substr(0, 1 + random() % 3000);
      rest.remove_prefix(piece.size());
      reader.append(piece);
      for (auto next = reader.next(); next.value(); next = reader.next()) got.emplace_back(**next);
    }
    ASSERT_EQ(got, recording.payloads);
  }
}

TEST(Codec, refuses_a_frame_that_is_empty_or_too_long) {
  FrameReader empty;
  empty.append(std::string(4, '\0'));
  EXPECT_FALSE(empty.next().has_value());

  FrameReader largest;
  largest.append(std::string("\x00\x08\x00\x00", 4));
  EXPECT_TRUE(largest.next().has_value());

  FrameReader larger;
  larger.append(std::string("\x00\x08\x00\x01", 4));
  EXPECT_NE(larger.next().error().text.find("524289"), std::string::npos);
  EXPECT_FALSE(larger.next().has_value()) << "the error stays";
}

TEST(Codec, refuses_packets_that_are_none) {
  EXPECT_FALSE(parse_packet("").has_value());
  EXPECT_FALSE(parse_packet("\x08").has_value());
  EXPECT_FALSE(parse_packet(std::string("\x07\x05" "abc", 5)).has_value()) << "name cut short";
  EXPECT_FALSE(parse_packet("\x07").has_value()) << "no name";
  EXPECT_FALSE(parse_packet(std::string("\x05x", 2)).has_value()) << "bytes after EVENT_CONFIRM";
  EXPECT_FALSE(parse_packet(std::string("\x03\x01" "ab", 4)).has_value()) << "bytes after EVENT_REGISTER";
}

TEST(Codec, refuses_malformed_messages_with_the_reason) {
  using namespace std::string_literals;
  EXPECT_NE(error_of("\x07"s).find("unknown element type"), std::string::npos);
  EXPECT_NE(error_of("\x00"s).find("unknown element type"), std::string::npos);
  EXPECT_NE(error_of("\x02"s).find("a section end without its start"), std::string::npos);
  EXPECT_NE(error_of("\x06"s).find("a list end without its start"), std::string::npos);
  EXPECT_NE(error_of("\x01\x01"s "a"s).find("does not end"), std::string::npos);
  EXPECT_NE(error_of("\x04\x01" "a" "\x02"s).find("a section end without its start"), std::string::npos);
  EXPECT_NE(error_of("\x04\x01" "a" "\x04\x01" "b"s).find("a list inside a list"), std::string::npos);
  EXPECT_NE(error_of("\x04\x01" "a" "\x03\x01" "b\x00\x00"s).find("a key inside a list"), std::string::npos);
  EXPECT_NE(error_of("\x04\x01" "a" "\x01\x01" "b"s).find("a section inside a list"), std::string::npos);
  EXPECT_NE(error_of("\x05\x00\x00"s).find("a list item outside a list"), std::string::npos);
  EXPECT_NE(error_of("\x03\x01" "k\x00\x05" "abc"s).find("cut short"), std::string::npos);
}

TEST(Codec, bounds_the_depth_of_sections) {
  const auto nested = [](std::size_t depth) {
    MessageWriter writer;
    for (std::size_t i = 0; i < depth; ++i) writer.begin_section("s");
    for (std::size_t i = 0; i < depth; ++i) writer.end_section();
    return writer.take().value();
  };
  MessageView view;
  EXPECT_TRUE(view.parse(nested(kMaxDepth)).has_value());
  EXPECT_FALSE(view.parse(nested(kMaxDepth + 1)).has_value());
}

TEST(Codec, sections_of_one_name_are_all_there) {
  MessageWriter writer;
  writer.begin_section("dyn").value("uniqueid", "1").end_section();
  writer.begin_section("dyn").value("uniqueid", "2").end_section();
  const auto bytes = writer.take().value();
  MessageView view;
  ASSERT_TRUE(view.parse(bytes).has_value());
  std::string ids;
  view.root().for_each_section([&](std::string_view, const SectionView& section) { ids += section.value_or_empty("uniqueid"); });
  EXPECT_EQ(ids, "12");
}

TEST(Codec, finds_only_what_is_directly_inside) {
  const std::vector<std::string> items = {"10.0.0.0/24", ""};
  MessageWriter writer;
  writer.begin_section("outer").value("deep", "1").end_section().value("up", "yes").list("ts", items);
  const auto bytes = writer.take().value();
  MessageView view;
  ASSERT_TRUE(view.parse(bytes).has_value());
  EXPECT_EQ(view.root().find("deep"), std::nullopt);
  EXPECT_EQ(view.root().value_or_empty("up"), "yes");
  EXPECT_EQ(view.root().find_section("outer")->value_or_empty("deep"), "1");
  EXPECT_FALSE(view.root().find_section("up").has_value());
  std::vector<std::string> got;
  view.root().for_each_item("ts", [&](std::string_view item) { got.emplace_back(item); });
  EXPECT_EQ(got, items);
}

TEST(Codec, the_writer_tells_what_does_not_fit) {
  const std::string long_name(256, 'n');
  const std::string long_value(65536, 'v');
  EXPECT_FALSE(MessageWriter().value(long_name, "").take().has_value());
  EXPECT_FALSE(MessageWriter().value("k", long_value).take().has_value());
  EXPECT_FALSE(MessageWriter().begin_section("s").take().has_value());
  EXPECT_FALSE(MessageWriter().end_section().take().has_value());
  EXPECT_FALSE(make_frame({PacketType::EventRegister, long_name, {}}).has_value());
  EXPECT_FALSE(make_frame({PacketType::CommandRequest, "c", std::string(kMaxFrameBytes, 'x')}).has_value());
}

}  // namespace
}  // namespace rri::vici

// tests/unit/vici/recording.h -- streams recorded between a client and strongSwan 5.9.8.
//
// NAME.s2c.bin holds what charon sent, NAME.jsonl the packets of both sides in
// order (and EOF where charon closed), NAME.marks what was done meanwhile.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/events.h"
#include "io/vici/codec.h"

namespace rri::vici::test {

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string data_path(const std::string& name) { return std::string(RRI_TESTS_DIR) + "/data/vici/" + name; }

/// Names of all recordings, sorted.
inline std::vector<std::string> recordings() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(data_path(""))) {
    const auto file = entry.path().filename().string();
    if (file.ends_with(".jsonl")) names.push_back(file.substr(0, file.size() - 6));
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// What charon sent, cut where the recorded client asked for another full list.
struct Recording {
  std::string first;   // up to the second `list-sas`
  std::string second;  // the answer to it and events meanwhile; "" when there was none
  bool ends_with_eof = false;
  std::vector<std::string> payloads;  // of all frames
};

inline Recording load_recording(const std::string& name) {
  Recording recording;
  std::string_view rest;
  const std::string bytes = read_file(data_path(name + ".s2c.bin"));
  rest = bytes;
  std::ifstream lines(data_path(name + ".jsonl"));
  int lists = 0;
  bool unregistered = false;
  for (std::string line; std::getline(lines, line);) {
    const auto has = [&](std::string_view text) { return line.find(text) != std::string::npos; };
    if (has("\"type\": \"EOF\"")) {
      recording.ends_with_eof = true;
    } else if (has("\"dir\": \"c2s\"")) {
      if (has("\"name\": \"list-sas\"")) ++lists;
      if (has("\"EVENT_UNREGISTER\"")) unregistered = true;
    } else {
      ByteReader reader(rest);
      const auto size = reader.u32();
      const auto frame = rest.substr(0, 4 + size.value_or(0));
      rest.remove_prefix(frame.size());
      recording.payloads.emplace_back(frame.substr(4));
      if (!unregistered) (lists > 1 ? recording.second : recording.first) += frame;
    }
  }
  EXPECT_TRUE(rest.empty()) << name << ": " << rest.size() << " bytes are not in the .jsonl";
  return recording;
}

inline std::string to_text(const Sa& sa) {
  std::string text = fmt::format("{} {} {}", sa.id.value, sa.peer.to_string(), sa.identity);
  for (const auto& selector : sa.remote) text += fmt::format(" {}", selector.to_string());
  return text;
}

/// "up 1 198.51.100.2 s1 10.1.0.0/16", "down 1", "rekeyed 1 3", "list {...; ...}", "lost".
inline std::string to_text(const core::Event& event) {
  if (const auto* up = std::get_if<core::SaUp>(&event)) return fmt::format("up {}", to_text(up->sa));
  if (const auto* down = std::get_if<core::SaDown>(&event)) return fmt::format("down {}", down->id.value);
  if (const auto* rekeyed = std::get_if<core::SaRekeyed>(&event)) {
    return fmt::format("rekeyed {} {}", rekeyed->old_id.value, rekeyed->new_id.value);
  }
  if (std::holds_alternative<core::SourceLost>(event)) return "lost";
  if (const auto* list = std::get_if<core::SaList>(&event)) {
    std::string text;
    for (const auto& sa : list->sas) text += fmt::format("{}{}", text.empty() ? "" : "; ", to_text(sa));
    return fmt::format("list {{{}}}", text);
  }
  return "an event that VICI never gives";
}

inline std::vector<std::string> to_text(const std::vector<core::Event>& events) {
  std::vector<std::string> lines;
  for (const auto& event : events) lines.push_back(to_text(event));
  return lines;
}

}  // namespace rri::vici::test

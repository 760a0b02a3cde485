#include "app/control_answers.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>

namespace rri::app {

namespace {

control::Status status_of(const shell::ExecMisfit& misfit) {
  using Kind = control::Status::Kind;
  switch (misfit.reason) {
    case shell::ExecMisfit::Reason::Invalid: return {Kind::Invalid, misfit.column, {}};
    case shell::ExecMisfit::Reason::Incomplete: return {Kind::Incomplete, 0, {}};
    case shell::ExecMisfit::Reason::Ambiguous: return {Kind::Ambiguous, misfit.column, {}};
  }
  return {};
}

bool names_host(const std::map<std::uint32_t, CryptoEntry>& entries, const std::string& host) {
  return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
    const auto& peers = entry.second.peers;
    return std::any_of(peers.begin(), peers.end(), [&](const auto& peer) { return peer.host == host; });
  });
}

}  // namespace

control::Answer make_answer(shell::ExecAnswer exec) {
  control::Answer answer;
  if (exec.misfit) {
    answer.status = status_of(*exec.misfit);
  } else if (!exec.failure.empty()) {
    answer.status = {control::Status::Kind::Failed, 0, std::move(exec.failure)};
  } else if (exec.later) {
    answer.later = [ask = std::move(exec.later)](std::function<void(control::Answer)> done) {
      ask([done = std::move(done)](shell::ExecAnswer made) { done(make_answer(std::move(made))); });
    };
  } else {
    answer.pieces = std::move(exec.pieces);
  }
  return answer;
}

std::string render_carried(const Document& document) {
  std::string text;
  for (const auto& line : document.carried()) {
    std::string place;
    for (const auto& section : line.sections) place += fmt::format("{} / ", section);
    text += fmt::format("line {}: {}{}\n", line.position.line, place, line.text);
  }
  return text;
}

std::string find_transforms(const Document& document, const std::string& name) {
  constexpr std::string_view kOpener = "crypto ipsec transform-set ";
  for (const auto& line : document.lines) {
    if (line.kind != LineKind::Command || line.words.size() < 4 || line.words[2].text != "transform-set") continue;
    const auto text = line.text();
    if (line.value("name") == name && text.size() > kOpener.size() + name.size() + 1) {
      return text.substr(kOpener.size() + name.size() + 1);
    }
  }
  return {};
}

bool logs_sessions(const Document& document) {
  return std::any_of(document.lines.begin(), document.lines.end(), [](const Line& line) {
    return line.kind == LineKind::Command && line.row != nullptr && line.text() == "crypto logging session";
  });
}

std::string render_clock() {
  const auto now = std::chrono::system_clock::now();
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  const auto local = fmt::localtime(std::chrono::system_clock::to_time_t(now));
  return fmt::format("{:%H:%M:%S}.{:03} {:%Z %a %b %e %Y}", local, millis, local);
}

bool names_host(const Config& config, const std::string& host) {
  const auto any = [&](const auto& maps) {
    return std::any_of(maps.begin(), maps.end(), [&](const auto& map) { return names_host(map.second.entries, host); });
  };
  return any(config.crypto_maps) || any(config.dynamic_maps);
}

}  // namespace rri::app

#include "app/control_answers.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>

#include "base/text.h"

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
    answer.pieces = std::move(exec.pieces);
  } else if (!exec.refusal.empty()) {
    answer.status = {control::Status::Kind::Refused, 0, std::move(exec.refusal)};
  } else if (exec.later) {
    answer.later = [ask = std::move(exec.later)](std::function<void(control::Answer)> done) {
      ask([done = std::move(done)](shell::ExecAnswer made) { done(make_answer(std::move(made))); });
    };
  } else {
    answer.pieces = std::move(exec.pieces);
  }
  return answer;
}

bool logs_sessions(const Document& document) {
  return std::any_of(document.lines.begin(), document.lines.end(), [](const Line& line) {
    return line.kind == LineKind::Command && line.row != nullptr && line.text() == "crypto logging session";
  });
}

namespace {

void take_lifetime(const Line& line, show::IpsecSettings& settings) {
  const auto value = parse_number<std::uint64_t>(line.value("value"));
  const auto kind = line.value("kind");
  constexpr std::uint32_t kDaySeconds = 86400;
  if (kind == "kilobytes") settings.kilobytes = value;  // none: `disable`
  if (kind == "seconds") settings.seconds = static_cast<std::uint32_t>(value.value_or(settings.seconds));
  if (kind == "days" && value) settings.seconds = static_cast<std::uint32_t>(*value) * kDaySeconds;
}

void take_setting(const Line& line, show::IpsecSettings& settings) {
  constexpr std::string_view kPfsDefault = "group1";  // what IOS takes for a bare `set pfs`
  if (line.kind != LineKind::Command) return;
  if (line.has_keyword("lifetime") && line.has_keyword("security-association")) take_lifetime(line, settings);
  if (line.has_keyword("idle-time")) settings.idle_seconds = parse_number<std::uint32_t>(line.value("value"));
  if (line.has_keyword("pfs")) settings.pfs_group = line.words.size() > 2 ? line.words[2].text : std::string(kPfsDefault);
}

}  // namespace

const IpsecIndex& IpsecIndex::of(const Document& document, std::uint64_t generation) {
  if (generation_ == generation) return *this;
  *this = IpsecIndex();
  generation_ = generation;
  const auto each = [&](void (IpsecIndex::*read)(const Line&)) {
    for (const auto& line : document.lines) {
      if (line.kind == LineKind::Command && line.words.size() > 2 && line.words[0].text == "crypto") (this->*read)(line);
    }
  };
  each(&IpsecIndex::read_global);
  each(&IpsecIndex::read_entry);
  return *this;
}

void IpsecIndex::read_global(const Line& line) {
  if (line.words[1].text != "ipsec") return;
  if (line.words[2].text == "security-association") take_setting(line, global_);
  constexpr std::size_t kFirstTransform = 4;
  if (line.words[2].text != "transform-set" || line.words.size() <= kFirstTransform) return;
  auto& text = transforms_[std::string(line.value("name"))];
  for (auto i = kFirstTransform; i < line.words.size(); ++i) text += fmt::format("{}{}", text.empty() ? "" : " ", line.words[i].text);
}

void IpsecIndex::read_entry(const Line& line) {
  const bool is_dynamic = line.words[1].text == "dynamic-map";
  const auto sequence = parse_number<std::uint32_t>(line.value("seq"));
  if ((!is_dynamic && line.words[1].text != "map") || !sequence) return;
  auto& settings = entries_.try_emplace({is_dynamic, std::string(line.value("name")), *sequence}, global_).first->second;
  for (const auto& child : line.children) take_setting(child, settings);
}

std::string IpsecIndex::transforms(const std::string& name) const {
  const auto found = transforms_.find(name);
  return found == transforms_.end() ? std::string() : found->second;
}

show::IpsecSettings IpsecIndex::settings(const show::EntryKey& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? global_ : found->second;
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

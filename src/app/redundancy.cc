#include "app/redundancy.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "core/host_events.h"

namespace rri::app {

using keepalived::ProcessMark;
using keepalived::Word;

namespace {

/// Names that words are kept of. keepalived has an instance for each VRRP id and
/// interface; whoever writes more than this into the FIFO is not keepalived.
constexpr std::size_t kMaxWords = 8192;

}  // namespace

void Redundancy::set_config(const Config& config) {
  address_only_ = config.settings.redundancy.address_only;
  groups_.clear();
  tracked_.clear();
  tracks_are_dirty_ = true;
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& standby : interface.standby) {
      auto& group = groups_[show::standby_name(interface, standby)];
      const auto addresses = show::standby_addresses(standby);
      if (!addresses.empty()) group.virtual_addresses.push_back({interface.vrf, addresses.front()});
    }
  }
  for (const auto& [object, name] : config.tracked_interfaces) {
    const auto found = config.interfaces.find(name);
    if (found != config.interfaces.end()) tracked_[object] = found->second;
    tracked_[object].name = name;
  }
}

void Redundancy::on_event(const core::Event& event) {
  if (core::follow_devices(host_, event)) tracks_are_dirty_ = true;
}

void Redundancy::on_line(const keepalived::NotifyLine& line) {
  if (words_.size() < kMaxWords || words_.contains(line.name)) words_[line.name] = line.word;
}

bool Redundancy::has_address(const Address& wanted) const {
  return std::any_of(host_.links().begin(), host_.links().end(), [&](const auto& entry) {
    const auto& link = entry.second;
    return link.vrf == wanted.vrf && std::any_of(link.addresses.begin(), link.addresses.end(), [&](const auto& address) {
             return address.address == wanted.address;
           });
  });
}

const Redundancy::Address* Redundancy::find_missing(const Group& group) const {
  const auto found = std::find_if(group.virtual_addresses.begin(), group.virtual_addresses.end(),
                                  [this](const Address& wanted) { return !has_address(wanted); });
  return found == group.virtual_addresses.end() ? nullptr : &*found;
}

bool Redundancy::is_active(const std::string& name, const Group& group) const {
  if (address_only_) return !group.virtual_addresses.empty() && find_missing(group) == nullptr;
  const auto word = words_.find(name);
  return word != words_.end() && word->second == Word::Master && find_missing(group) == nullptr;
}

std::string Redundancy::why_not(const std::string& name, const Group& group) const {
  const auto word = words_.find(name);
  const auto* missing = find_missing(group);
  if (!address_only_ && word == words_.end()) return "keepalived has said nothing about it";
  if (!address_only_ && word->second != Word::Master) return fmt::format("keepalived says {}", to_string(word->second));
  if (missing != nullptr) return fmt::format("{} is on no device of VRF {}", missing->address.to_string(), missing->vrf);
  return group.virtual_addresses.empty() && address_only_ ? "it has no virtual address" : "";
}

std::vector<core::GroupChanged> Redundancy::take_changes(TimePoint now) {
  note_tracks(now);
  std::set<std::string> active;
  for (const auto& [name, group] : groups_) {
    if (is_active(name, group)) active.insert(name);
  }
  std::vector<core::GroupChanged> changes;
  for (const auto& name : told_active_) {
    if (!active.contains(name)) changes.push_back({name, false});
  }
  for (const auto& name : active) {
    if (!told_active_.contains(name)) changes.push_back({name, true});
  }
  for (const auto& change : changes) {
    auto& history = group_history_[change.group];
    history = {change.active, history.changes + 1, now};
  }
  told_active_ = std::move(active);
  return changes;
}

void Redundancy::note_tracks(TimePoint now) {
  if (!std::exchange(tracks_are_dirty_, false)) return;
  std::erase_if(track_history_, [this](const auto& item) { return !tracked_.contains(item.first); });
  for (const auto& [object, interface] : tracked_) {
    const auto binding = host_.bind(interface);
    const bool up = binding.is_bound() && host_.is_up(binding.device) && !interface.shutdown;
    auto [at, is_new] = track_history_.try_emplace(object, History{up, 0, now});
    if (at->second.state != up) at->second = {up, at->second.changes + 1, now};
  }
}

show::RedundancyStatus Redundancy::status(TimePoint now) const {
  const auto age = [&](TimePoint since) { return std::chrono::duration_cast<Seconds>(now - since); };
  show::RedundancyStatus made;
  for (const auto& [name, group] : groups_) {
    auto& status = made.groups[name];
    const auto word = words_.find(name);
    status.active = told_active_.contains(name);
    status.is_known = address_only_ || word != words_.end();
    if (word != words_.end()) status.word = to_string(word->second);
    status.reason = why_not(name, group);
    const auto history = group_history_.find(name);
    if (history == group_history_.end()) continue;
    status.changes = history->second.changes;
    status.since_change = age(history->second.since);
  }
  for (const auto& [object, history] : track_history_) made.tracks[object] = {history.state, history.changes, age(history.since)};
  return made;
}

std::string Redundancy::save(const std::vector<ProcessMark>& keepers) const {
  std::string text;
  for (const auto& keeper : keepers) text += fmt::format("keepalived {} {}\n", keeper.pid, keeper.start_time);
  for (const auto& [name, word] : words_) text += fmt::format("{} {}\n", to_string(word), name);
  return text;
}

void Redundancy::load(std::string_view text, bool (*is_alive)(const ProcessMark&)) {
  std::map<std::string, Word> words;
  bool has_keeper = false;
  for (const auto line : split(text, '\n')) {
    if (line.empty()) continue;
    const auto parts = split_words(line);
    if (parts.size() == 3 && parts[0] == "keepalived") {
      const ProcessMark mark{parse_number<std::int32_t>(parts[1]).value_or(0), parse_number<std::uint64_t>(parts[2]).value_or(0)};
      if (!is_alive(mark)) return;
      has_keeper = true;
      continue;
    }
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos) return;
    const auto parsed = keepalived::parse_notify_line(fmt::format("INSTANCE \"{}\" {}", line.substr(blank + 1), line.substr(0, blank)));
    if (!parsed) return;
    words[parsed->name] = parsed->word;
  }
  if (has_keeper) words_ = std::move(words);
}

}  // namespace rri::app

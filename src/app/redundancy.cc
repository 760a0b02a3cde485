#include "app/redundancy.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace rri::app {

using keepalived::ProcessMark;
using keepalived::Word;

void Redundancy::set_config(const Config& config) {
  address_only_ = config.settings.redundancy.address_only;
  groups_.clear();
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& standby : interface.standby) {
      if (standby.name.empty()) continue;
      auto& group = groups_[standby.name];
      if (!standby.virtual_addresses.empty()) group.virtual_addresses.push_back({interface.vrf, standby.virtual_addresses.front()});
    }
  }
}

void Redundancy::on_event(const core::Event& event) {
  if (const auto* list = std::get_if<core::LinkList>(&event)) {
    links_.clear();
    for (const auto& link : list->links) links_[link.index] = link;
  } else if (const auto* changed = std::get_if<core::LinkChanged>(&event)) {
    links_[changed->link.index] = changed->link;
  } else if (const auto* gone = std::get_if<core::LinkGone>(&event)) {
    links_.erase(gone->index);
  }
}

bool Redundancy::has_address(const Address& wanted) const {
  return std::any_of(links_.begin(), links_.end(), [&](const auto& entry) {
    const auto& link = entry.second;
    return link.vrf == wanted.vrf && std::any_of(link.addresses.begin(), link.addresses.end(), [&](const auto& address) {
             return address.address == wanted.address;
           });
  });
}

bool Redundancy::is_active(const std::string& name, const Group& group) const {
  const bool has_addresses = std::all_of(group.virtual_addresses.begin(), group.virtual_addresses.end(),
                                         [this](const Address& wanted) { return has_address(wanted); });
  if (address_only_) return has_addresses && !group.virtual_addresses.empty();
  const auto word = words_.find(name);
  return has_addresses && word != words_.end() && word->second == Word::Master;
}

std::vector<core::GroupChanged> Redundancy::take_changes() {
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
  told_active_ = std::move(active);
  return changes;
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

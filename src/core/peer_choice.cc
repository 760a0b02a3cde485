#include "core/peer_choice.h"

#include <algorithm>

#include "model/peers.h"

namespace rri::core {

Millis patience_of(const std::optional<Keepalive>& keepalive) {
  constexpr int kRetries = 5;
  constexpr Millis kShortest = std::chrono::seconds(6);
  if (!keepalive) return std::chrono::seconds(20);
  return std::max<Millis>(std::chrono::seconds(keepalive->retry_seconds * kRetries), kShortest);
}

namespace {

/// Two looks and a bit: charon has taken up by then what somebody wants.
constexpr Millis kTakenUp = std::chrono::milliseconds(1500);
/// After a round in vain; doubled with each, up to the second.
constexpr Millis kFirstRest = std::chrono::seconds(10);
constexpr Millis kLongestRest = std::chrono::minutes(1);

Millis rest_after(std::size_t rounds) {
  constexpr std::size_t kDoublings = 3;
  return std::min(kFirstRest * (1 << std::min(rounds - 1, kDoublings)), kLongestRest);
}

std::optional<Keepalive> keepalive_of(const std::map<std::string, IkeProfileSettings>& profiles, const std::string& name) {
  const auto found = profiles.find(name);
  return found == profiles.end() ? std::nullopt : found->second.keepalive;
}

}  // namespace

std::string_view first_connection(std::string_view name) {
  if (name.ends_with(kAggressiveTail)) name.remove_suffix(kAggressiveTail.size());
  const auto tail = name.rfind(kOtherIdentityTail);
  const auto number = tail == std::string_view::npos ? std::string_view() : name.substr(tail + kOtherIdentityTail.size());
  const bool is_number = !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number ? name.substr(0, tail) : name;
}

std::string PeerChoice::connection_name(const EntryName& entry, const PeerAddress& peer) {
  return charon_connection_name(entry, charon_address_name(peer.address ? peer.address->to_string() : peer.host));
}

PeerChoice::Choice PeerChoice::make_choice(const Config& config, const EntryName& id, const CryptoMap& map, const CryptoEntry& entry) {
  Choice choice;
  const auto& isakmp = entry.isakmp_profile.empty() ? map.isakmp_profile : entry.isakmp_profile;
  const bool ikev2 = !entry.ikev2_profile.empty();
  auto keepalive = ikev2 ? keepalive_of(config.ike.ikev2_profiles, entry.ikev2_profile) : keepalive_of(config.ike.isakmp_profiles, isakmp);
  if (!keepalive) keepalive = config.ike.keepalive;
  choice.patience = patience_of(keepalive);
  for (std::size_t i = 0; i < entry.peers.size(); ++i) {
    choice.connections.push_back(connection_name(id, entry.peers[i]));
    if (entry.peers[i].is_default) choice.standard = i;
  }
  choice.usable.assign(entry.peers.size(), true);
  return choice;
}

/// The SAs of peers that stay, when others come, go or change places. Gives the peer with tunnels.
std::optional<std::size_t> PeerChoice::take_tunnels(const EntryName& id, const Choice& before, Choice& after) {
  std::optional<std::size_t> current;
  for (const auto& sa : before.up) {
    auto& peer = owners_[sa].second;
    const auto& name = before.connections[peer];
    const auto place = std::find(after.connections.begin(), after.connections.end(), name);
    if (place == after.connections.end()) {
      owners_.erase(sa);
      continue;
    }
    const bool is_current = peer == current_[id];
    peer = static_cast<std::size_t>(place - after.connections.begin());
    after.up.insert(sa);
    if (is_current || !current) current = peer;
  }
  return current;
}

void PeerChoice::set_config(const Config& config) {
  std::map<EntryName, Choice> entries;
  for (const auto& [name, map] : config.crypto_maps) {
    for (const auto& [sequence, entry] : map.entries) {
      if (entry.peers.size() < 2 || !entry.dynamic_map.empty()) continue;
      const EntryName id{name, sequence};
      auto choice = make_choice(config, id, map, entry);
      const auto known = entries_.find(id);
      if (known == entries_.end() || known->second.connections != choice.connections) {
        const auto tunnel = known == entries_.end() ? std::nullopt : take_tunnels(id, known->second, choice);
        current_[id] = tunnel.value_or(first_peer(entry));
        entries.emplace(id, std::move(choice));
        continue;
      }
      auto kept = known->second;
      const bool has_another_home = kept.standard != choice.standard;
      kept.standard = choice.standard;
      kept.patience = choice.patience;
      if (has_another_home && kept.up.empty()) go_home(id, kept);
      entries.emplace(id, std::move(kept));
    }
  }
  entries_ = std::move(entries);
  std::erase_if(current_, [&](const auto& item) { return !entries_.contains(item.first); });
  std::erase_if(owners_, [&](const auto& item) { return !entries_.contains(item.second.first); });
}

bool PeerChoice::on_plan(const TunnelPlan& plan) {
  std::set<std::string_view> planned;
  for (const auto& connection : plan.connections) planned.insert(connection.name);
  bool moved = false;
  for (auto& [entry, choice] : entries_) {
    const bool home_was_usable = choice.standard && choice.usable[*choice.standard];
    for (std::size_t i = 0; i < choice.connections.size(); ++i) choice.usable[i] = planned.contains(choice.connections[i]);
    const auto before = current_[entry];
    if (!home_was_usable && choice.up.empty()) go_home(entry, choice);
    moved = moved || current_[entry] != before;
    // Without any the entry is not applied, and its order is as it was.
    const bool has_any = std::find(choice.usable.begin(), choice.usable.end(), true) != choice.usable.end();
    if (choice.usable[current_[entry]] || !has_any) continue;
    move_on(entry, choice);
    moved = true;
  }
  return moved;
}

void PeerChoice::go_home(const EntryName& entry, const Choice& choice) {
  if (choice.standard && choice.usable[*choice.standard]) current_[entry] = *choice.standard;
}

PeerChoice::Choice* PeerChoice::find(const std::string& connection, std::size_t& peer, EntryName& entry) {
  const auto name = entry_of_connection(connection);
  if (!name) return nullptr;
  const auto found = entries_.find(*name);
  if (found == entries_.end()) return nullptr;
  const auto& all = found->second.connections;
  const auto place = std::find(all.begin(), all.end(), first_connection(connection));
  if (place == all.end()) return nullptr;
  peer = static_cast<std::size_t>(place - all.begin());
  entry = *name;
  return &found->second;
}

void PeerChoice::on_sa_up(const SaId& id, const std::string& connection) {
  std::size_t peer = 0;
  EntryName entry;
  auto* choice = find(connection, peer, entry);
  if (choice == nullptr) return;
  // Of two peers with tunnels at once the one that was there stays.
  if (choice->up.empty()) current_[entry] = peer;
  choice->up.insert(id);
  choice->failures = 0;
  choice->calling_since.reset();
  choice->wanted_since.reset();
  choice->rests_until.reset();
  owners_[id] = {entry, peer};
}

void PeerChoice::remove_sa(const SaId& id) {
  const auto owner = owners_.find(id);
  if (owner == owners_.end()) return;
  const auto found = entries_.find(owner->second.first);
  if (found != entries_.end()) found->second.up.erase(id);
  owners_.erase(owner);
}

void PeerChoice::on_sa_down(const SaId& id) {
  const auto owner = owners_.find(id);
  if (owner == owners_.end()) return;
  const auto [entry, peer] = owner->second;
  remove_sa(id);
  const auto& choice = entries_[entry];
  // The standard peer itself may just have died.
  if (choice.up.empty() && peer != choice.standard) go_home(entry, choice);
}

void PeerChoice::on_rekey(const SaId& old_id, const SaId& new_id) {
  const auto owner = owners_.find(old_id);
  if (owner == owners_.end()) return;
  const auto owned = owner->second;
  remove_sa(old_id);
  entries_[owned.first].up.insert(new_id);
  owners_[new_id] = owned;
}

void PeerChoice::on_sa_list(const std::vector<Sa>& sas) {
  std::set<SaId> listed;
  for (const auto& sa : sas) listed.insert(sa.id);
  std::vector<SaId> gone;
  for (const auto& [id, owned] : owners_) {
    if (!listed.contains(id)) gone.push_back(id);
  }
  for (const auto& sa : sas) {
    if (!owners_.contains(sa.id)) on_sa_up(sa.id, sa.connection);
  }
  for (const auto& id : gone) on_sa_down(id);
}

void PeerChoice::move_on(const EntryName& entry, Choice& choice) {
  choice.calling_since.reset();
  choice.wanted_since.reset();
  choice.rests_until.reset();
  auto& current = current_[entry];
  const auto count = choice.connections.size();
  for (std::size_t step = 1; step <= count; ++step) {
    const auto next = (current + step) % count;
    if (!choice.usable[next]) continue;
    current = next;
    return;
  }
}

std::optional<PeerLoss> PeerChoice::on_peer_lost(const std::string& connection, PeerLoss::Reason reason) {
  std::size_t peer = 0;
  EntryName entry;
  auto* choice = find(connection, peer, entry);
  if (choice == nullptr || current_[entry] != peer) return std::nullopt;
  move_on(entry, *choice);
  return PeerLoss{entry, peer, reason};
}

namespace {

/// Whether it has been so for `patience`; begins to count, or stops.
bool lasts(bool is_so, std::optional<TimePoint>& since, TimePoint now, Millis patience) {
  if (!is_so) return since.reset(), false;
  if (!since) since = now;
  return now - *since >= patience;
}

}  // namespace

std::optional<PeerLoss::Reason> PeerChoice::judge(Choice& choice, const std::string& connection, const CallView& view, TimePoint now) {
  using Reason = PeerLoss::Reason;
  if (!choice.up.empty()) return std::nullopt;
  const bool is_calling = view.connecting.contains(connection);
  if (view.established.contains(connection)) {  // it answers
    choice.calling_since.reset();
    choice.wanted_since.reset();
    return std::nullopt;
  }
  // It was called, and neither a tunnel nor a call is there any more.
  if (!is_calling && choice.calling_since) return Reason::Refused;
  if (lasts(is_calling, choice.calling_since, now, choice.patience)) return Reason::Silent;
  if (lasts(!is_calling && view.wanted.contains(connection), choice.wanted_since, now, kTakenUp)) return Reason::Refused;
  return std::nullopt;
}

PollResult PeerChoice::on_poll(const CallView& view, TimePoint now) {
  PollResult result;
  for (auto& [entry, choice] : entries_) {
    const auto current = current_[entry];
    if (choice.rests_until && now < *choice.rests_until) continue;
    if (!choice.rests_until) {
      const auto reason = judge(choice, choice.connections[current], view, now);
      if (!reason) continue;
      result.losses.push_back({entry, current, *reason});
      const auto usable = static_cast<std::size_t>(std::count(choice.usable.begin(), choice.usable.end(), true));
      const bool is_quick = *reason == PeerLoss::Reason::Refused;
      if (is_quick && ++choice.failures % std::max<std::size_t>(usable, 1) == 0) {
        choice.rests_until = now + rest_after(choice.failures / std::max<std::size_t>(usable, 1));
        continue;
      }
    }
    move_on(entry, choice);
    result.calls.push_back(entry);
  }
  return result;
}

std::vector<std::string> PeerChoice::watched() const {
  std::vector<std::string> names;
  for (const auto& [entry, choice] : entries_) {
    if (choice.up.empty()) names.push_back(choice.connections[current_.at(entry)]);
  }
  return names;
}

bool PeerChoice::needs_poll() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const auto& item) { return item.second.up.empty(); });
}

Millis PeerChoice::patience(const EntryName& entry) const {
  const auto found = entries_.find(entry);
  return found == entries_.end() ? Millis{} : found->second.patience;
}

}  // namespace rri::core

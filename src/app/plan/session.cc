#include "app/plan/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/plan/limits.h"
#include "base/text.h"

namespace rri::plan {
namespace {

std::string_view family_name(Family family) { return family == Family::V4 ? "IPv4" : "IPv6"; }

Notice assumption_notice(const std::string& vrf, Family family) {
  return {
      NoticeCode::UnderlayAssumed,
      fmt::format(
          "neither configuration nor events tell an {} route in VRF {}: peers there count as reachable out "
          "of the interface that carries their crypto map",
          family_name(family), vrf)};
}

void tell(ToldTables& told, const Config& config) {
  for (const auto& route : config.static_routes) told.insert({route.vrf, route.prefix.family()});
}

}  // namespace

PlanSession::PlanSession(ToldTables told) { kernel_.set_told_tables(std::move(told)); }

void PlanSession::start(Document document, Config config) {
  document_ = std::move(document);
  commit(std::move(config));
  feed(core::RouteDump{});
  feed(core::SaList{});
  settle();
  finish_step();
}

void PlanSession::run(const Step& step) {
  translate(step);
  settle();
  finish_step();
}

void PlanSession::run_together(const std::vector<Step>& steps) {
  for (const auto& step : steps) translate(step);
  settle();
  finish_step();
}

void PlanSession::restart(const std::vector<Step>& meanwhile) {
  for (const auto& step : meanwhile) {
    if (const auto* up = std::get_if<SaUpStep>(&step.action)) live_[up->sa.id] = up->sa;
    if (const auto* down = std::get_if<SaDownStep>(&step.action)) live_.erase(down->id);
  }
  controller_ = core::Controller();
  kernel_.forget_watches();
  wake_at_.reset();
  feed(core::LinkList{kernel_.links().list()});
  feed(core::ConfigCommitted{config_});
  for (const auto& [group, active] : groups_) feed(core::GroupChanged{group, active});
  feed(kernel_.dump({}));
  feed_all(kernel_.foreign_routes());
  settle();
  feed(full_list());
  settle();
  finish_step();
}

void PlanSession::translate(const Step& step) {
  line_ = step.position.line;
  std::visit([&](const auto& action) { on(action); }, step.action);
}

void PlanSession::settle() {
  for (std::size_t round = 0; round < kMaxPathRoundsPerStep; ++round) {
    while (!queue_.empty()) {
      const auto event = std::move(queue_.front());
      queue_.pop_front();
      absorb(controller_.handle(event, now_));
    }
    feed_all(kernel_.take_path_changes());
    if (queue_.empty()) return;
  }
  queue_.clear();
  note({NoticeCode::LimitReached,
        "the ways to next hops keep changing: some `ip route` lines lead to each other"});
}

void PlanSession::absorb(core::Effects effects) {
  for (auto& notice : effects.notices) note(std::move(notice));
  for (const auto& query : effects.unwatch) kernel_.unwatch(query);
  for (const auto& query : effects.watch) kernel_.watch(query);
  if (effects.underlay_statics) kernel_.set_underlay_statics(std::move(*effects.underlay_statics));
  for (const auto& batch : effects.batches) feed(kernel_.apply(batch));
  if (effects.dump_routes) feed(kernel_.dump({}));
  for (const auto& device : effects.dump_devices) feed(kernel_.dump(device));
  if (effects.wake_at) wake_at_ = wake_at_ ? std::min(*wake_at_, *effects.wake_at) : *effects.wake_at;
}

void PlanSession::finish_step() {
  for (const auto& [vrf, family] : kernel_.take_assumed()) note(assumption_notice(vrf, family));
  auto done = kernel_.take_operations();
  // What is hidden by foreign routes is told by the picture only, and that is
  // costly: it is taken where a foreign route can have come to matter.
  const bool may_be_hidden = std::any_of(done.begin(), done.end(), [&](const Operation& operation) {
    return kernel_.is_shadowed(operation.vrf, operation.prefix);
  });
  if (may_be_hidden || std::exchange(foreign_changed_, false)) note_picture();
  std::move(done.begin(), done.end(), std::back_inserter(operations_));
}

void PlanSession::note_picture() {
  for (const auto& notice : controller_.snapshot()->notices) note(notice);
}

void PlanSession::feed_all(std::vector<core::Event> events) {
  std::move(events.begin(), events.end(), std::back_inserter(queue_));
}

void PlanSession::note(Notice notice) {
  if (noted_.insert(notice).second) notices_.push_back(std::move(notice));
}

void PlanSession::ignore(const std::string& what) {
  note({NoticeCode::EventIgnored, fmt::format("line {}: {}", line_, what)});
}

// ---- SAs -------------------------------------------------------------------

/// Up, or in its hold-down.
bool PlanSession::is_known_sa(SaId id) {
  if (!source_lost_ && live_.contains(id)) return true;
  settle();  // the snapshot must know of all events so far
  const auto picture = controller_.snapshot();
  return std::any_of(picture->sas.begin(), picture->sas.end(),
                     [&](const core::SaView& view) { return view.sa.id == id; });
}

void PlanSession::on(const SaUpStep& step) {
  const auto known = live_.find(step.sa.id);
  if (known != live_.end() && known->second == step.sa)
    return ignore(fmt::format("SA {} is up already", step.sa.id.value));
  live_[step.sa.id] = step.sa;
  feed_all(kernel_.see_sa(step.sa));
  feed(core::SaUp{step.sa});
}

void PlanSession::on(const SaDownStep& step) {
  if (live_.erase(step.id) == 0) return ignore(fmt::format("no SA {} is up", step.id.value));
  feed(core::SaDown{step.id});
}

void PlanSession::on(const SaRekeyStep& step) {
  if (step.id == step.new_id) return ignore(fmt::format("SA {} is itself", step.id.value));
  if (!is_known_sa(step.id)) return ignore(fmt::format("there is no SA {}", step.id.value));
  auto old = live_.extract(step.id);
  if (!old.empty()) {
    old.key() = step.new_id;
    old.mapped().id = step.new_id;
    live_.insert(std::move(old));  // what is known of the new id already is fresher
  } else if (!live_.contains(step.new_id)) {
    // The old one is in its hold-down: only the controller still has its data.
    const auto picture = controller_.snapshot();
    for (const auto& view : picture->sas) {
      if (view.sa.id == step.id) live_[step.new_id] = view.sa;
    }
    live_[step.new_id].id = step.new_id;
  }
  feed(core::SaRekeyed{step.id, step.new_id});
}

void PlanSession::on(const SourceLostStep&) {
  if (std::exchange(source_lost_, true)) return ignore("the source is lost already");
  feed(core::SourceLost{});
}

void PlanSession::on(const SourceBackStep& step) {
  if (!std::exchange(source_lost_, false)) {
    ignore("the source was not lost");
    for (const auto& sa : step.sas) on(SaUpStep{sa});
    return;
  }
  live_.clear();
  for (const auto& sa : step.sas) live_[sa.id] = sa;
  for (const auto& [id, sa] : live_) feed_all(kernel_.see_sa(sa));
  feed(full_list());
}

core::SaList PlanSession::full_list() const {
  core::SaList list;
  for (const auto& [id, sa] : live_) list.sas.push_back(sa);
  return list;
}

// ---- redundancy and the host -------------------------------------------------

bool PlanSession::is_known_group(const std::string& group) const {
  for (const auto& [name, interface] : config_->interfaces) {
    const auto& standby = interface.standby;
    if (std::any_of(standby.begin(), standby.end(), [&](const auto& one) { return one.name == group; }))
      return true;
    const auto& maps = interface.maps;
    if (std::any_of(maps.begin(), maps.end(), [&](const auto& one) { return one.redundancy_group == group; }))
      return true;
  }
  return false;
}

void PlanSession::on(const GroupStep& step) {
  if (!is_known_group(step.group))
    return ignore(fmt::format("there is no redundancy group {}", printable(step.group)));
  auto& active = groups_[step.group];
  if (active == step.active) {
    return ignore(fmt::format("group {} is {} already", step.group, active ? "active" : "standby"));
  }
  active = step.active;
  feed(core::GroupChanged{step.group, step.active});
}

void PlanSession::on(const LinkStep& step) {
  const auto device = kernel_.links().find_device(step.name);
  if (device.empty()) return ignore(fmt::format("there is no link {}", printable(step.name)));
  if (kernel_.links().is_up(device) == step.up) {
    return ignore(fmt::format("link {} is {} already", device, step.up ? "up" : "down"));
  }
  foreign_changed_ = true;  // foreign routes come and go with their links
  feed_all(kernel_.set_link(device, step.up));
}

void PlanSession::on(const RouteStep& step) {
  foreign_changed_ = true;
  const auto where = fmt::format("{} in VRF {}", step.prefix.to_string(), printable(step.vrf));
  if (!kernel_.links().has_vrf(step.vrf)) return ignore(fmt::format("route {}: there is no such VRF", where));
  const auto* known = kernel_.find_route(step.vrf, step.prefix);
  if (!step.add) {
    if (known == nullptr) return ignore(fmt::format("there is no route {}", where));
    return feed_all(kernel_.remove_route(step.vrf, step.prefix));
  }
  KernelNextHop hop{step.gateway, {}, false};
  if (!step.device.empty()) {
    hop.device = kernel_.links().find_device(step.device);
    if (hop.device.empty()) return ignore(fmt::format("there is no link {}", printable(step.device)));
  }
  if (step.device.empty()) {
    auto path = kernel_.find_path(step.vrf, step.prefix, *step.gateway);
    if (!path.is_reachable()) {
      settle();  // lines of this step may lead there
      path = kernel_.find_path(step.vrf, step.prefix, *step.gateway);
    }
    if (!path.is_reachable()) return ignore(fmt::format("route {}: {}", where, path.reason));
    known = kernel_.find_route(step.vrf, step.prefix);
  }
  if (known != nullptr && *known == hop) return ignore(fmt::format("there is this route {} already", where));
  feed_all(kernel_.add_route(step.vrf, step.prefix, hop));
}

// ---- time ----------------------------------------------------------------------

void PlanSession::on(const TickStep& step) { tick(step.seconds); }

void PlanSession::tick(Seconds seconds) {
  settle();
  const auto end = now_ + seconds;
  for (std::size_t fired = 0; wake_at_ && *wake_at_ <= end && fired < kMaxTimersPerTick; ++fired) {
    now_ = std::max(now_, *wake_at_);
    wake_at_.reset();
    feed(core::Tick{});
    settle();
    // A timer that is due again at once has to wait for time to pass.
    if (wake_at_ && *wake_at_ <= now_) wake_at_ = now_ + Millis(1);
  }
  now_ = end;
  feed(core::Tick{});
}

// ---- configuration ---------------------------------------------------------------

void PlanSession::commit(Config config) {
  config_ = std::make_shared<const Config>(std::move(config));
  const auto before = kernel_.links().list();
  auto events = kernel_.set_config(*config_);
  // Devices that the configuration no longer names go after it: until it is
  // committed, interfaces of the old one are bound to them.
  auto transition = kernel_.links().list();
  const auto kept = transition.size();
  for (const auto& link : before) {
    if (kernel_.links().find(link.name) == nullptr) transition.push_back(link);
  }
  if (transition.size() > kept) {
    feed(core::LinkList{std::move(transition)});
    feed(core::ConfigCommitted{config_});
    return feed_all(std::move(events));
  }
  // The devices of an empty configuration are an answer as well.
  const bool has_list = !events.empty() && std::holds_alternative<core::LinkList>(events.front());
  if (!has_list) feed(core::LinkList{kernel_.links().list()});
  feed_all(std::move(events));
  feed(core::ConfigCommitted{config_});
}

void PlanSession::on(const ConfigLineStep& step) {
  if (step.first_of_block || !editor_) {
    Editor::Options options;
    options.keep_refused = false;  // as typed in the shell: a refused line is not entered
    editor_.emplace(document_, options);
  }
  auto result = editor_->apply(step.text, line_);
  for (auto& diagnostic : result.diagnostics) diagnostics_.push_back(std::move(diagnostic));
  if (result.outcome != LineResult::Outcome::Applied) return;
  auto lowered = lower_document(document_);
  if (lowered.config != *config_) commit(std::move(lowered.config));
}

ToldTables told_tables(const Document& document, const Config& config, const Script& script) {
  ToldTables told;
  tell(told, config);
  Document copy = document;
  std::optional<Editor> editor;
  for (const auto& step : script.steps) {
    if (const auto* route = std::get_if<RouteStep>(&step.action); route != nullptr && route->add) {
      told.insert({route->vrf, route->prefix.family()});
    }
    const auto* line = std::get_if<ConfigLineStep>(&step.action);
    if (line == nullptr) continue;
    if (line->first_of_block || !editor) editor.emplace(copy);
    editor->apply(line->text);
    // Only `ip route` and `ipv6 route` can tell a route.
    if (to_lower(trim(line->text)).substr(0, 2) == "ip") tell(told, lower_document(copy).config);
  }
  return told;
}

}  // namespace rri::plan

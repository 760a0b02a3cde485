#include "app/fail_closed.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "core/host_events.h"

namespace rri::app {

namespace {

/// Until the words about a lockout have left the host.
constexpr Millis kWordsFirst{1000};

bool has_notice(const core::BlockPlan& plan, const Notice& notice) {
  return std::find(plan.notices.begin(), plan.notices.end(), notice) != plan.notices.end();
}

/// Wherever its line stands by now.
bool has_warning(const core::BlockPlan& plan, const core::BlockWarning& warning) {
  return std::any_of(plan.warnings.begin(), plan.warnings.end(), [&](const auto& known) { return known.text == warning.text; });
}

}  // namespace

FailClosed::FailClosed(asio::io_context& loop, Callbacks callbacks)
    : callbacks_(std::move(callbacks)), keeper_(loop, {callbacks_.log, {}}) {}

void FailClosed::on_event(const core::Event& event) {
  if (const auto* committed = std::get_if<core::ConfigCommitted>(&event)) {
    config_ = committed->config;
    is_configured_ = true;
    return plan_soon();
  }
  const bool is_first_list = std::holds_alternative<core::LinkList>(event) && !std::exchange(has_links_, true);
  if (core::follow_devices(host_, event).value_or(false) || is_first_list) plan_soon();
}

void FailClosed::on_ways(const core::Effects& effects) {
  if (effects.ways_opened.empty() && effects.ways_closed.empty()) return;
  ways_.insert(effects.ways_opened.begin(), effects.ways_opened.end());
  for (const auto& way : effects.ways_closed) ways_.erase(way);
  plan_soon();
}

void FailClosed::plan_soon() {
  if (is_planning_ || is_over_ || !config_ || !has_links_) return;
  is_planning_ = true;
  callbacks_.post([this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) plan();
  });
}

void FailClosed::plan() {
  is_planning_ = false;
  if (is_over_) return;
  auto fresh = std::make_shared<const core::BlockPlan>(core::plan_blocks(*config_, host_, ways_));
  const bool by_configuration = std::exchange(is_configured_, false);
  if (last_ && *last_ == *fresh) return;
  const bool locks_out = last_ && by_configuration && std::any_of(fresh->warnings.begin(), fresh->warnings.end(), [&](const auto& warning) {
    return !has_warning(*last_, warning);
  });
  tell(*fresh);
  last_ = std::move(fresh);
  if (locks_out) return keep_later();
  if (is_held_ && !last_->warnings.empty()) return;
  is_held_ = false;
  keeper_.keep(last_->policies);
}

void FailClosed::keep_later() {
  if (std::exchange(is_held_, true)) return;
  callbacks_.after(kWordsFirst, [this, alive = std::weak_ptr(alive_)] {
    if (alive.expired() || is_over_ || !std::exchange(is_held_, false)) return;
    keeper_.keep(last_->policies);
  });
}

void FailClosed::tell(const core::BlockPlan& plan) {
  for (const auto& notice : plan.notices) {
    if (!last_ || !has_notice(*last_, notice)) callbacks_.notice(notice);
  }
  for (const auto& warning : plan.warnings) {
    if (!last_ || !has_warning(*last_, warning)) callbacks_.warn("fail-closed: " + warning.text);
  }
}

void FailClosed::withdraw() {
  is_over_ = true;
  keeper_.keep({});
}

bool FailClosed::is_withdrawn() const {
  const auto status = keeper_.status();
  return is_over_ && (status.settled || !status.unavailable.empty());
}

std::vector<Notice> FailClosed::notices() const { return last_ ? last_->notices : std::vector<Notice>(); }

std::string FailClosed::summary() const {
  if (config_ && !config_->settings.fail_closed) return "off";
  const auto status = keeper_.status();
  if (!status.unavailable.empty()) return "not possible: could not " + status.unavailable;
  auto text = fmt::format("{} policies", status.wanted);
  if (status.installed != status.wanted) text += fmt::format(", {} of them in the kernel", status.installed);
  text += fmt::format(" ({} adopted, {} put back)", status.adopted, status.repaired);
  if (!status.last_error.empty()) text += ", " + status.last_error;
  return text;
}

}  // namespace rri::app

#include "app/fail_closed.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace rri::app {

FailClosed::FailClosed(asio::io_context& loop, Callbacks callbacks)
    : callbacks_(std::move(callbacks)), keeper_(loop, {callbacks_.log, {}}) {}

void FailClosed::on_event(const core::Event& event) {
  bool changed = false;
  if (const auto* committed = std::get_if<core::ConfigCommitted>(&event)) {
    config_ = committed->config;
    changed = true;
  } else if (const auto* list = std::get_if<core::LinkList>(&event)) {
    changed = host_.replace_all(list->links) || !has_links_;
    has_links_ = true;
  } else if (const auto* link = std::get_if<core::LinkChanged>(&event)) {
    changed = host_.put(link->link);
  } else if (const auto* gone = std::get_if<core::LinkGone>(&event)) {
    changed = host_.remove(gone->index);
  }
  if (changed) plan_soon();
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
  auto fresh = std::make_shared<const core::BlockPlan>(core::plan_blocks(*config_, host_));
  if (last_ && *last_ == *fresh) return;
  tell(*fresh);
  last_ = std::move(fresh);
  keeper_.keep(last_->policies);
}

void FailClosed::tell(const core::BlockPlan& plan) {
  const auto is_new = [&](const auto& text, const auto& known) {
    return std::find(known.begin(), known.end(), text) == known.end();
  };
  for (const auto& notice : plan.notices) {
    if (!last_ || is_new(notice, last_->notices)) callbacks_.notice(notice);
  }
  for (const auto& warning : plan.warnings) {
    if (!last_ || is_new(warning, last_->warnings)) {
      callbacks_.log({core::LogLine::Level::Warning, "fail-closed: " + warning});
    }
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

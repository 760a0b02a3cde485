#include "app/recorder.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace rri::app {

namespace {

/// A day of a busy hub. Recording is for looking into a problem, not for ever.
constexpr std::uint64_t kMaxRecordBytes = 256ULL * 1024 * 1024;

std::string join(const std::vector<TrafficSelector>& selectors) {
  std::string text;
  for (const auto& selector : selectors) text += fmt::format("{}{}", text.empty() ? "" : ",", selector.to_string());
  return text;
}

bool is_one_word(const std::string& text) {
  return !text.empty() && printable(text) == text && text.find_first_of(" \t#") == std::string::npos;
}

std::string render_sa(const Sa& sa) {
  auto text = fmt::format("sa up id={} peer={} remote={}", sa.id.value, sa.peer.to_string(), join(sa.remote));
  if (!sa.local.empty()) text += fmt::format(" local={}", join(sa.local));
  if (is_one_word(sa.identity)) text += fmt::format(" identity={}", sa.identity);
  if (sa.if_id != 0) text += fmt::format(" if_id={}", sa.if_id);
  return text + "\n";
}

std::string render(const core::SaUp& event) { return render_sa(event.sa); }
std::string render(const core::SaDown& event) { return fmt::format("sa down id={}\n", event.id.value); }
std::string render(const core::SaRekeyed& event) {
  return fmt::format("sa rekey id={} new={}\n", event.old_id.value, event.new_id.value);
}
/// The line behind the list ends it: a later `sa up` is no part of it.
std::string render(const core::SaList& event) {
  std::string text = "source back\n";
  for (const auto& sa : event.sas) text += render_sa(sa);
  return text + "tick 0\n";
}
std::string render(const core::SourceLost&) { return "source lost\n"; }
std::string render(const core::GroupChanged& event) {
  return fmt::format("ha {} {}\n", event.group, event.active ? "active" : "standby");
}
std::string render(const core::PathChanged& event) {
  const auto& [query, path] = event;
  return fmt::format("# path to {} in {}: {}\n", query.address.to_string(), query.vrf,
                     path.is_reachable() ? fmt::format("dev {}{}", path.device, path.gateway ? " via " + path.gateway->to_string() : "")
                                         : printable(path.reason));
}
std::string render(const core::RouteDump& event) {
  return fmt::format("# dump of {}: {} routes\n", event.device.empty() ? "all devices" : event.device, event.routes.size());
}
std::string render(const core::RouteNotice& event) {
  return fmt::format("# {} route {} in {} {}\n", event.ours ? "our" : "foreign", event.route.key.prefix.to_string(),
                     event.route.key.vrf, event.present ? "appeared" : "was removed");
}
std::string render(const core::BatchDone& event) {
  return fmt::format("# batch {} done, {} failures\n", event.batch, event.failures.size());
}
std::string render(const core::SinkChanged& event) {
  return fmt::format("# routing table {}\n", event.trouble.empty() ? "in reach" : "out of reach: " + printable(event.trouble));
}
std::string render(const core::HostResolved& event) {
  return fmt::format("# {} is {}\n", printable(event.host), event.address ? event.address->to_string() : "unresolved");
}
std::string render(const core::ConfigCommitted&) { return "# configuration committed\n"; }
std::string render(const core::ClearRoutes& event) {
  return fmt::format("# clear crypto route {}\n", event.prefix ? event.prefix->to_string() : "*");
}
std::string render(const core::Tick&) { return {}; }
std::string render(const core::LinkList&) { return {}; }
std::string render(const core::LinkChanged&) { return {}; }
std::string render(const core::LinkGone&) { return {}; }

}  // namespace

std::string render_recorded(const core::Event& event) {
  return std::visit([](const auto& one) { return render(one); }, event);
}

Result<Recorder> Recorder::open(const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!file) return fail("record into {}: {}", path, std::strerror(errno));
  file << "# events of rrid; run them again with `rri plan STARTUP-CONFIG " << path << "`\n";
  return Recorder(std::move(file));
}

/// Only what changed: `rri plan` begins with every link up.
std::string Recorder::render_link(const Link& link) {
  const auto [known, is_new] = links_.try_emplace(link.index, link);
  const bool was_up = is_new || known->second.up;
  known->second = link;
  if (was_up == link.up) return {};
  return fmt::format("link {} {}\n", link.name, link.up ? "up" : "down");
}

std::string Recorder::render_links(const core::Event& event) {
  std::string text;
  if (const auto* list = std::get_if<core::LinkList>(&event)) {
    for (const auto& link : list->links) text += render_link(link);
  } else if (const auto* changed = std::get_if<core::LinkChanged>(&event)) {
    text = render_link(changed->link);
  } else if (const auto* gone = std::get_if<core::LinkGone>(&event)) {
    const auto known = links_.find(gone->index);
    if (known == links_.end()) return {};
    if (known->second.up) text = fmt::format("link {} down\n", known->second.name);
    links_.erase(known);
  }
  return text;
}

void Recorder::write(const core::Event& event, TimePoint now) {
  if (written_ > kMaxRecordBytes) return;
  if (!told_until_) told_until_ = now;
  auto text = render_recorded(event) + render_links(event);
  const auto seconds = std::chrono::duration_cast<Seconds>(now - *told_until_);
  if (seconds.count() > 0) {
    text.insert(0, fmt::format("tick {}\n", seconds.count()));
    *told_until_ += seconds;
  }
  written_ += text.size();
  if (written_ > kMaxRecordBytes) text = "# the record is full\n";
  file_ << text;
  file_.flush();
}

}  // namespace rri::app

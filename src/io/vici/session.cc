#include "io/vici/session.h"

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "base/text.h"
#include "io/vici/limits.h"
#include "io/vici/mapping.h"

namespace rri::vici {
namespace {

using Level = core::LogLine::Level;

/// In the order of registration. `list-sa` comes last, so that a charon that
/// knows it has confirmed all the others before the list is asked for.
constexpr std::array<std::string_view, 7> kEventNames = {"ike-updown", "ike-rekey", "child-updown", "child-rekey",
                                                         "ike-update", "alert",     "list-sa"};

/// Without these nothing can be followed. `alert` is unknown before 6.0.3.
bool is_needed(std::string_view event) { return event == "child-updown" || event == "list-sa"; }

}  // namespace

// ---- the conversation -------------------------------------------------------

void Session::start(TimePoint now, Output& out) {
  RRI_ASSERT(phase_ == Phase::Closed);
  phase_ = Phase::Version;
  progress_at_ = now;
  send_packet({PacketType::CommandRequest, "version", {}}, out);
}

void Session::stop(Output& out) {
  if (told_list_) out.events.emplace_back(core::SourceLost{});
  told_list_ = false;
  synced_ = false;
  phase_ = Phase::Closed;
  frames_.clear();
  book_.clear();
  registered_ = 0;
  job_.reset();
  owed_.clear();
  waiting_.clear();
  waiting_keys_.clear();
  want_all_ = false;
  audit_at_.reset();
  may_start_ = all_may_start_ = TimePoint();
}

Result<void> Session::receive(std::string_view bytes, TimePoint now, Output& out) {
  return for_each_packet(frames_, bytes, [&](const Packet& packet) {
    auto done = on_packet(packet, now, out);
    // After each packet and not after the last: the outcome must not depend on cuts.
    if (done) start_due_job(now, out);
    return done;
  });
}

Result<void> Session::on_packet(const Packet& packet, TimePoint now, Output& out) {
  switch (packet.type) {
    case PacketType::Event: return on_event(packet, now, out);
    case PacketType::CommandResponse: return on_response(packet, now, out);
    case PacketType::EventConfirm:
    case PacketType::EventUnknown:
      progress_at_ = now;
      if (phase_ == Phase::Registering) {
        if (auto done = on_registered(packet.type == PacketType::EventConfirm, out); !done) return done;
        if (phase_ == Phase::Ready) refresh(now, out);
        return {};
      }
      return fail("follow charon: an answer to an event registration that nobody made");
    case PacketType::CommandUnknown: return fail("follow charon: it does not know the commands version or list-sas");
    case PacketType::CommandRequest:
    case PacketType::EventRegister:
    case PacketType::EventUnregister: break;
  }
  return fail("follow charon: {} is nothing that charon sends", to_text(packet.type));
}

Result<void> Session::on_response(const Packet& packet, TimePoint now, Output& out) {
  if (auto parsed = message_.parse(packet.message); !parsed) return parsed;
  progress_at_ = now;
  if (phase_ == Phase::Version) {
    daemon_ = printable(message_.root().value_or_empty("daemon"));
    version_ = printable(message_.root().value_or_empty("version"));
    phase_ = Phase::Registering;
    register_next(out);
    return {};
  }
  if (!job_) return fail("follow charon: an answer to a command that nobody gave");
  if (message_.root().value_or_empty("success") == "no") {
    return fail("list the SAs of charon: {}", printable(message_.root().value_or_empty("errmsg")));
  }
  finish_job(now, out);
  return {};
}

void Session::register_next(Output& out) {
  send_packet({PacketType::EventRegister, kEventNames[registered_], {}}, out);
}

Result<void> Session::on_registered(bool known, Output& out) {
  const auto name = kEventNames[registered_];
  if (!known && is_needed(name)) return fail("follow charon {}: it has no event {}", version_, name);
  ++registered_;
  if (registered_ < kEventNames.size()) {
    register_next(out);
  } else {
    phase_ = Phase::Ready;
  }
  return {};
}

void Session::send_packet(const Packet& packet, Output& out) {
  const auto frame = make_frame(packet);
  RRI_ASSERT(frame.has_value());  // all names and numbers are ours
  out.send += *frame;
}

// ---- events -----------------------------------------------------------------

Result<void> Session::on_event(const Packet& packet, TimePoint now, Output& out) {
  if (phase_ != Phase::Registering && phase_ != Phase::Ready) {
    return fail("follow charon: the event {} before any was registered", printable(packet.name));
  }
  if (auto parsed = message_.parse(packet.message); !parsed) return parsed;
  const auto root = message_.root();
  if (packet.name == "list-sa") {
    progress_at_ = now;
    on_list_sa(root, now, out);
    return {};
  }
  ++counters_.events;
  for (auto& story : make_stories(packet.name, root)) out.stories.push_back(std::move(story));
  if (packet.name == "child-updown") {
    on_child_updown(root, now, out);
  } else if (packet.name == "child-rekey") {
    on_child_rekey(root, now, out);
  } else if (packet.name == "ike-updown") {
    on_ike_updown(root, now, out);
  } else if (packet.name == "ike-rekey") {
    on_ike_rekey(root, now);
  } else if (packet.name == "ike-update") {
    on_ike_update(root, now);
  }
  return {};
}

void Session::on_child_updown(const SectionView& root, TimePoint now, Output& out) {
  // The key is absent when it is down; `state` may still say INSTALLED then.
  const bool is_up = root.value_or_empty("up") == "yes";
  root.for_each_section([&](std::string_view name, const SectionView& section) {
    const auto ike = read_ike(name, section);
    if (!ike) return;
    for (auto& child : read_children(*ike, section)) {
      if (is_up) {
        book_.put(ike->id, std::move(child), out);
      } else {
        book_.drop(child.sa.id.value, out);
      }
    }
    queue(Job::Kind::Ike, ike->id, now + kSettleTime);
  });
}

void Session::on_child_rekey(const SectionView& root, TimePoint now, Output& out) {
  root.for_each_section([&](std::string_view name, const SectionView& section) {
    const auto ike = read_ike(name, section);
    if (!ike) return;
    section.for_each_section([&](std::string_view part, const SectionView& children) {
      if (part != "child-sas") return;
      children.for_each_section([&](std::string_view, const SectionView& pair) {
        const auto before = pair.find_section("old");
        const auto after = pair.find_section("new");
        const auto old_child = before ? read_child(*ike, *before) : std::nullopt;
        auto new_child = after ? read_child(*ike, *after) : std::nullopt;
        if (old_child && new_child) book_.rekey(ike->id, old_child->sa.id.value, std::move(*new_child), out);
      });
    });
    queue(Job::Kind::Ike, ike->id, now + kSettleTime);
  });
}

void Session::on_ike_updown(const SectionView& root, TimePoint now, Output& out) {
  const bool is_up = root.value_or_empty("up") == "yes";
  // Children that go with their IKE_SA have events of their own.
  root.for_each_section([&](std::string_view name, const SectionView& section) {
    const auto ike = read_ike(name, section);
    if (!ike) return;
    queue(Job::Kind::Ike, ike->id, now + kSettleTime);
    // One that was deleted, by either side, is DELETING or DELETED here; one whose
    // peer fell silent still has the state it had (5.9.8).
    if (!is_up && section.value_or_empty("state") == "ESTABLISHED") out.dead_peers.push_back(ike->connection);
  });
}

void Session::on_ike_rekey(const SectionView& root, TimePoint now) {
  moved_during_job_ = true;
  root.for_each_section([&](std::string_view name, const SectionView& pair) {
    const auto before = pair.find_section("old");
    const auto after = pair.find_section("new");
    const auto old_ike = before ? read_ike(name, *before) : std::nullopt;
    const auto new_ike = after ? read_ike(name, *after) : std::nullopt;
    if (!old_ike || !new_ike) return;
    book_.move_children(old_ike->id, new_ike->id);
    // charon's walk may have passed the place of the new one before it was there,
    // and find the old one empty.
    if (book_.is_listing()) owed_.push_back(new_ike->id);
    queue(Job::Kind::Ike, new_ike->id, now + kSettleTime);
  });
}

void Session::on_ike_update(const SectionView& root, TimePoint now) {
  // The section still has the old addresses; the list after it has the new ones.
  root.for_each_section([&](std::string_view name, const SectionView& section) {
    const auto ike = read_ike(name, section);
    // Every responder behind NAT-T says this once before it has any child.
    if (!ike || section.value_or_empty("state") == "CONNECTING") return;
    queue(Job::Kind::Ike, ike->id, now);
  });
}

void Session::on_list_sa(const SectionView& root, TimePoint now, Output& out) {
  if (!job_) return;  // late parts of nothing we asked for
  root.for_each_section([&](std::string_view name, const SectionView& section) {
    const auto ike = read_ike(name, section);
    if (!ike) return;
    auto children = read_children(*ike, section);
    if (book_.is_listing()) {
      book_.add_to_list(ike->id, std::move(children), out);
      return;
    }
    if (job_->kind == Job::Kind::Ike && ike->id == job_->id) {
      job_found_ = true;
      look_for(book_.merge(ike->id, std::move(children), out), now);
      return;
    }
    for (auto& child : children) {
      if (job_->kind != Job::Kind::Child || child.sa.id.value != job_->id) continue;
      job_found_ = child.carries_traffic;
      book_.put(ike->id, std::move(child), out);
    }
  });
}

// ---- lists ------------------------------------------------------------------

void Session::refresh(TimePoint now, Output& out) {
  want_all_ = true;
  all_may_start_ = now;
  start_due_job(now, out);
}

void Session::note_alive(TimePoint now) { progress_at_ = std::max(progress_at_, now); }

void Session::queue(Job::Kind kind, std::uint64_t id, TimePoint not_before) {
  if (waiting_.size() >= kMaxQueuedRereads) {
    waiting_.clear();
    waiting_keys_.clear();
    want_all_ = true;
    return;
  }
  if (waiting_.empty()) may_start_ = std::max(may_start_, not_before);
  if (waiting_keys_.emplace(static_cast<int>(kind), id).second) waiting_.push_back({kind, id});
}

void Session::look_for(const std::vector<std::uint64_t>& children, TimePoint now) {
  for (const auto child : children) queue(Job::Kind::Child, child, now);
}

std::optional<TimePoint> Session::next_job_at() const {
  if (phase_ != Phase::Ready || job_) return std::nullopt;
  std::optional<TimePoint> at;
  if (!waiting_.empty()) at = may_start_;
  if (want_all_) at = at ? std::min(*at, all_may_start_) : all_may_start_;
  if (audit_at_) {
    const auto audit = std::max(*audit_at_, all_may_start_);
    at = at ? std::min(*at, audit) : audit;
  }
  return at;
}

void Session::start_due_job(TimePoint now, Output& out) {
  if (phase_ != Phase::Ready || job_) return;
  if (audit_at_ && now >= *audit_at_) want_all_ = true;
  if (want_all_ && now >= all_may_start_) {
    want_all_ = false;
    audit_at_.reset();
    book_.begin_list();
    start_job({Job::Kind::All, 0}, now, out);
    return;
  }
  if (waiting_.empty() || now < may_start_) return;
  const auto job = waiting_.front();
  waiting_.pop_front();
  waiting_keys_.erase({static_cast<int>(job.kind), job.id});
  start_job(job, now, out);
}

void Session::start_job(Job job, TimePoint now, Output& out) {
  job_ = job;
  job_started_ = progress_at_ = now;
  job_found_ = false;
  moved_during_job_ = false;
  MessageWriter writer;
  if (job.kind == Job::Kind::Ike) writer.value("ike-id", std::to_string(job.id));
  if (job.kind == Job::Kind::Child) writer.value("child-id", std::to_string(job.id));
  if (job.kind != Job::Kind::All) ++counters_.rereads;
  const auto message = writer.take();
  RRI_ASSERT(message.has_value());
  send_packet({PacketType::CommandRequest, "list-sas", *message}, out);
}

void Session::finish_job(TimePoint now, Output& out) {
  const Job done = *job_;
  job_.reset();
  if (book_.is_listing()) {
    if (owed_.empty()) {
      finish_full_list(now, out);
      return;
    }
    const auto next = owed_.back();
    owed_.pop_back();
    start_job({Job::Kind::Ike, next}, now, out);
    return;
  }
  may_start_ = now + (now - job_started_) * kRereadPause;
  if (job_found_) return;
  if (moved_during_job_) {
    queue(done.kind, done.id, now);
  } else if (done.kind == Job::Kind::Ike) {
    look_for(book_.children_of(done.id), now);  // the IKE_SA is gone; are they?
  } else {
    book_.drop(done.id, out);
  }
}

void Session::finish_full_list(TimePoint now, Output& out) {
  book_.finish_list(out);
  ++counters_.lists;
  if (!synced_) {
    out.say(Level::Info, fmt::format("connected to {} {}, which has {} tunnel-mode SAs", daemon_, version_, book_.size()));
  }
  synced_ = told_list_ = true;
  all_may_start_ = now + kFullListPause;
  may_start_ = now + std::min(now - job_started_, kSettleTime);
  audit_at_ = now + options_.audit_interval;
}

// ---- time -------------------------------------------------------------------

Result<void> Session::tick(TimePoint now, Output& out) {
  if (phase_ == Phase::Closed) return {};
  const bool waits = phase_ != Phase::Ready || job_;
  if (waits && now >= progress_at_ + options_.list_timeout) {
    return fail("follow charon: no answer to {} for {} ms",
                phase_ == Phase::Version ? "version" : (job_ ? "list-sas" : "an event registration"),
                (now - progress_at_).count());
  }
  start_due_job(now, out);
  return {};
}

std::optional<TimePoint> Session::wake_at() const {
  if (phase_ == Phase::Closed) return std::nullopt;
  if (phase_ != Phase::Ready || job_) return progress_at_ + options_.list_timeout;
  return next_job_at();
}

}  // namespace rri::vici

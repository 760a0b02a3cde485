// app/redundancy.h -- which HSRP/VRRP groups are active on this host (SPEC.md 3.5).
//
// Active: keepalived's last word for the instance of the group's name is MASTER
// *and* the group's virtual address is on a device of the interface's VRF. Each
// alone lies at times: a killed keepalived leaves the address behind, and the
// line may be late. A group that learns its address goes by the word alone. With
// `redundancy address-only` the address alone decides.
//
// Also tells how tracked interfaces are, for `show track`.
//
// No I/O and no clock: the daemon feeds in what it hears and passes on what
// changed. The words can be saved and loaded, so that a restart of ours changes
// nothing.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/events.h"
#include "core/host.h"
#include "io/keepalived/notify.h"
#include "show/standby.h"

namespace rri::app {

class Redundancy {
 public:
  void set_config(const Config& config);
  /// Looks at the events about links; ignores all others.
  void on_event(const core::Event& event);
  void on_line(const keepalived::NotifyLine& line);
  /// keepalived is gone: no word counts any more.
  void on_hang_up() { words_.clear(); }

  [[nodiscard]] bool has_groups() const { return !groups_.empty(); }
  /// What changed since the last call, by name; what is left first. `now` is when.
  std::vector<core::GroupChanged> take_changes(TimePoint now);
  [[nodiscard]] show::RedundancyStatus status(TimePoint now) const;

  /// "PID START" lines of `keepers`, then "STATE NAME" lines.
  [[nodiscard]] std::string save(const std::vector<keepalived::ProcessMark>& keepers) const;
  /// Takes the words of `text` if every keeper in it passes `is_alive`. Text that
  /// is cut or not ours gives no words.
  void load(std::string_view text, bool (*is_alive)(const keepalived::ProcessMark&));

 private:
  struct Address {
    std::string vrf;
    IpAddress address;
    friend auto operator<=>(const Address&, const Address&) = default;
  };
  struct Group {
    std::vector<Address> virtual_addresses;  // the primary one of each `standby` group of that name
  };
  /// A state, and how it came about.
  struct History {
    bool state = false;
    std::uint64_t changes = 0;
    TimePoint since;
  };

  [[nodiscard]] bool is_active(const std::string& name, const Group& group) const;
  /// "" when the group is active.
  [[nodiscard]] std::string why_not(const std::string& name, const Group& group) const;
  [[nodiscard]] const Address* find_missing(const Group& group) const;
  [[nodiscard]] bool has_address(const Address& wanted) const;
  void note_tracks(TimePoint now);

  bool address_only_ = false;
  std::map<std::string, Group> groups_;
  std::map<std::uint32_t, Interface> tracked_;  // by object; what binds the interface to a device
  core::Host host_;
  bool tracks_are_dirty_ = true;
  std::map<std::string, keepalived::Word> words_;
  std::set<std::string> told_active_;
  std::map<std::string, History> group_history_;
  std::map<std::uint32_t, History> track_history_;
};

}  // namespace rri::app

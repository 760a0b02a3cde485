#include "app/render_keepalived.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <vector>

#include "show/standby.h"
#include "show/tables.h"

namespace rri::app {

namespace {

constexpr int kLastVrid = 255;
constexpr int kLowestPriority = 1;
constexpr int kHighestPriority = 254;
constexpr int kUsualDecrement = 10;
constexpr int kMostPreemptDelay = 1000;
constexpr int kMostStartupDelay = 4294;  // keepalived counts microseconds in 32 bits
/// An advertisement of VRRP carries this many addresses at most in keepalived.
constexpr std::size_t kMostAdvertised = 20;
constexpr Millis kUsualHello{3000};
constexpr Millis kUsualHold{10000};
/// Version 3 counts hundredths of a second in 12 bits, version 2 seconds.
constexpr Millis kLongestInterval3{40000};
constexpr Millis kTick{10};
constexpr std::int64_t kMillisPerSecond = 1000;
constexpr std::size_t kMostPassword = 8;
constexpr std::int64_t kUsualMissed = 3;

/// A word as keepalived reads it. `#` and `!` begin comments even inside quotes, so
/// everything unusual is written by its octal number.
std::string word(std::string_view text) {
  std::string plain;
  bool is_plain = !text.empty();
  for (const char c : text) {
    const bool usual = std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("_-.:/").find(c) != std::string_view::npos;
    is_plain = is_plain && usual;
    plain += usual ? std::string(1, c) : fmt::format("\\{:03o}", static_cast<unsigned char>(c));
  }
  return is_plain ? plain : fmt::format("\"{}\"", plain);
}

struct Instance {
  const Interface* interface = nullptr;
  const StandbyGroup* group = nullptr;
  std::string group_name;
  std::string name;  // differs from the group's where several share one name
  std::vector<IpAddress> addresses;
  int vrid = 0;
};

constexpr std::size_t kMostDeviceName = 15;  // IFNAMSIZ

bool is_device_name(std::string_view name) { return name.size() <= kMostDeviceName && name.find('/') == std::string_view::npos; }

/// The Linux device. Where none is known, a name that no device has, so that
/// keepalived takes the file and the group waits: Gi0-0-1.
std::string device_of(const Interface& interface) {
  if (!interface.linux_device.empty()) return interface.linux_device;
  if (is_device_name(interface.name)) return interface.name;
  auto made = show::short_interface(interface.name).substr(0, kMostDeviceName);
  std::replace(made.begin(), made.end(), '/', '-');
  return made;
}

class Writer {
 public:
  Writer(const Config& config, const KeepalivedContext& context) : config_(config), context_(context) {}

  Result<std::string> run() {
    collect();
    if (instances_.empty()) return fail("render keepalived: the configuration has no `standby` group{}", notices_.empty() ? "" : " with a virtual address");
    std::string body;
    for (const auto& [name, count] : names_) {
      if (count > 1) body += sync_group(name);
    }
    for (const auto& instance : instances_) body += render(instance);
    auto text = fmt::format("# keepalived.conf of {}, made by `rri render keepalived`\n", config_.hostname);
    for (const auto& notice : notices_) text += fmt::format("# NOTICE: {}\n", notice);
    return text + global() + check() + body;
  }

 private:
  void notice(std::string text) { notices_.push_back(std::move(text)); }

  static std::string place(const Instance& instance) {
    return fmt::format("{} standby {}", instance.interface->name, instance.group->number);
  }

  void collect() {
    for (const auto& [key, interface] : config_.interfaces) {
      if (!interface.standby.empty() && interface.linux_device.empty() && !is_device_name(interface.name)) {
        notice(fmt::format("{} is bound to no Linux device: {} stands in for it; write `linux device DEV`", interface.name, device_of(interface)));
      }
      std::vector<Instance> of_interface;
      for (const auto& group : interface.standby) {
        Instance instance{&interface, &group, show::standby_name(interface, group), {}, show::standby_addresses(group), 0};
        if (!instance.addresses.empty()) {
          ++names_[instance.group_name];
          of_interface.push_back(std::move(instance));
        } else {
          notice(fmt::format("{} has no virtual address, and VRRP cannot learn one: write `standby {} ip ADDRESS`", place(instance), group.number));
        }
      }
      number(of_interface);
      instances_.insert(instances_.end(), of_interface.begin(), of_interface.end());
    }
    for (auto& instance : instances_) {
      StandbyGroup unnamed = *instance.group;
      unnamed.name.clear();
      instance.name = names_.at(instance.group_name) > 1 ? show::standby_name(*instance.interface, unnamed) : instance.group_name;
    }
  }

  /// Gives the VRRP ids of one interface. `group` ascends.
  void number(std::vector<Instance>& instances) {
    std::set<int> taken;
    for (auto& instance : instances) {
      const auto& group = *instance.group;
      if (group.vrid) instance.vrid = *group.vrid;
      if (group.vrid && !taken.insert(*group.vrid).second) notice(fmt::format("{}: VRRP id {} is there twice", place(instance), *group.vrid));
    }
    for (auto& instance : instances) {
      const auto number = static_cast<int>(instance.group->number);
      if (instance.vrid == 0 && number >= 1 && number <= kLastVrid && taken.insert(number).second) instance.vrid = number;
    }
    int next = kLastVrid;
    for (auto& instance : instances) {
      if (instance.vrid != 0) continue;
      while (next > 1 && taken.contains(next)) --next;
      taken.insert(next);
      instance.vrid = next;
      notice(fmt::format("{} has VRRP id {}, because ids are 1-255; the other routers must have the same (`linux vrid`)", place(instance), next));
    }
  }

  [[nodiscard]] std::string global() const {
    auto text = fmt::format("\nglobal_defs {{\n  router_id {}\n  script_user root\n  enable_script_security\n", word(config_.hostname));
    const auto& redundancy = config_.settings.redundancy;
    const auto& owner = context_.fifo_owner;
    if (!redundancy.address_only) {
      text += fmt::format("  vrrp_notify_fifo {}{}\n  fifo_write_vrrp_states_on_reload\n", word(redundancy.fifo), owner.empty() ? "" : fmt::format(" {0} {0}", owner));
    }
    int delay = 0;
    for (const auto& [name, interface] : config_.interfaces) delay = std::max(delay, interface.standby.empty() ? 0 : interface.standby_delay_seconds);
    if (delay > 0) text += fmt::format("  vrrp_startup_delay {}\n", std::min(delay, kMostStartupDelay));
    return text + "  dynamic_interfaces\n}\n";
  }

  [[nodiscard]] std::string check() const {
    const auto options = context_.options.empty() ? "" : " " + context_.options;
    return fmt::format(
        "\n# A router whose rrid or IKE daemon is dead must not keep a group.\n"
        "vrrp_script rrid {{\n  script \"{}{} health\"\n  interval 1\n  timeout 3\n  fall 2\n  rise 1\n  init_fail\n  user root\n}}\n",
        context_.program, options);
  }

  [[nodiscard]] std::string sync_group(const std::string& name) const {
    auto text = fmt::format("\n# Several groups have this name: they are active together or not at all.\nvrrp_sync_group {} {{\n  group {{\n", word(name));
    for (const auto& instance : instances_) {
      if (instance.group_name == name) text += fmt::format("    {}\n", word(instance.name));
    }
    return text + "  }\n  sync_group_tracking_weight\n}\n";
  }

  std::string render(const Instance& instance) {
    const auto device = device_of(*instance.interface);
    auto text = fmt::format("\n# {}\nvrrp_instance {} {{\n  state BACKUP\n  interface {}\n  virtual_router_id {}\n  priority {}\n",
                            place(instance), word(instance.name), word(device), instance.vrid, priority(instance));
    text += preemption(instance) + timers(instance);
    warn_about_addresses(instance);
    std::string excluded;
    std::string advertised;
    std::size_t count = 0;
    for (const auto& address : instance.addresses) {
      const bool fits = address.is_v4() == instance.addresses.front().is_v4() && ++count <= kMostAdvertised;
      (fits ? advertised : excluded) += fmt::format("    {}/{} dev {}\n", address.to_string(), address.is_v4() ? 32 : 128, word(device));
    }
    text += fmt::format("  virtual_ipaddress {{\n{}  }}\n", advertised);
    if (!excluded.empty()) text += fmt::format("  virtual_ipaddress_excluded {{\n{}  }}\n", excluded);
    return text + tracking(instance) + "  track_script {\n    rrid\n  }\n" + flushing(instance) + "}\n";
  }

  int priority(const Instance& instance) {
    const auto wanted = instance.group->priority;
    const auto given = std::clamp(wanted, kLowestPriority, kHighestPriority);
    if (given != wanted) notice(fmt::format("{}: priority {} has a meaning of its own in VRRP; it is {}", place(instance), wanted, given));
    return given;
  }

  std::string preemption(const Instance& instance) {
    const auto& group = *instance.group;
    if (!group.preempt) return "  nopreempt\n";
    const auto delay = group.preempt_delay_seconds.value_or(0);
    if (delay > kMostPreemptDelay) notice(fmt::format("{}: a preempt delay of {} s becomes {} s", place(instance), delay, kMostPreemptDelay));
    return delay > 0 ? fmt::format("  preempt_delay {}\n", std::min(delay, kMostPreemptDelay)) : "";
  }

  /// The text of `authentication [text] STRING`; "" when there is none that VRRP has.
  std::string password(const Instance& instance) {
    const std::string_view written = instance.group->authentication;
    if (written.empty()) return {};
    const bool is_md5 = written.starts_with("md5");
    if (is_md5 || !instance.addresses.front().is_v4()) {
      notice(fmt::format("{}: VRRP has no {} authentication; the group runs without", place(instance), is_md5 ? "MD5" : "IPv6"));
      return {};
    }
    constexpr std::string_view kText = "text ";
    const auto text = (written.starts_with(kText) ? written.substr(kText.size()) : written).substr(0, kMostPassword);
    if (word(text) == text) return std::string(text);
    notice(fmt::format("{}: keepalived cannot read this authentication text; the group runs without", place(instance)));
    return {};
  }

  std::string timers(const Instance& instance) {
    const auto& group = *instance.group;
    const auto hello = group.hello.value_or(kUsualHello);
    const auto hold = group.hold.value_or(kUsualHold);
    const auto text = password(instance);
    const bool is_v4 = instance.addresses.front().is_v4();
    const bool is_version_2 = !text.empty() || (is_v4 && hello > kLongestInterval3);
    auto interval = is_version_2 ? Millis((hello.count() + kMillisPerSecond - 1) / kMillisPerSecond * kMillisPerSecond)
                                 : std::min(Millis((hello + kTick - Millis(1)) / kTick * kTick.count()), kLongestInterval3);
    if (interval != hello) notice(fmt::format("{}: a hello time of {} ms becomes {} ms", place(instance), hello.count(), interval.count()));
    std::string made = interval.count() % kMillisPerSecond == 0
                           ? fmt::format("  advert_int {}\n", interval.count() / kMillisPerSecond)
                           : fmt::format("  advert_int {:.2f}\n", static_cast<double>(interval.count()) / kMillisPerSecond);
    const auto missed = std::clamp<std::int64_t>(hold / hello, 2, 100);
    if (missed != kUsualMissed) made += fmt::format("  down_timer_adverts {}\n", missed);
    made += fmt::format("  version {}\n", is_version_2 ? 2 : 3);
    if (!text.empty()) made += fmt::format("  authentication {{\n    auth_type PASS\n    auth_pass {}\n  }}\n", text);
    return made;
  }

  void warn_about_addresses(const Instance& instance) {
    const auto& interface = *instance.interface;
    const bool is_v4 = instance.addresses.front().is_v4();
    const bool has_own = interface.dhcp || !interface.unnumbered.empty() ||
                         std::any_of(interface.addresses.begin(), interface.addresses.end(),
                                     [&](const InterfaceAddress& own) { return own.address.is_v4() == is_v4; });
    if (!has_own && is_v4) {
      notice(fmt::format("{}: {} needs an address of its own beside the virtual one: VRRP is sent from it, and with its last "
                         "address the kernel takes away all routes of a device", place(instance), interface.name));
    }
    for (const auto& own : interface.addresses) {
      if (std::find(instance.addresses.begin(), instance.addresses.end(), own.address) == instance.addresses.end()) continue;
      notice(fmt::format("{}: {} is the interface's own address as well; keepalived would take it away", place(instance), own.address.to_string()));
    }
  }

  std::string tracking(const Instance& instance) {
    std::string lines;
    std::set<std::string> seen{device_of(*instance.interface)};  // VRRP watches its own device anyway
    for (const auto& track : instance.group->tracks) {
      const auto object = config_.tracked_interfaces.find(track.object);
      if (object == config_.tracked_interfaces.end()) {
        notice(fmt::format("{}: track object {} is not `track {} interface ... line-protocol`; it counts as up", place(instance), track.object, track.object));
        continue;
      }
      const auto interface = config_.interfaces.find(object->second);
      Interface unknown;
      unknown.name = object->second;
      const auto device = device_of(interface == config_.interfaces.end() ? unknown : interface->second);
      if (!seen.insert(device).second) continue;
      lines += track.shutdown ? fmt::format("    {}\n", word(device))
                              : fmt::format("    {} weight -{}\n", word(device), std::min(track.decrement.value_or(kUsualDecrement), 253));
    }
    return lines.empty() ? "" : fmt::format("  track_interface {{\n{}  }}\n", lines);
  }

  /// Routes of maps that hang on the group: taken out when rrid is not there to do it.
  [[nodiscard]] std::string flushing(const Instance& instance) const {
    std::string interfaces;
    for (const auto& [name, interface] : config_.interfaces) {
      const bool hangs = std::any_of(interface.maps.begin(), interface.maps.end(),
                                     [&](const MapAttachment& map) { return map.redundancy_group == instance.group_name; });
      if (hangs) interfaces += fmt::format(" --interface {}", name);
    }
    if (interfaces.empty()) return {};
    const auto options = context_.options.empty() ? "" : " " + context_.options;
    const auto config = context_.config.empty() ? "" : fmt::format(" --config {}", context_.config);
    const auto command = fmt::format("\"{}{} flush{}{}\" root", context_.program, options, interfaces, config);
    return fmt::format("  notify_fault {0}\n  notify_stop {0}\n", command);
  }

  const Config& config_;
  const KeepalivedContext& context_;
  std::vector<Instance> instances_;
  std::map<std::string, int> names_;  // of groups: how many there are
  std::vector<std::string> notices_;
};

}  // namespace

Result<std::string> render_keepalived(const ParseResult& parsed, const KeepalivedContext& context) {
  return Writer(parsed.config, context).run();
}

}  // namespace rri::app

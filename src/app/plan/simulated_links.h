// app/plan/simulated_links.h -- the devices that a configuration implies.
//
// In `rri plan` every interface of CONFIG counts as bound (SPEC.md section 8):
// its device is the `linux device` name, or the IOS name where none is named.
// There is a VRF device for each `vrf definition`, and a device for each `route
// form device DEV`. A device is up unless its interface says `shutdown` or an
// event said otherwise; the later word counts.
//
// `ipsecN`, `xfrmN` and `TunnelN` stand for the XFRM interface with if_id N. An
// SA with an if_id that no such device has brings its own `ipsecN`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/config.h"
#include "model/link.h"

namespace rri::plan {

class SimulatedLinks {
 public:
  /// Derives all devices anew; what events said of them stays.
  void set_config(const Config& config);
  /// An SA with this if_id is up: there is a device for it now.
  void need_tunnel(std::uint32_t if_id);

  /// The device that is meant by a Linux or IOS interface name; "" when unknown.
  [[nodiscard]] std::string find_device(std::string_view name) const;
  [[nodiscard]] bool is_up(const std::string& device) const;
  void set_up(const std::string& device, bool up);

  [[nodiscard]] const Link* find(const std::string& device) const;
  [[nodiscard]] bool has_vrf(const std::string& vrf) const;
  /// All of them, by index.
  [[nodiscard]] std::vector<Link> list() const;
  [[nodiscard]] const std::map<std::string, Link>& links() const { return links_; }

 private:
  Link& add(const std::string& name);
  void add_interface(const Config& config, const Interface& interface);
  void add_tunnel(std::uint32_t if_id);

  std::map<std::string, Link> links_;             // by name
  std::map<std::string, std::string> devices_;    // IOS name -> device
  std::map<std::string, std::uint32_t> indexes_;  // given once, never reused
  std::map<std::string, bool> shutdown_;          // as CONFIG said last
  std::map<std::string, bool> states_;            // as an event said
  std::set<std::uint32_t> tunnels_;               // if_ids that SAs brought
};

/// The device of an interface in `rri plan`.
const std::string& device_of(const Interface& interface);

}  // namespace rri::plan

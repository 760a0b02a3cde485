// core/host.h -- what we know of this Linux host: devices, addresses, VRFs.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/config.h"
#include "model/link.h"

namespace rri::core {

/// Which Linux device an IOS interface is (SPEC.md 2.2, last paragraph).
struct Binding {
  std::string device;  // "" when unbound
  std::string reason;  // why it is unbound

  [[nodiscard]] bool is_bound() const { return !device.empty(); }
};

class Host {
 public:
  /// Each gives whether anything changed.
  bool put(const Link& link);
  bool remove(std::uint32_t index);
  bool replace_all(const std::vector<Link>& links);

  [[nodiscard]] const std::map<std::uint32_t, Link>& links() const { return links_; }
  [[nodiscard]] const Link* find(std::string_view name) const;
  [[nodiscard]] const Link* find_index(std::uint32_t index) const;
  /// The XFRM interface with this if_id; the VTI whose key is this mark.
  [[nodiscard]] const Link* find_xfrm(std::uint32_t if_id) const;
  [[nodiscard]] const Link* find_vti(std::uint32_t mark) const;
  [[nodiscard]] bool has_vrf(std::string_view vrf) const;
  [[nodiscard]] bool is_up(std::string_view device) const;
  [[nodiscard]] bool owns(std::string_view device, const IpAddress& address) const;

  /// Ties an interface to a device: `linux device`, else the device of the same
  /// name, else the one device that has one of its addresses.
  [[nodiscard]] Binding bind(const Interface& interface) const;

 private:
  std::map<std::uint32_t, Link> links_;
};

}  // namespace rri::core

// io/netlink/link_table.h -- the devices of this host, their addresses and VRFs.
//
// Fed by messages or by a full list; tells which model::Link changed by it. Data:
// what the kernel said of each device, and the Link that follows from it. A Link
// depends on its master too (the VRF), so one message may change several.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/netlink/messages.h"
#include "model/link.h"

namespace rri::netlink {

class LinkTable {
 public:
  struct Changes {
    std::vector<Link> changed;  // by index
    std::optional<std::uint32_t> gone;
    bool vrfs = false;          // a VRF device came, went, or changed its name or table

    [[nodiscard]] bool any() const { return !changed.empty() || gone || vrfs; }
  };

  Changes put(const LinkMessage& link);
  Changes remove_link(std::uint32_t index);
  Changes put(const AddressMessage& address);
  Changes remove_address(const AddressMessage& address);
  /// Replaces everything. Gives whether the VRFs are others than before.
  bool replace(const std::vector<LinkMessage>& links, const std::vector<AddressMessage>& addresses);

  [[nodiscard]] std::vector<Link> list() const;  // by index
  [[nodiscard]] const Link* find(std::uint32_t index) const;
  [[nodiscard]] const Link* find(std::string_view name) const;

  /// The routing table of a VRF; understands "table N". Nothing without a device.
  [[nodiscard]] std::optional<std::uint32_t> table_of(std::string_view vrf) const;
  /// The VRF of a table: "default", a device's name, or "table N".
  [[nodiscard]] std::string vrf_of(std::uint32_t table) const;
  /// Index of the VRF device; 0 for the global table.
  [[nodiscard]] std::uint32_t device_of_vrf(std::string_view vrf) const;
  /// Whether a table is the global one or that of a VRF.
  [[nodiscard]] bool is_routed(std::uint32_t table) const;
  /// A device's name, "if N" for one that is not known.
  [[nodiscard]] std::string name_of(std::uint32_t index) const;

 private:
  struct Device {
    LinkMessage said;
    Link link;
  };
  [[nodiscard]] Link link_of(const Device& device) const;
  /// Brings Links up to date after `index` changed: its own, and its slaves'.
  Changes settle(std::uint32_t index, bool new_vrfs);
  void index_names();

  std::map<std::uint32_t, Device> devices_;
  std::map<std::string, std::uint32_t, std::less<>> by_name_;
  std::map<std::uint32_t, std::uint32_t> vrf_by_table_;  // table to device
};

}  // namespace rri::netlink

// model/device.h -- network devices and neighbours as `show interfaces` and `show ip arp` tell of them.
//
// Routing needs less of a device (model/link.h) and is told of it by events; this is
// read from the kernel when somebody asks.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/address.h"

namespace rri {

using HardwareAddress = std::array<std::uint8_t, 6>;

/// What went one way through a device.
struct DeviceTraffic {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t errors = 0;
  std::uint64_t dropped = 0;
};

struct Device {
  std::uint32_t index = 0;
  std::string name;
  std::string kind;                         // "veth", "" for real hardware
  std::uint32_t mtu = 0;
  std::optional<HardwareAddress> hardware;  // none: it has none of this length
  DeviceTraffic in;
  DeviceTraffic out;
  std::uint64_t multicast = 0;              // of the packets in
  std::uint64_t collisions = 0;
};

struct Neighbour {
  IpAddress address;
  std::uint32_t device = 0;
  std::optional<HardwareAddress> hardware;  // none: it has not answered
  std::uint32_t age_seconds = 0;            // since it was last confirmed
};

struct HostDevices {
  std::vector<Device> devices;        // by index
  std::vector<Neighbour> neighbours;  // IPv4, by address
};

}  // namespace rri

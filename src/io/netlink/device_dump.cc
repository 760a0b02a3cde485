#include "io/netlink/device_dump.h"

#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "io/netlink/attributes.h"
#include "io/netlink/link_dump.h"

namespace rri::netlink {
namespace {

/// Long for a loop, and never needed: a dump is the kernel's own memory.
constexpr std::chrono::milliseconds kPatience{100};

std::optional<HardwareAddress> read_hardware(const Attribute& attribute) {
  if (attribute.value.size() != std::tuple_size_v<HardwareAddress>) return std::nullopt;
  return read<HardwareAddress>(attribute.value);
}

void read_counters(Bytes value, Device& device) {
  // Kernels append to the structure; its beginning stays.
  std::array<std::uint64_t, 10> counters{};
  const auto bytes = std::min(value.size(), sizeof counters);
  std::memcpy(counters.data(), value.data(), bytes);
  const auto& [in_packets, out_packets, in_bytes, out_bytes, in_errors, out_errors, in_dropped, out_dropped, multicast, collisions] = counters;
  device.in = {in_packets, in_bytes, in_errors, in_dropped};
  device.out = {out_packets, out_bytes, out_errors, out_dropped};
  device.multicast = multicast;
  device.collisions = collisions;
}

std::optional<Device> parse_device(Bytes payload) {
  const auto header = read<ifinfomsg>(payload);
  if (!header) return std::nullopt;
  Device device;
  device.index = static_cast<std::uint32_t>(header->ifi_index);
  AttributeReader attributes(after(payload, sizeof(ifinfomsg)));
  while (const auto attribute = attributes.next()) {
    if (attribute->type == IFLA_IFNAME) device.name = attribute->text();
    if (attribute->type == IFLA_MTU) device.mtu = attribute->u32();
    if (attribute->type == IFLA_ADDRESS) device.hardware = read_hardware(*attribute);
    if (attribute->type == IFLA_STATS64) read_counters(attribute->value, device);
    if (attribute->type != IFLA_LINKINFO) continue;
    AttributeReader inside(attribute->value);
    while (const auto part = inside.next()) {
      if (part->type == IFLA_INFO_KIND) device.kind = part->text();
    }
  }
  return device;
}

std::optional<Neighbour> parse_neighbour(Bytes payload) {
  constexpr std::uint16_t kNotSpoken = NUD_NOARP | NUD_NONE;
  constexpr std::uint32_t kTicksPerSecond = 100;  // USER_HZ
  const auto header = read<ndmsg>(payload);
  if (!header || header->ndm_family != AF_INET || (header->ndm_state & kNotSpoken) != 0 || header->ndm_state == NUD_NONE) return std::nullopt;
  Neighbour found;
  std::optional<IpAddress> address;
  found.device = static_cast<std::uint32_t>(header->ndm_ifindex);
  AttributeReader attributes(after(payload, sizeof(ndmsg)));
  while (const auto attribute = attributes.next()) {
    if (attribute->type == NDA_DST) address = IpAddress::from_bytes(attribute->value);
    if (attribute->type == NDA_LLADDR) found.hardware = read_hardware(*attribute);
    if (attribute->type == NDA_CACHEINFO) found.age_seconds = read<nda_cacheinfo>(attribute->value).value_or(nda_cacheinfo{}).ndm_confirmed / kTicksPerSecond;
  }
  if (!address) return std::nullopt;
  found.address = *address;
  return found;
}

}  // namespace

Result<HostDevices> read_host_devices() {
  auto socket = Socket::open();
  if (!socket) return tl::make_unexpected(socket.error());
  const auto found = std::make_shared<HostDevices>();
  Dump::Steps steps;
  steps.requests = {[](RequestBuffer& request, std::uint32_t sequence) { request.dump_links(sequence); },
                    [](RequestBuffer& request, std::uint32_t sequence) { request.dump_neighbours(sequence); }};
  steps.begin = [found] { *found = {}; };
  steps.on_message = [found](const Message& message) {
    if (message.type == RTM_NEWLINK) {
      if (auto device = parse_device(message.payload)) found->devices.push_back(std::move(*device));
    } else if (message.type == RTM_NEWNEIGH) {
      if (const auto neighbour = parse_neighbour(message.payload)) found->neighbours.push_back(*neighbour);
    }
  };
  std::uint32_t sequence = 1;
  if (auto read = run_dump(*socket, sequence, std::move(steps), std::chrono::steady_clock::now() + kPatience); !read) {
    return tl::make_unexpected(read.error());
  }
  std::sort(found->devices.begin(), found->devices.end(), [](const Device& a, const Device& b) { return a.index < b.index; });
  std::sort(found->neighbours.begin(), found->neighbours.end(), [](const Neighbour& a, const Neighbour& b) { return a.address < b.address; });
  return std::move(*found);
}

}  // namespace rri::netlink

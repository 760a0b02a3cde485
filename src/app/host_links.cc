#include "app/host_links.h"

#include <chrono>
#include <memory>

#include "core/host.h"
#include "io/netlink/link_dump.h"
#include "io/netlink/link_table.h"

namespace rri::app {

namespace {

constexpr std::chrono::seconds kPatience{5};

}  // namespace

std::vector<Link> read_host_links() {
  auto socket = netlink::Socket::open();
  if (!socket) return {};
  const auto found = std::make_shared<netlink::FoundLinks>();
  std::uint32_t sequence = 1;
  if (!netlink::run_dump(*socket, sequence, netlink::link_dump(found), std::chrono::steady_clock::now() + kPatience)) return {};
  netlink::LinkTable table;
  table.replace(found->links, found->addresses);
  return table.list();
}

void tie_to_devices(Config& config, const std::vector<Link>& links) {
  core::Host host;
  host.replace_all(links);
  for (auto& [name, interface] : config.interfaces) {
    if (!interface.linux_device.empty()) continue;
    const auto binding = host.bind(interface);
    if (binding.is_bound()) interface.linux_device = binding.device;
  }
}

}  // namespace rri::app

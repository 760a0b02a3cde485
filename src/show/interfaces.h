// show/interfaces.h -- `show interfaces`, `show ip interface`, `show ip arp`.
//
// The interfaces of the configuration, with what the kernel says of their devices. IOS's
// lines of what Linux does not know (rates, queues, duplex) are left out; those that
// public parsers cut up are there.
#pragma once

#include <optional>
#include <string>

#include "core/snapshot.h"
#include "model/device.h"
#include "show/routes.h"

namespace rri::show {

/// `name`: only this one, canonical. Nothing where there is none of this name.
std::optional<std::string> interfaces(const core::Summary& summary, const HostDevices& host, const std::optional<std::string>& name, Format format);
std::optional<std::string> ip_interfaces(const core::Summary& summary, const HostDevices& host, const std::optional<std::string>& name);

/// `show ipv6 interface [brief]`: with the addresses that the devices have.
std::optional<std::string> ipv6_interfaces(const core::Summary& summary, const HostDevices& host, const std::optional<std::string>& name);
std::string ipv6_interface_brief(const core::Summary& summary);

/// Neighbours, and our own addresses with no age.
std::string arp(const core::Summary& summary, const HostDevices& host, Format format);

}  // namespace rri::show

// show/ip_route_reader.h -- the routing table of one VRF and family, network by network.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "show/tables.h"

namespace rri::show {

/// The IPv4 network by class that a prefix lies in; the prefix itself when it is wider.
Prefix major_network(const Prefix& prefix);

/// Connected networks and rows in use, merged into one table by prefix while the rows
/// are read. A network that is connected hides what else there is for it.
class IpRouteReader {
 public:
  IpRouteReader(const IpTable& table, IpRouteKind kind, std::optional<Prefix> within = std::nullopt);

  IpRouteReader(const IpRouteReader&) = delete;  // next_ points into it
  IpRouteReader& operator=(const IpRouteReader&) = delete;

  /// Appends some more. False: those were the last.
  bool read(std::vector<IpRoute>& out);

 private:
  std::size_t take_prefix(const std::vector<RouteRow>& rows, std::size_t first, std::vector<IpRoute>& out);
  void take_connected_before(const Prefix* limit, std::vector<IpRoute>& out);

  std::shared_ptr<const core::Summary> summary_;
  Family family_;
  bool is_wanted_;
  std::optional<Prefix> within_;
  std::map<Prefix, IpRoute> connected_;
  std::map<Prefix, IpRoute>::const_iterator next_;
  core::Rows rows_;
};

}  // namespace rri::show

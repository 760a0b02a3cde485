// app/doctor/facts.h -- what `rri doctor` saw of this host, as plain values.
//
// Looking (collect.h) and judging (checks.h) are apart: every judgement can be
// tested without a host. What could not be seen is said, never guessed: an empty
// optional, Answer::Unknown, or a reason in words.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/config.h"
#include "model/link.h"
#include "net/prefix.h"

namespace rri::doctor {

enum class Answer : std::uint8_t { Unknown, Yes, No };

/// A process in our network namespace.
struct ProcessFact {
  std::string name;  // /proc/PID/comm
  int pid = 0;
  std::uint64_t start = 0;  // clock ticks since boot
  std::vector<std::string> arguments;
};

/// rrid, as its control socket answers.
struct DaemonFacts {
  std::string socket;
  bool answers = false;
  std::string error;         // why not
  std::optional<std::uint32_t> uid;  // of the process behind the socket
  std::set<std::uint32_t> groups;
  std::string source_state;  // "connected", ...
  std::string source_error;
  bool in_sync = false;
  std::vector<std::string> notices;  // "CODE: text"
};

/// A Unix socket in the file system.
struct SocketFacts {
  std::string path;
  bool exists = false;
  bool connects = false;
  int error = 0;  // errno of connect()
  std::uint32_t mode = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

struct CharonFacts {
  SocketFacts socket;
  std::string daemon;   // "charon-systemd"
  std::string version;  // "5.9.8"
};

/// A setting of strongswan.conf with the place it was read at.
struct PlacedValue {
  std::string value;
  std::string place;  // "FILE:LINE"
};

struct StrongswanSettings {
  std::vector<std::string> files;     // read, in order
  std::vector<std::string> problems;  // "could not ..."
  std::map<std::string, PlacedValue> values;  // "charon.install_routes"
};

struct RouteFact {
  Prefix prefix;
  std::uint32_t table = 0;
  std::uint32_t metric = 0;
  std::uint8_t protocol = 0;
  std::string device;  // of the first next hop; "" for none
  std::string vrf;     // of that device
};

struct KernelFacts {
  std::vector<Link> links;
  std::set<std::string> admin_up;      // devices that are set up, whatever their carrier
  std::string error;                   // why links and routes could not be read
  std::vector<RouteFact> ours;         // with our protocol number, up to a bound
  std::uint64_t ours_beyond = 0;       // not kept
  std::vector<RouteFact> charon_routes;  // of table 220
  std::optional<std::set<Family>> rules_220;  // families whose rules lead to table 220
  std::vector<RouteFact> to_front_peers;  // of the main table, to peers in front-door VRFs
  std::string charon_vrf;              // that it was started in with `ip vrf exec`, "" for none
  std::vector<RouteFact> leaks;        // routes in front-door tables that lead into another VRF
  std::map<std::string, std::string> sysctls;  // "net/ipv4/ip_forward" -> "1"
  Answer esp = Answer::Unknown;
  Answer vrf_devices = Answer::Unknown;
  Answer xfrm_interfaces = Answer::Unknown;
};

/// One `router` section of FRR with what it redistributes.
struct FrrRouter {
  std::string daemon;  // "ospfd", "ospf6d", "bgpd"
  std::string name;    // "router ospf vrf RED"
  std::string vrf;     // "default"
  struct Redistribution {
    std::string what;       // "kernel"
    std::string route_map;  // "" for none
    std::string family;     // "ipv4" or "ipv6"
  };
  std::vector<Redistribution> redistributions;
};

struct FrrFacts {
  bool is_running = false;           // zebra runs here
  std::string directory;             // of its sockets
  std::string version;               // "8.4.4"
  std::set<std::string> daemons;     // that run here
  std::map<std::string, std::uint64_t> starts;  // clock ticks since boot
  std::string configuration_source;  // "its daemons", "/etc/frr/frr.conf", "" for not seen
  std::vector<FrrRouter> routers;
  std::set<std::string> route_maps;
  std::vector<RouteFact> dead;       // kernel routes of ours that zebra has and the kernel has not
  std::string dead_unseen;           // why that is not known
  std::optional<SocketFacts> static_socket;
  bool statics_away = false;         // staticd runs, and zebra does not know it
};

struct FifoFacts {
  std::string path;
  bool exists = false;
  bool is_fifo = false;
  bool readers_known = false;
  std::vector<std::string> readers;  // "rrid (17)"
};

struct HostFacts {
  bool is_root = false;
  std::vector<ProcessFact> processes;
  std::set<std::string> networkd_devices;  // that systemd-networkd manages
  std::optional<PlacedValue> manage_foreign_routes;
  std::set<std::string> network_manager_devices;
  std::map<std::uint32_t, std::vector<PlacedValue>> protocol_names;  // rt_protos: number -> names
  std::string keepalived_file;  // "" when it could not be read
  std::set<std::string> keepalived_instances;

  [[nodiscard]] std::vector<ProcessFact> named(const std::string& name) const {
    std::vector<ProcessFact> found;
    for (const auto& process : processes) {
      if (process.name == name) found.push_back(process);
    }
    return found;
  }
};

struct Facts {
  Config config;
  std::string config_name;   // "running-config", or a file
  bool has_config = false;
  std::string config_error;  // why there is none
  std::vector<std::string> config_errors;  // located errors in it
  std::vector<std::string> tunnel_errors;  // tunnels of it that a managed strongSwan cannot have
  DaemonFacts daemon;
  CharonFacts charon;
  StrongswanSettings strongswan;
  KernelFacts kernel;
  FrrFacts frr;
  FifoFacts fifo;
  HostFacts host;
};

/// Configured peers in front-door VRFs other than the default one.
std::set<std::pair<std::string, IpAddress>> front_door_peers(const Config& config);

}  // namespace rri::doctor

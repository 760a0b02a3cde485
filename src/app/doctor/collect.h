// app/doctor/collect.h -- looks at this host. All the I/O of `rri doctor` is here.
//
// Nothing is changed: files are read, sockets are asked, tables are dumped. What
// the kernel can do is tried in a network namespace of a child's own. Every
// question has a deadline, and every answer a bound (limits.h); what cannot be
// seen without root is left unknown.
#pragma once

#include <string>

#include "app/doctor/facts.h"
#include "base/result.h"

namespace rri::doctor {

struct Places {
  std::string socket;           // of rrid
  std::string config;           // read when rrid does not answer
  std::string strongswan_conf;  // "": that of the running charon, else /etc/strongswan.conf
  std::string frr_directory;    // "": where the running zebra has its sockets
  std::string keepalived_conf = "/etc/keepalived/keepalived.conf";
};

Facts collect_facts(const Places& places);

// The parts, in the order in which they build on each other.
void collect_daemon(const Places& places, Facts& facts);
void collect_processes(Facts& facts);
void collect_charon(const Places& places, Facts& facts);
void collect_kernel(Facts& facts);
void collect_host(const Places& places, Facts& facts);
void collect_frr(const Places& places, Facts& facts);

}  // namespace rri::doctor

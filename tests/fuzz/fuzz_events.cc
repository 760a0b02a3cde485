// EVENTS of `rri plan`. Oracle: reading is total; every line without a fault is
// at most one step, in the order of the lines; the numbers that were read can be
// written and read again; and the controller survives whatever came out.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/plan/events_script.h"
#include "app/plan/plan.h"
#include "base/assert.h"

namespace {

constexpr std::string_view kConfig =
    "interface eth0\n ip address 192.168.0.2 255.255.255.0\n crypto map m redundancy g\n standby 1 ip "
    "192.168.0.3\n"
    " standby 1 name g\ninterface eth1\n ip address 192.168.1.2 255.255.255.0\n ipv6 address 2001:db8::1/64\n"
    " crypto map m\nip route 0.0.0.0 0.0.0.0 192.168.0.1\ncrypto dynamic-map d 1\n reverse-route "
    "remote-peer\n"
    "crypto map m 1 ipsec-isakmp dynamic d\n";

void check_order(const rri::plan::Script& script) {
  std::uint32_t line = 0;
  for (const auto& step : script.steps) {
    RRI_ASSERT(step.position.line > line);
    line = step.position.line;
  }
  for (const auto& error : script.errors) RRI_ASSERT(error.position.line > 0 && error.position.column > 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_order(rri::plan::parse_script(text));
  const auto report = rri::plan::make_report({"C", std::string(kConfig), "E", text});
  RRI_ASSERT(report.snapshot != nullptr);
  RRI_ASSERT(!rri::plan::render_json(report).empty());
  return 0;
}

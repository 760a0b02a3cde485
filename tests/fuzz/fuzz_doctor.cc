// Files of our neighbours, as `rri doctor` reads them.
//
// Oracles: reading ends and stays within its bounds; every place that is named lies
// inside the text; reading twice gives the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/doctor/limits.h"
#include "app/doctor/neighbour_files.h"
#include "app/doctor/strongswan_conf.h"
#include "base/assert.h"
#include "base/text.h"

namespace {

using namespace rri::doctor;

std::size_t line_of(const std::string& place) {
  const auto colon = place.rfind(':');
  RRI_ASSERT(colon != std::string::npos);
  return rri::parse_number<std::size_t>(std::string_view(place).substr(colon + 1)).value_or(0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto lines = rri::split(text, '\n').size();
  // Whatever is included is the text itself, a few times.
  int left = 3;
  const FindFiles find = [&](const std::string&) {
    return left-- > 0 ? std::vector<NamedText>{{"/f", text}} : std::vector<NamedText>{};
  };
  const auto settings = read_strongswan_conf("/f", find);
  RRI_ASSERT(settings.files.size() <= kMaxFiles && settings.problems.size() <= kMaxFiles);
  for (const auto& [name, value] : settings.values) {
    const auto line = line_of(value.place);
    RRI_ASSERT(line >= 1 && line <= lines);
  }
  left = 3;
  RRI_ASSERT(read_strongswan_conf("/f", find).values.size() == settings.values.size());

  const auto frr = parse_frr_configuration(text);
  RRI_ASSERT(frr.routers.size() <= lines);
  for (const auto& route : parse_zebra_kernel_routes(text, 254, 213)) RRI_ASSERT(route.metric >> 24 >= 1);
  std::map<std::uint32_t, std::vector<PlacedValue>> names;
  parse_protocol_names({"/f", text}, names);
  for (const auto& [number, named] : names) RRI_ASSERT(!named.empty() && line_of(named.front().place) <= lines);
  (void)parse_ini_value({"/f", text}, "Network", "ManageForeignRoutes");
  left = 3;
  (void)read_keepalived_instances("/f", find);
  return 0;
}

// Any text: it loads without an abort, and what is rendered reads back as the
// same Document, renders to the same text and lowers to the same Config.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "config/config.h"

namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "oracle: %s\n", what);
  std::abort();
}

/// The lists without their errors, which name lines.
std::map<std::string, rri::PrefixList> without_errors(std::map<std::string, rri::PrefixList> lists) {
  for (auto& [name, list] : lists) list.error.clear();
  return lists;
}

/// Positions differ between the two texts, so only what they do not touch.
bool same_meaning(const rri::Config& a, const rri::Config& b) {
  return a.hostname == b.hostname && a.ip_routing == b.ip_routing && a.vrfs == b.vrfs &&
         without_errors(a.prefix_lists) == without_errors(b.prefix_lists) &&
         without_errors(a.ipv6_prefix_lists) == without_errors(b.ipv6_prefix_lists) && a.keys == b.keys &&
         a.interfaces.size() == b.interfaces.size() && a.crypto_maps.size() == b.crypto_maps.size() &&
         a.static_routes.size() == b.static_routes.size() && a.access_lists.size() == b.access_lists.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto parsed = rri::parse_document(text);
  const auto rendered = rri::render_document(parsed.document);
  const auto again = rri::parse_document(rendered);
  require(again.document == parsed.document, "parse(render(document)) == document");
  require(rri::render_document(again.document) == rendered, "render is a fixed point");
  require(same_meaning(parsed.config, again.config), "both lower to the same configuration");
  return 0;
}

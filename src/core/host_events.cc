#include "core/host_events.h"

namespace rri::core {

std::optional<bool> follow_devices(Host& host, const Event& event) {
  if (const auto* list = std::get_if<LinkList>(&event)) return host.replace_all(list->links);
  if (const auto* changed = std::get_if<LinkChanged>(&event)) return host.put(changed->link);
  if (const auto* gone = std::get_if<LinkGone>(&event)) return host.remove(gone->index);
  return std::nullopt;
}

}  // namespace rri::core

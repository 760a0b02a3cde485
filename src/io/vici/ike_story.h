// io/vici/ike_story.h -- charon's events as lines for `debug crypto isakmp` and `debug crypto ikev2`.
//
// charon tells outcomes, not the packets between: an IKE SA or CHILD_SA that came
// up, went, was rekeyed, or whose peer moved. The wording leans on IOS's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/vici/codec.h"
#include "net/address.h"

namespace rri::vici {

struct IkeStory {
  int version = 2;  // of IKE: which debug wants it
  std::optional<IpAddress> peer;
  std::uint16_t peer_port = 500;
  std::string text;
};

/// What an event (its name and message) tells; nothing for lists and unknown events.
std::vector<IkeStory> make_stories(std::string_view event, const SectionView& root);

}  // namespace rri::vici

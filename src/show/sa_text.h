// show/sa_text.h -- pieces that the answers of crypto_sas.h have in common.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/pieces.h"
#include "show/sa_picture.h"

namespace rri::show {

/// "203.0.113.1", "(none)" when it is not known.
std::string address_word(const std::optional<IpAddress>& address);

/// The address that an interface's tunnels have: its first configured one, else the
/// first of its device, else "(none)".
std::string local_address_of(const core::Summary& snapshot, std::string_view interface);

/// What is left of an SA's life one way, "4607998/3540" (KB/sec); "KB Vol Rekey Disabled/3540" without a volume.
std::string life_words(const Config& config, const Flow& flow, const Traffic& traffic);
/// "no sa timing" where the kernel has no limit, as IOS says of manual keys.
bool has_no_limit(const ChildSa& child);
/// Until the SA ends; until its rekeying where it has no end; 0 where neither is known.
std::uint64_t seconds_left(const ChildSa& child);

/// Local and remote selectors that have one of their family on the other side.
struct SelectorPairs {
  std::vector<TrafficSelector> locals;
  std::vector<TrafficSelector> remotes;
};
SelectorPairs paired_selectors(const ChildSa& child);

/// "AES256+SHA256".
std::string engine_algorithm(const ChildSa& child);

/// All of `count` texts, made a few at a time.
Pieces each_piece(std::size_t count, std::function<std::string(std::size_t)> text);
/// {"NAME": [...]} of `count` objects, one a line.
Pieces json_list(std::string_view name, std::size_t count, std::function<std::string(std::size_t)> object);

std::string flow_json(const SaPicture& picture, const Flow& flow);
std::string ike_json(const SaPicture& picture, const IkeSa& ike);

}  // namespace rri::show

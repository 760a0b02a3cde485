#include "show/sa_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "show/cisco_words.h"

namespace rri::show {

namespace {

using Json = nlohmann::ordered_json;

/// A piece costs the loop well under a millisecond.
constexpr std::size_t kPieceBytes = 16384;

std::string compact(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json address_json(const std::optional<IpAddress>& address) { return address ? Json(address->to_string()) : Json(nullptr); }

Json number_or_null(const std::optional<std::uint64_t>& number) { return number ? Json(*number) : Json(nullptr); }

Json selectors_json(const std::vector<TrafficSelector>& selectors) {
  Json list = Json::array();
  for (const auto& selector : selectors) list.push_back(selector.to_string());
  return list;
}

/// The members that every object begins with: whose SA it is.
Json endpoints_json(const IkeSa& ike) {
  Json object;
  object["ike_id"] = ike.id;
  object["ike_version"] = ike.version == 0 ? Json(nullptr) : Json(ike.version);
  object["connection"] = text_or_null(ike.connection);
  object["local"] = address_json(ike.local);
  object["local_port"] = ike.local_port;
  object["peer"] = address_json(ike.peer);
  object["peer_port"] = ike.peer_port;
  object["identity"] = text_or_null(ike.peer_id);
  return object;
}

void add_suite(Json& object, const CryptoSuite& suite) {
  object["encryption"] = text_or_null(suite.encryption);
  object["key_bits"] = suite.key_bits == 0 ? Json(nullptr) : Json(suite.key_bits);
  object["integrity"] = text_or_null(suite.integrity);
  object["dh_group"] = text_or_null(group_word(suite.dh_group));
}

}  // namespace

std::string address_word(const std::optional<IpAddress>& address) { return address ? address->to_string() : "(none)"; }

std::string local_address_of(const core::Summary& snapshot, std::string_view interface) {
  const auto configured = snapshot.config->interfaces.find(std::string(interface));
  if (configured != snapshot.config->interfaces.end() && !configured->second.addresses.empty()) {
    return configured->second.addresses.front().address.to_string();
  }
  for (const auto& view : snapshot.interfaces) {
    if (view.name != interface || view.device.empty()) continue;
    for (const auto& link : snapshot.links) {
      if (link.name == view.device && !link.addresses.empty()) return link.addresses.front().address.to_string();
    }
  }
  return "(none)";
}

std::string life_words(const Config& config, const Flow& flow, const Traffic& traffic) {
  constexpr std::uint64_t kKilobyte = 1024;
  const auto configured = sa_settings_of(config, flow.view).lifetime_kilobytes.value_or(kDefaultIpsecKilobytes);
  const auto volume = flow.child->life_bytes ? *flow.child->life_bytes / kKilobyte : configured;
  const auto used = traffic.bytes / kKilobyte;
  const auto seconds = seconds_left(*flow.child);
  if (volume == 0) return fmt::format("KB Vol Rekey Disabled/{}", seconds);
  return fmt::format("{}/{}", used < volume ? volume - used : 0, seconds);
}

bool has_no_limit(const ChildSa& child) { return child.life_bytes == 0U && !child.life_seconds && !child.rekey_seconds; }

std::uint64_t seconds_left(const ChildSa& child) { return child.life_seconds.value_or(child.rekey_seconds.value_or(0)); }

SelectorPairs paired_selectors(const ChildSa& child) {
  const auto keep = [](const std::vector<TrafficSelector>& selectors, const std::vector<TrafficSelector>& others) {
    std::vector<TrafficSelector> kept;
    std::copy_if(selectors.begin(), selectors.end(), std::back_inserter(kept), [&](const TrafficSelector& selector) {
      return std::any_of(others.begin(), others.end(), [&](const TrafficSelector& other) { return other.family() == selector.family(); });
    });
    return kept;
  };
  return {keep(child.local, child.remote), keep(child.remote, child.local)};
}

std::string engine_algorithm(const ChildSa& child) {
  const auto word = encryption_word(child.suite.encryption);
  auto text = child.ah ? std::string() : word.starts_with("AES") ? fmt::format("AES{}", child.suite.key_bits == 128 ? "" : fmt::format("{}", child.suite.key_bits)) : word;
  if (child.suite.integrity.empty()) return text;
  auto hash = hash_word(child.suite.integrity);
  if (hash.ends_with("96")) hash.resize(hash.size() - 2);
  return text.empty() ? hash : text + "+" + hash;
}

Pieces each_piece(std::size_t count, std::function<std::string(std::size_t)> text) {
  return [count, text = std::move(text), next = std::size_t{0}](std::string& out) mutable {
    const auto start = out.size();
    while (next < count && out.size() - start < kPieceBytes) out += text(next++);
    return next < count;
  };
}

Pieces json_list(std::string_view name, std::size_t count, std::function<std::string(std::size_t)> object) {
  return each_piece(count + 2, [name = std::string(name), count, object = std::move(object)](std::size_t i) {
    if (i == 0) return fmt::format("{{\"{}\":[", name);
    if (i == count + 1) return std::string("]}\n");
    return fmt::format("{}{}", i == 1 ? "\n" : ",\n", object(i - 1));
  });
}

std::string flow_json(const SaPicture& picture, const Flow& flow) {
  const auto& child = *flow.child;
  const bool matched = flow.view != nullptr && flow.view->entry;
  auto object = endpoints_json(*flow.ike);
  object["interface"] = flow.interface == "(none)" ? Json(nullptr) : Json(std::string(flow.interface));
  object["map"] = matched ? Json(flow.view->entry->map) : Json(nullptr);
  object["seq"] = matched ? Json(flow.view->entry->sequence) : Json(nullptr);
  object["dynamic_map"] = matched ? text_or_null(flow.view->dynamic_map) : Json(nullptr);
  object["unmatched_reason"] = matched ? Json(nullptr) : Json(flow.view != nullptr ? flow.view->unmatched_reason : "not reported to the routes yet");
  const auto vrf = inside_vrf_of(*picture.summary, flow.view, flow.interface);
  object["vrf"] = vrf.empty() ? std::string(kDefaultVrf) : vrf;
  object["id"] = child.id;
  object["state"] = child.state;
  object["mode"] = child.tunnel ? "tunnel" : "transport";
  object["protocol"] = child.ah ? "ah" : "esp";
  object["udp_encapsulated"] = child.udp_encapsulated;
  object["local_selectors"] = selectors_json(child.local);
  object["remote_selectors"] = selectors_json(child.remote);
  object["spi_in"] = fmt::format("0x{:08X}", child.spi_in);
  object["spi_out"] = fmt::format("0x{:08X}", child.spi_out);
  object["transform"] = transform_of(child);
  add_suite(object, child.suite);
  object["packets_in"] = child.in.packets;
  object["bytes_in"] = child.in.bytes;
  object["packets_out"] = child.out.packets;
  object["bytes_out"] = child.out.bytes;
  object["age_seconds"] = child.age_seconds;
  object["rekey_seconds"] = number_or_null(child.rekey_seconds);
  object["life_seconds"] = number_or_null(child.life_seconds);
  return compact(object);
}

std::string ike_json(const SaPicture& picture, const IkeSa& ike) {
  auto object = endpoints_json(ike);
  const auto interface = interface_of(*picture.summary, ike);
  object["interface"] = interface == "(none)" ? Json(nullptr) : Json(std::string(interface));
  object["state"] = ike.state;
  object["initiator"] = ike.initiator;
  object["local_identity"] = text_or_null(ike.local_id);
  object["initiator_spi"] = text_or_null(ike.initiator_spi);
  object["responder_spi"] = text_or_null(ike.responder_spi);
  add_suite(object, ike.suite);
  object["prf"] = text_or_null(ike.suite.prf);
  object["nat"] = ike.nat_local || ike.nat_peer;
  object["age_seconds"] = ike.age_seconds;
  object["rekey_seconds"] = number_or_null(ike.rekey_seconds);
  object["reauth_seconds"] = number_or_null(ike.reauth_seconds);
  Json children = Json::array();
  for (const auto& child : ike.children) {
    if (child.is_active()) children.push_back(child.id);
  }
  object["children"] = std::move(children);
  return compact(object);
}

}  // namespace rri::show

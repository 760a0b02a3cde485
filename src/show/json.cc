#include "show/json.h"

#include <nlohmann/json.hpp>

namespace rri::show {

namespace {

using Json = nlohmann::ordered_json;

std::string compact(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json address_or_null(const std::optional<IpAddress>& address) {
  return address ? Json(address->to_string()) : Json(nullptr);
}

}  // namespace

std::string route_json(const RouteRow& row) {
  const bool has_map = row.kind != RouteKind::Static;
  Json object;
  object["vrf"] = row.vrf;
  object["prefix"] = row.prefix.to_string();
  object["next_hop"] = address_or_null(row.next_hop);
  object["gateway"] = address_or_null(row.gateway);
  object["device"] = row.device;
  object["distance"] = row.distance;
  object["tag"] = row.tag;
  object["kind"] = to_string(row.kind);
  object["state"] = to_string(row.state);
  object["map"] = has_map ? Json(row.map) : Json(nullptr);
  object["seq"] = has_map ? Json(row.sequence) : Json(nullptr);
  object["driver"] = to_string(row.driver);
  object["reason"] = row.reason;
  return compact(object);
}

std::string detailed_route_json(const RouteRow& row) {
  std::string object = route_json(row);
  object.pop_back();
  object += ",\"owners\":[";
  for (std::size_t i = 0; i < row.owners.size(); ++i) {
    if (i > 0) object += ',';
    object += quoted_json(row.owners[i]);
  }
  return object + "]}";
}

std::string notice_json(const Notice& notice) {
  Json object;
  object["code"] = notice_name(notice.code);
  object["text"] = notice.text;
  return compact(object);
}

std::string quoted_json(std::string_view text) { return compact(Json(text)); }

std::string list_json(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const auto& text : texts) json += (json.size() == 1 ? "\n" : ",\n") + quoted_json(text);
  return json + "]";
}

}  // namespace rri::show

#include "app/health.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "io/control/client.h"

namespace rri::app {

namespace {

int complain(const std::string& reason) {
  std::fprintf(stderr, "rri: this router cannot hold a redundancy group: %s\n", reason.c_str());
  return 1;
}

}  // namespace

int run_health(const std::string& socket) {
  auto connection = control::Connection::open(socket);
  if (!connection) return complain("could not " + connection.error().text);
  std::string text;
  const auto status = connection->run(control::FrameType::RunJson, "show rri", [&](std::string_view piece) {
    text.append(piece);
    return true;
  });
  if (!status) return complain("could not " + status.error().text);
  const auto answer = nlohmann::json::parse(text, nullptr, false);
  const auto source = answer.is_object() ? answer.value("source", nlohmann::json::object()) : nlohmann::json::object();
  const auto state = source.is_object() ? source.value("state", std::string("unknown")) : std::string("unknown");
  return state == "connected" ? 0 : complain("the IKE daemon is " + state);
}

}  // namespace rri::app

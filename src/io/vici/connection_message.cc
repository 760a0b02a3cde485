#include "io/vici/connection_message.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "base/text.h"
#include "io/vici/certificate.h"

namespace rri::vici {
namespace {

void write_section(MessageWriter& out, const CharonSection& section) {
  for (const auto& setting : section.settings) {
    if (const auto* value = std::get_if<std::string>(&setting.value)) {
      const bool starts = setting.name == "start_action" && *value == "start";
      out.value(setting.name, starts ? "none" : *value);
    }
    if (const auto* values = std::get_if<std::vector<std::string>>(&setting.value)) out.list(setting.name, *values);
    if (const auto* inner = std::get_if<std::vector<CharonSection>>(&setting.value)) {
      out.begin_section(setting.name);
      write_section(out, inner->front());
      out.end_section();
    }
  }
}

Result<Request> request_of(std::string command, MessageWriter& writer) {
  auto message = writer.take();
  if (!message) return tl::make_unexpected(message.error());
  return Request{std::move(command), std::move(*message), {}};
}

/// For messages whose names and values are known to fit.
Request small_request(std::string command, MessageWriter& writer) {
  auto request = request_of(std::move(command), writer);
  RRI_ASSERT(request.has_value());
  return std::move(*request);
}

}  // namespace

Result<Request> load_connection(const CharonConnection& connection) {
  MessageWriter out;
  out.begin_section(connection.name);
  write_section(out, connection.settings);
  out.end_section();
  return request_of("load-conn", out);
}

Result<Request> load_key(const CharonKey& key) {
  MessageWriter out;
  out.value("id", key.id).value("type", "IKE").value("data", key.data);
  out.list("owners", key.owners);
  return request_of("load-shared", out);
}

Request unload_connection(std::string_view name) {
  MessageWriter out;
  out.value("name", name);
  return small_request("unload-conn", out);
}

Request unload_key(std::string_view id) {
  MessageWriter out;
  out.value("id", id);
  return small_request("unload-shared", out);
}

Request terminate_ike(std::string_view connection) {
  MessageWriter out;
  out.value("ike", connection).value("force", "yes").value("timeout", "-1");
  return small_request("terminate", out);
}

Request terminate_ike_sa(std::uint64_t id) {
  MessageWriter out;
  out.value("ike-id", std::to_string(id)).value("force", "yes").value("timeout", "-1");
  return small_request("terminate", out);
}

Request list_ike_sa(std::uint64_t id) {
  MessageWriter out;
  out.value("ike-id", std::to_string(id));
  auto request = small_request("list-sas", out);
  request.stream_event = "list-sa";
  return request;
}

Request terminate_child(std::string_view connection, std::string_view child) {
  MessageWriter out;
  out.value("ike", connection).value("child", child).value("timeout", "-1");
  return small_request("terminate", out);
}

Result<> check_reply(const Result<Reply>& reply, std::string_view operation) {
  if (!reply) return fail("{}: {}", operation, reply.error().text);
  MessageView view;
  if (auto parsed = view.parse(reply->response); !parsed) return fail("{}: {}", operation, parsed.error().text);
  const auto root = view.root();
  if (root.value_or_empty("success") == "yes") return {};
  return fail("{}: strongSwan says: {}", operation, printable(root.value_or_empty("errmsg")));
}

Result<std::vector<std::string>> list_in_reply(const Result<Reply>& reply, std::string_view list) {
  if (!reply) return tl::make_unexpected(reply.error());
  MessageView view;
  if (auto parsed = view.parse(reply->response); !parsed) return tl::make_unexpected(parsed.error());
  std::vector<std::string> items;
  view.root().for_each_item(list, [&](std::string_view item) { items.emplace_back(item); });
  return items;
}

std::string charon_since(const Reply& reply) {
  MessageView view;
  if (!view.parse(reply.response)) return {};
  const auto uptime = view.root().find_section("uptime");
  return uptime ? printable(uptime->value_or_empty("since")) : std::string();
}

Request initiate_child(std::string_view connection, std::string_view child) {
  MessageWriter out;
  out.value("ike", connection).value("child", child).value("timeout", "-1");
  return small_request("initiate", out);
}

std::vector<IkeState> ike_states(const Reply& reply) {
  std::vector<IkeState> states;
  MessageView view;
  for (const auto& message : reply.streamed) {
    if (!view.parse(message)) continue;
    view.root().for_each_section([&](std::string_view name, const SectionView& ike) {
      IkeState state{std::string(name), printable(ike.value_or_empty("remote-host")), std::string(ike.value_or_empty("state")), false};
      ike.for_each_item("tasks-active", [&](std::string_view) { state.waits = true; });
      states.push_back(std::move(state));
    });
  }
  return states;
}

Request list_certificates() {
  MessageWriter out;
  out.value("type", "X509").value("flag", "ANY");
  auto request = small_request("list-certs", out);
  request.stream_event = "list-cert";
  return request;
}

Result<std::vector<Certificate>> certificates_in(const Result<Reply>& reply) {
  if (!reply) return tl::make_unexpected(reply.error());
  std::vector<Certificate> certificates;
  MessageView view;
  for (const auto& message : reply->streamed) {
    if (auto parsed = view.parse(message); !parsed) return tl::make_unexpected(parsed.error());
    const auto root = view.root();
    auto certificate = read_certificate(root.value_or_empty("data"));
    certificate.has_key = root.value_or_empty("has_privkey") == "yes";
    certificate.is_authority = root.value_or_empty("flag") == "CA";
    if (certificate.has_key || certificate.is_authority) certificates.push_back(std::move(certificate));
  }
  std::sort(certificates.begin(), certificates.end(), [](const Certificate& a, const Certificate& b) { return a.der < b.der; });
  return certificates;
}

}  // namespace rri::vici

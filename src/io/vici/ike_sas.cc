#include "io/vici/ike_sas.h"

#include <algorithm>

#include "base/text.h"
#include "io/vici/limits.h"

namespace rri::vici {
namespace {

template <class T>
T number_or_zero(const SectionView& section, std::string_view name) {
  return parse_number<T>(section.value_or_empty(name)).value_or(T{0});
}

std::optional<std::uint64_t> number(const SectionView& section, std::string_view name) {
  return parse_number<std::uint64_t>(section.value_or_empty(name));
}

std::uint32_t spi(const SectionView& section, std::string_view name) {
  const auto text = section.value_or_empty(name);
  std::uint32_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return error == std::errc{} && stop == text.data() + text.size() ? value : 0;
}

std::optional<IpAddress> address(const SectionView& section, std::string_view name) {
  const auto found = IpAddress::try_parse(section.value_or_empty(name));
  return found && !found->is_unspecified() ? found : std::nullopt;
}

bool yes(const SectionView& section, std::string_view name) { return section.value_or_empty(name) == "yes"; }

std::string text(const SectionView& section, std::string_view name) { return printable(section.value_or_empty(name)); }

/// "%any" stands for an identity that is not known yet.
std::string identity(const SectionView& section, std::string_view name) {
  const auto found = section.value_or_empty(name);
  return found == "%any" ? std::string() : printable(found);
}

std::vector<std::string> items(const SectionView& section, std::string_view name) {
  std::vector<std::string> found;
  section.for_each_item(name, [&](std::string_view item) {
    if (found.size() < kMaxSelectors) found.push_back(printable(item));
  });
  return found;
}

std::vector<TrafficSelector> selectors(const SectionView& section, std::string_view name) {
  std::vector<TrafficSelector> found;
  section.for_each_item(name, [&](std::string_view item) {
    auto selector = TrafficSelector::parse(item);
    if (selector && found.size() < kMaxSelectors) found.push_back(std::move(*selector));
  });
  return found;
}

CryptoSuite suite(const SectionView& section) {
  return {text(section, "encr-alg"), number_or_zero<std::uint32_t>(section, "encr-keysize"), text(section, "integ-alg"),
          text(section, "prf-alg"), text(section, "dh-group")};
}

std::optional<ChildSa> read_child_sa(const SectionView& section) {
  const auto id = number(section, "uniqueid");
  if (!id) return std::nullopt;
  ChildSa child;
  child.id = *id;
  child.name = text(section, "name");
  child.reqid = number_or_zero<std::uint32_t>(section, "reqid");
  child.state = text(section, "state");
  child.tunnel = section.value_or_empty("mode") == "TUNNEL";
  child.ah = section.value_or_empty("protocol") == "AH";
  child.udp_encapsulated = yes(section, "encap");
  child.spi_in = spi(section, "spi-in");
  child.spi_out = spi(section, "spi-out");
  child.suite = suite(section);
  child.in = {number_or_zero<std::uint64_t>(section, "packets-in"), number_or_zero<std::uint64_t>(section, "bytes-in")};
  child.out = {number_or_zero<std::uint64_t>(section, "packets-out"), number_or_zero<std::uint64_t>(section, "bytes-out")};
  child.rekey_seconds = number(section, "rekey-time");
  child.life_seconds = number(section, "life-time");
  child.age_seconds = number_or_zero<std::uint64_t>(section, "install-time");
  child.local = selectors(section, "local-ts");
  child.remote = selectors(section, "remote-ts");
  return child;
}

void read_peer_identity(const SectionView& section, IkeSa& ike) {
  for (const auto* name : {"remote-eap-id", "remote-xauth-id"}) {
    ike.peer_id = identity(section, name);
    ike.extended_authentication = !ike.peer_id.empty();
    if (ike.extended_authentication) return;
  }
  ike.peer_id = identity(section, "remote-id");
}

}  // namespace

Request make_list_request(Millis timeout, std::function<void(std::string_view message)> on_streamed) {
  return {"list-sas", {}, "list-sa", timeout, std::move(on_streamed)};
}

std::optional<IkeSa> read_ike_sa(std::string_view connection, const SectionView& section) {
  const auto id = number(section, "uniqueid");
  if (!id) return std::nullopt;
  IkeSa ike;
  ike.id = *id;
  if (connection != "(unnamed)") ike.connection = printable(connection);
  ike.version = section.value_or_empty("version") == "1" ? 1 : 2;
  ike.state = text(section, "state");
  ike.local = address(section, "local-host");
  ike.peer = address(section, "remote-host");
  ike.local_port = number_or_zero<std::uint16_t>(section, "local-port");
  ike.peer_port = number_or_zero<std::uint16_t>(section, "remote-port");
  ike.local_id = identity(section, "local-id");
  read_peer_identity(section, ike);
  ike.initiator = yes(section, "initiator");
  ike.initiator_spi = text(section, "initiator-spi");
  ike.responder_spi = text(section, "responder-spi");
  ike.nat_local = yes(section, "nat-local");
  ike.nat_peer = yes(section, "nat-remote");
  ike.suite = suite(section);
  ike.age_seconds = number_or_zero<std::uint64_t>(section, "established");
  ike.rekey_seconds = number(section, "rekey-time");
  ike.reauth_seconds = number(section, "reauth-time");
  ike.pushed_addresses = items(section, "remote-vips");
  ike.tasks = items(section, "tasks-active");
  section.for_each_section([&](std::string_view name, const SectionView& inside) {
    if (name != "child-sas") return;
    inside.for_each_section([&](std::string_view, const SectionView& child_section) {
      if (auto child = read_child_sa(child_section)) ike.children.push_back(std::move(*child));
    });
  });
  std::sort(ike.children.begin(), ike.children.end(), [](const ChildSa& a, const ChildSa& b) { return a.id < b.id; });
  return ike;
}

Result<> read_ike_sas(std::string_view message, const std::function<void(IkeSa)>& take) {
  MessageView view;
  if (auto read = view.parse(message); !read) return fail("read the SAs of strongSwan: {}", read.error().text);
  view.root().for_each_section([&](std::string_view name, const SectionView& section) {
    if (auto ike = read_ike_sa(name, section)) take(std::move(*ike));
  });
  return {};
}

Result<std::vector<IkeSa>> read_ike_sas(const Reply& reply) {
  std::vector<IkeSa> sas;
  for (const auto& message : reply.streamed) {
    if (auto read = read_ike_sas(message, [&](IkeSa ike) { sas.push_back(std::move(ike)); }); !read) return tl::make_unexpected(read.error());
  }
  std::sort(sas.begin(), sas.end(), [](const IkeSa& a, const IkeSa& b) { return a.id < b.id; });
  return sas;
}

Request make_connections_request(Millis timeout) { return {"list-conns", {}, "list-conn", timeout}; }

namespace {

ConnectionReport read_connection(std::string_view name, const SectionView& section) {
  ConnectionReport made;
  made.name = printable(name);
  made.peers = items(section, "remote_addrs");
  section.for_each_section([&](std::string_view inside_name, const SectionView& inside) {
    // Authentication rounds are numbered: "local-1". The first one tells.
    if (inside_name.starts_with("local-") && made.local_authentication.empty()) made.local_authentication = text(inside, "class");
    if (inside_name.starts_with("remote-") && made.peer_authentication.empty()) made.peer_authentication = text(inside, "class");
    if (inside_name != "children") return;
    inside.for_each_section([&](std::string_view child, const SectionView& child_section) {
      made.children.push_back({printable(child), items(child_section, "local-ts"), items(child_section, "remote-ts")});
    });
  });
  return made;
}

}  // namespace

Result<std::vector<ConnectionReport>> read_connections(const Reply& reply) {
  std::vector<ConnectionReport> connections;
  MessageView message;
  for (const auto& bytes : reply.streamed) {
    if (auto read = message.parse(bytes); !read) return fail("read the connections of strongSwan: {}", read.error().text);
    message.root().for_each_section([&](std::string_view name, const SectionView& section) {
      if (connections.size() < kMaxListedSas) connections.push_back(read_connection(name, section));
    });
  }
  return connections;
}

Result<Request> make_initiate_request(const std::string& connection, const std::string& child, Millis timeout, std::optional<Millis> wait) {
  MessageWriter writer;
  writer.value("child", child).value("ike", connection).value("timeout", wait ? fmt::format("{}", wait->count()) : "-1");
  auto message = writer.take();
  if (!message) return tl::make_unexpected(message.error());
  return Request{"initiate", std::move(*message), {}, timeout};
}

Result<Request> make_terminate_request(const SaTermination& which, Millis timeout) {
  MessageWriter writer;
  writer.value(which.is_child ? "child-id" : "ike-id", fmt::format("{}", which.id)).value("timeout", "-1");
  auto message = writer.take();
  if (!message) return tl::make_unexpected(message.error());
  return Request{"terminate", std::move(*message), {}, timeout};
}

Result<> check_success(const Reply& reply, std::string_view what) {
  MessageView message;
  if (auto read = message.parse(reply.response); !read) return fail("{}: strongSwan's answer: {}", what, read.error().text);
  if (yes(message.root(), "success")) return {};
  const auto reason = message.root().value_or_empty("errmsg");
  return fail("{}: strongSwan says: {}", what, reason.empty() ? "no" : printable(reason));
}

}  // namespace rri::vici

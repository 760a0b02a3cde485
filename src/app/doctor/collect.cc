#include "app/doctor/collect.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "app/doctor/limits.h"
#include "core/tunnel_plan.h"
#include "app/doctor/neighbour_files.h"
#include "app/doctor/probe.h"
#include "base/text.h"
#include "config/config.h"
#include "io/control/client.h"
#include "io/vici/codec.h"

namespace rri::doctor {

namespace {

using Json = nlohmann::json;

/// What a command of rrid prints.
Result<std::string> ask(control::Connection& connection, control::FrameType type, std::string_view command) {
  std::string text;
  const auto status = connection.run(type, command, [&](std::string_view piece) {
    text.append(piece);
    return text.size() < kMaxAnswerBytes;
  });
  if (!status) return tl::make_unexpected(status.error());
  if (status->kind != control::Status::Kind::Ok) return fail("run {}: {}", command, status->text);
  return text;
}

void take_configuration(Facts& facts, std::string name, std::string_view text) {
  auto parsed = parse_document(text);
  facts.config = std::move(parsed.config);
  facts.config_name = std::move(name);
  facts.has_config = true;
  for (const auto& diagnostic : parsed.diagnostics) {
    if (diagnostic.severity == Severity::Error && facts.config_errors.size() < kMaxConfigErrors) {
      facts.config_errors.push_back(render_diagnostic(diagnostic, facts.config_name));
    }
  }
  const auto* managed = std::get_if<StrongSwanSource>(&facts.config.settings.ike);
  if (managed == nullptr || managed->observe) return;
  for (const auto& remark : core::plan_tunnels(facts.config, {}).remarks) {
    if (!remark.is_error || facts.tunnel_errors.size() >= kMaxConfigErrors) continue;
    facts.tunnel_errors.push_back(render_diagnostic({Severity::Error, remark.position, remark.text}, facts.config_name));
  }
}

std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

void take_summary(DaemonFacts& daemon, const std::string& text) {
  const auto summary = Json::parse(text, nullptr, false);
  if (!summary.is_object()) return;
  daemon.in_sync = summary.value("in_sync", false);
  if (const auto source = summary.find("source"); source != summary.end() && source->is_object()) {
    daemon.source_state = text_of(*source, "state");
    daemon.source_error = text_of(*source, "error");
  }
  const auto notices = summary.find("notices");
  if (notices == summary.end() || !notices->is_array()) return;
  for (const auto& notice : *notices) {
    if (daemon.notices.size() >= kMaxNotices || !notice.is_object()) break;
    const auto code = text_of(notice, "code");
    if (code == "INTERFACE-DIFFERS" || code == "INTERFACE-UNBOUND" || code == "VRF-MISSING") continue;  // checks of their own
    daemon.notices.push_back(fmt::format("{}: {}", code, text_of(notice, "text")));
  }
}

/// User and groups of a process, from /proc/PID/status.
void take_rights(DaemonFacts& daemon, int pid) {
  const auto text = read_text(fmt::format("/proc/{}/status", pid));
  if (!text) return;
  for (const auto line : split(*text, '\n')) {
    const auto words = split_words(line);
    if (words.size() < 2) continue;
    if (words[0] == "Uid:" && words.size() >= 3) daemon.uid = parse_number<std::uint32_t>(words[2]);
    if (words[0] != "Gid:" && words[0] != "Groups:") continue;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (const auto group = parse_number<std::uint32_t>(words[i])) daemon.groups.insert(*group);
    }
  }
}

/// Without rrid the startup configuration is what there is to judge by.
void read_startup(const Places& places, Facts& facts) {
  if (const auto text = read_text(places.config)) return take_configuration(facts, places.config, *text);
  facts.config_error = fmt::format("read {}: {}", places.config, std::strerror(errno));
}

std::string link_target(const std::string& path) {
  std::string target(256, '\0');
  const auto length = ::readlink(path.c_str(), target.data(), target.size());
  target.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return target;
}

std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  DIR* open = ::opendir(directory.c_str());
  if (open == nullptr) return names;
  while (const auto* entry = ::readdir(open)) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  ::closedir(open);
  std::sort(names.begin(), names.end());
  return names;
}

/// The 22nd field of /proc/PID/stat; the name before it may hold blanks and brackets.
std::uint64_t start_of(int pid) {
  const auto text = read_text(fmt::format("/proc/{}/stat", pid)).value_or("");
  const auto end = text.rfind(')');
  if (end == std::string::npos) return 0;
  const auto words = split_words(std::string_view(text).substr(end + 1));
  return words.size() > 19 ? parse_number<std::uint64_t>(words[19]).value_or(0) : 0;
}

/// The version that charon tells over VICI.
void ask_version(CharonFacts& charon) {
  auto stream = Stream::open(charon.socket.path);
  const auto frame = vici::make_frame({vici::PacketType::CommandRequest, "version", {}});
  if (!stream || !frame || !stream->send(*frame)) return;
  vici::FrameReader reader;
  for (;;) {
    const auto bytes = stream->receive();
    if (!bytes || bytes->empty()) return;
    reader.append(*bytes);
    const auto payload = reader.next();
    if (!payload) return;
    if (!*payload) continue;
    const auto packet = vici::parse_packet(**payload);
    vici::MessageView message;
    if (!packet || packet->type != vici::PacketType::CommandResponse || !message.parse(packet->message)) return;
    charon.daemon = message.root().value_or_empty("daemon");
    charon.version = message.root().value_or_empty("version");
    return;
  }
}

/// STRONGSWAN_CONF of the process that listens, "" when it has none.
std::string conf_of_process(int pid) {
  constexpr std::string_view kName = "STRONGSWAN_CONF=";
  const auto text = read_text(fmt::format("/proc/{}/environ", pid)).value_or("");
  for (const auto variable : split(text, '\0')) {
    if (variable.starts_with(kName)) return std::string(variable.substr(kName.size()));
  }
  return {};
}

/// Processes that have the FIFO open for reading only; keepalived itself has it open for both.
void find_readers(Facts& facts) {
  struct stat fifo {};
  facts.fifo.exists = ::stat(facts.fifo.path.c_str(), &fifo) == 0;
  facts.fifo.is_fifo = facts.fifo.exists && S_ISFIFO(fifo.st_mode);
  facts.fifo.readers_known = facts.host.is_root;
  if (!facts.fifo.is_fifo || !facts.host.is_root) return;
  for (const auto& pid : names_in("/proc")) {
    if (!parse_number<int>(pid)) continue;
    for (const auto& fd : names_in(fmt::format("/proc/{}/fd", pid))) {
      struct stat open {};
      if (::stat(fmt::format("/proc/{}/fd/{}", pid, fd).c_str(), &open) != 0) continue;
      if (open.st_dev != fifo.st_dev || open.st_ino != fifo.st_ino) continue;
      const auto flags = read_text(fmt::format("/proc/{}/fdinfo/{}", pid, fd)).value_or("");
      const auto at = flags.find("flags:");
      const auto words = split_words(std::string_view(flags).substr(at == std::string::npos ? flags.size() : at));
      if (words.size() < 2 || trim(words[1].substr(0, words[1].find('\n'))).back() != '0') continue;  // O_RDONLY
      const auto name = read_text(fmt::format("/proc/{}/comm", pid)).value_or("");
      facts.fifo.readers.push_back(fmt::format("{} ({})", printable(trim(name)), pid));
      break;
    }
  }
}

/// Devices by index, as networkd and NetworkManager keep them in /run.
std::set<std::string> managed_devices(const Facts& facts, const std::string& directory, std::string_view mark) {
  std::set<std::string> devices;
  for (const auto& link : facts.kernel.links) {
    const auto text = read_text(fmt::format("{}/{}", directory, link.index));
    if (text && text->find(mark) != std::string::npos) devices.insert(link.name);
  }
  return devices;
}

}  // namespace

void collect_daemon(const Places& places, Facts& facts) {
  auto& daemon = facts.daemon;
  daemon.socket = places.socket;
  auto connection = control::Connection::open(places.socket);
  if (!connection) {
    daemon.error = connection.error().text;
    return read_startup(places, facts);
  }
  const auto summary = ask(*connection, control::FrameType::RunJson, "show rri");
  const auto running = summary ? ask(*connection, control::FrameType::RunText, "show running-config") : summary;
  if (!running) {
    daemon.error = running.error().text;
    return read_startup(places, facts);
  }
  daemon.answers = true;
  if (const auto stream = Stream::open(places.socket)) take_rights(daemon, stream->peer().pid);
  take_summary(daemon, *summary);
  const auto begin = running->find("\n!");
  take_configuration(facts, "running-config", std::string_view(*running).substr(begin == std::string::npos ? 0 : begin + 1));
}

void collect_processes(Facts& facts) {
  facts.host.is_root = ::geteuid() == 0;
  const auto own = link_target("/proc/self/ns/net");
  for (const auto& name : names_in("/proc")) {
    const auto pid = parse_number<int>(name);
    if (!pid) continue;
    const auto network = link_target(fmt::format("/proc/{}/ns/net", *pid));
    if (!network.empty() && network != own) continue;
    const auto comm = read_text(fmt::format("/proc/{}/comm", *pid));
    if (!comm) continue;
    ProcessFact process{std::string(trim(*comm)), *pid, start_of(*pid), {}};
    const auto arguments = read_text(fmt::format("/proc/{}/cmdline", *pid)).value_or("");
    for (const auto word : split(arguments, '\0')) process.arguments.emplace_back(word);
    facts.host.processes.push_back(std::move(process));
  }
}

void collect_charon(const Places& places, Facts& facts) {
  const auto* source = std::get_if<StrongSwanSource>(&facts.config.settings.ike);
  if (source == nullptr) return;
  facts.charon.socket = look_at_socket(source->socket);
  if (facts.charon.socket.connects) ask_version(facts.charon);
  auto conf = places.strongswan_conf;
  if (conf.empty() && facts.charon.socket.connects) conf = conf_of_process(find_listener(source->socket));
  facts.strongswan = read_strongswan_conf(conf.empty() ? "/etc/strongswan.conf" : conf, find_files);
}

void collect_host(const Places& places, Facts& facts) {
  auto& host = facts.host;
  for (const auto* pattern : {"/etc/iproute2/rt_protos", "/etc/iproute2/rt_protos.d/*.conf"}) {
    for (const auto& file : find_files(pattern)) parse_protocol_names(file, host.protocol_names);
  }
  // Drop-ins of /etc stand before those of /run and /usr/lib, by name; the last word of /etc counts here.
  for (const auto* pattern : {"/usr/lib/systemd/networkd.conf.d/*.conf", "/etc/systemd/networkd.conf", "/etc/systemd/networkd.conf.d/*.conf"}) {
    for (const auto& file : find_files(pattern)) {
      if (auto value = parse_ini_value(file, "Network", "ManageForeignRoutes")) host.manage_foreign_routes = std::move(value);
    }
  }
  host.networkd_devices = managed_devices(facts, "/run/systemd/netif/links", "ADMIN_STATE=configur");
  host.network_manager_devices = managed_devices(facts, "/run/NetworkManager/devices", "managed=true");
  if (read_text(places.keepalived_conf)) {
    host.keepalived_file = places.keepalived_conf;
    host.keepalived_instances = read_keepalived_instances(places.keepalived_conf, find_files);
  }
  facts.fifo.path = facts.config.settings.redundancy.fifo;
  find_readers(facts);
}

Facts collect_facts(const Places& places) {
  Facts facts;
  collect_daemon(places, facts);
  collect_processes(facts);
  collect_charon(places, facts);
  collect_kernel(facts);
  collect_host(places, facts);
  collect_frr(places, facts);
  return facts;
}

}  // namespace rri::doctor

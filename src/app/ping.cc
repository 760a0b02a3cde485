#include "app/ping.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "base/text.h"
#include "net/address.h"

extern char** environ;

namespace rri::app {

namespace {

using Take = std::function<void(std::string_view line)>;

constexpr std::string_view kPingSize = "100";
constexpr std::string_view kPingTimeout = "2";

std::string word_or(const shell::ExecMatch& match, std::string_view name, std::string_view otherwise) {
  const auto found = match.words.find(name);
  return found == match.words.end() ? std::string(otherwise) : found->second;
}

/// How a program ended.
struct Ended {
  std::optional<int> status;  // nothing where it is not there
  bool was_stopped = false;
};

/// Hands on what comes from `stream` line by line, up to its end; true: the keys that stop `pid` were pressed.
bool read_lines(int stream, pid_t pid, const Take& take, const StopKeys& keys) {
  std::string line;
  std::array<char, 4096> part;
  bool stopped = false;
  while (true) {
    std::array<pollfd, 2> waits{{{stream, POLLIN, 0}, {stopped ? -1 : keys.descriptor, POLLIN, 0}}};
    if (::poll(waits.data(), waits.size(), -1) < 0) continue;
    if (waits[1].revents != 0 && keys.were_pressed()) {
      stopped = true;
      ::kill(pid, SIGINT);
    }
    if (waits[0].revents == 0) continue;
    const auto got = ::read(stream, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return stopped;
    for (const char byte : std::string_view(part.data(), static_cast<std::size_t>(got))) {
      if (byte != '\n') {
        line += byte;
        continue;
      }
      take(line);
      line.clear();
    }
  }
}

/// Runs a program and hands on each line that it prints on either stream.
Ended run_program(std::vector<std::string> words, const Take& take, const StopKeys& keys) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) return {};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) posix_spawn_file_actions_adddup2(&actions, ends[1], stream);
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  Ended ended;
  if (error == 0) {
    ended.was_stopped = read_lines(ends[0], pid, take, keys);
    int status = 0;
    ::waitpid(pid, &status, 0);
    ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  }
  ::close(ends[0]);
  return ended;
}

/// Options of both programs: where packets leave and what they come from.
void add_source(std::vector<std::string>& words, std::string_view option, const shell::ExecMatch& match,
                const AddressOf& address_of) {
  if (const auto vrf = match.words.find("name"); vrf != match.words.end()) words.insert(words.end(), {option == "-s" ? "-i" : "-I", vrf->second});
  const auto source = match.words.find("if");
  if (source == match.words.end()) return;
  words.insert(words.end(), {std::string(option), IpAddress::try_parse(source->second) ? source->second : address_of(source->second).value_or(source->second)});
}

std::string not_installed(std::string_view program, std::string_view package) {
  return fmt::format("% Could not run {}: it is not installed here (Debian package {})\n", program, package);
}

/// One packet: '!' with its time, 'U', 'M', '.'; the end of what could not be sent at all.
struct Echo {
  char sign = '.';
  std::optional<double> millis;
  std::string trouble;
};

void read_echo(std::string_view line, Echo& echo) {
  constexpr std::string_view kTrouble = "ping: ";
  if (line.starts_with(kTrouble)) echo.trouble = line.substr(kTrouble.size());
  const auto sign = sign_of(line);
  if (!sign) return;
  echo.sign = *sign;
  constexpr std::string_view kTime = " time";  // "time=0.045 ms", "time<1 ms"
  const auto time = line.find(kTime);
  if (*sign == '!') echo.millis = time == std::string_view::npos ? 0 : std::strtod(std::string(line.substr(time + kTime.size() + 1)).c_str(), nullptr);
}

std::vector<std::string> ping_words(const shell::ExecMatch& match, const AddressOf& address_of) {
  const auto& target = match.words.at("address");
  const auto address = IpAddress::try_parse(target);
  const int headers = address && !address->is_v4() ? 48 : 28;
  const auto size = parse_number<int>(word_or(match, "36-9000", kPingSize)).value_or(0);
  std::vector<std::string> words = {"ping", "-n", "-c", "1", "-W", word_or(match, "1-60", kPingTimeout), "-s", std::to_string(std::max(size - headers, 0))};
  add_source(words, "-I", match, address_of);
  words.push_back(target);
  return words;
}

/// As IOS does it: the next packet goes out when the one before was answered, or had its time.
std::string run_ping(const shell::ExecMatch& match, const AddressOf& address_of, const Print& print, const StopKeys& keys) {
  const auto repeat = parse_number<unsigned>(word_or(match, "1-10000", "5")).value_or(0);
  print(fmt::format("Type escape sequence to abort.\nSending {}, {}-byte ICMP Echos to {}, timeout is {} seconds:\n", repeat,
                    word_or(match, "36-9000", kPingSize), match.words.at("address"), word_or(match, "1-60", kPingTimeout)));
  std::fflush(stdout);
  const auto words = ping_words(match, address_of);
  RoundTrips trips;
  for (bool stopped = false; trips.sent < repeat && !stopped;) {
    constexpr unsigned kInLine = 70;
    Echo echo;
    const auto ended = run_program(words, [&](std::string_view line) { read_echo(line, echo); }, keys);
    if (!ended.status) return not_installed("ping", "iputils-ping");
    if (!echo.trouble.empty()) return fmt::format("% {}\n", printable(echo.trouble));
    stopped = ended.was_stopped;
    trips.add(echo.millis);
    if (!stopped || echo.millis) print(std::string(1, echo.sign) + (trips.sent % kInLine == 0 ? "\n" : ""));
    std::fflush(stdout);
  }
  print("\n" + success_line(trips));
  return {};
}

std::string run_traceroute(const shell::ExecMatch& match, const AddressOf& address_of, const Print& print, const StopKeys& keys) {
  const auto& target = match.words.at("address");
  std::vector<std::string> words = {"traceroute", "-n", "-w", "3"};
  add_source(words, "-s", match, address_of);
  words.push_back(target);
  print(fmt::format("Type escape sequence to abort.\nTracing the route to {}\nVRF info: (vrf in name/id, vrf out name/id)\n", target));
  std::fflush(stdout);
  const auto ended = run_program(words, [&](std::string_view line) {
    if (line.starts_with("traceroute to ")) return;
    print(hop_line(printable(line)));
    std::fflush(stdout);
  }, keys);
  return ended.status ? std::string() : not_installed("traceroute", "traceroute");
}

}  // namespace

std::optional<char> sign_of(std::string_view line) {
  if (line.find(" bytes from ") != std::string_view::npos) return '!';
  if (line.starts_with("From ") && line.find("icmp_seq=") != std::string_view::npos) return line.find("frag needed") != std::string_view::npos ? 'M' : 'U';
  return std::nullopt;
}

std::string hop_line(std::string_view line) {
  const auto words = split_words(line);
  if (words.empty() || !parse_number<unsigned>(words[0])) return fmt::format("{}\n", line);
  auto text = fmt::format("{:>3}", words[0]);
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto word = std::string(words[i]);
    const bool is_time = i + 1 < words.size() && words[i + 1] == "ms";
    if (is_time) {
      text += fmt::format(" {} msec", std::lround(std::strtod(word.c_str(), nullptr)));
      ++i;
    } else if (word == "*" || word.front() == '!') {
      text += " " + word;
    } else {  // another router answered
      text += (i == 1 ? " " : "\n    ") + word;
    }
  }
  return text + "\n";
}

void RoundTrips::add(std::optional<double> millis) {
  ++sent;
  if (!millis) return;
  least = received == 0 ? *millis : std::min(least, *millis);
  most = std::max(most, *millis);
  total += *millis;
  ++received;
}

std::string success_line(const RoundTrips& trips) {
  auto text = fmt::format("Success rate is {} percent ({}/{})", trips.sent == 0 ? 0 : trips.received * 100 / trips.sent, trips.received, trips.sent);
  const auto whole = [](double millis) { return std::max(1L, std::lround(millis)); };
  if (trips.received > 0) text += fmt::format(", round-trip min/avg/max = {}/{}/{} ms", whole(trips.least), whole(trips.total / trips.received), whole(trips.most));
  return text + "\n";
}

bool may_be_host(std::string_view target) {
  if (IpAddress::try_parse(target)) return true;
  const auto is_of_name = [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_'; };
  const bool is_name = !target.empty() && target.front() != '-' && std::all_of(target.begin(), target.end(), is_of_name);
  return is_name && target.find_first_not_of("0123456789.") != std::string_view::npos;  // `1.1.1` is no name
}

std::string run_probe(const shell::ExecMatch& match, const AddressOf& address_of, const Print& print, const StopKeys& keys) {
  if (!may_be_host(match.words.at("address"))) return "% Unrecognized host or address, or protocol not running.\n";
  return match.command == shell::ExecCommand::Ping ? run_ping(match, address_of, print, keys) : run_traceroute(match, address_of, print, keys);
}

}  // namespace rri::app

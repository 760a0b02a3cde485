#include "app/ping.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "base/text.h"
#include "net/address.h"

extern char** environ;

namespace rri::app {

namespace {

std::string word_or(const shell::ExecMatch& match, std::string_view name, std::string_view otherwise) {
  const auto found = match.words.find(name);
  return found == match.words.end() ? std::string(otherwise) : found->second;
}

/// Runs a program and hands on each line that it prints on either stream; its status,
/// nothing where it is not there.
std::optional<int> run_program(std::vector<std::string> words, const std::function<void(std::string_view line)>& take) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) return std::nullopt;
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
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> output(::fdopen(ends[0], "r"), &std::fclose);
  if (error != 0) return std::nullopt;
  std::string line;
  for (int byte = std::fgetc(output.get()); byte != EOF; byte = std::fgetc(output.get())) {
    if (byte != '\n') {
      line += static_cast<char>(byte);
      continue;
    }
    take(line);
    line.clear();
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/// Options of both programs: where packets leave and what they come from.
void add_source(std::vector<std::string>& words, std::string_view option, const shell::ExecMatch& match,
                const std::function<std::optional<std::string>(const std::string&)>& address_of) {
  if (const auto vrf = match.words.find("name"); vrf != match.words.end()) words.insert(words.end(), {option == "-s" ? "-i" : "-I", vrf->second});
  const auto source = match.words.find("if");
  if (source == match.words.end()) return;
  words.insert(words.end(), {std::string(option), IpAddress::try_parse(source->second) ? source->second : address_of(source->second).value_or(source->second)});
}

std::string not_installed(std::string_view program, std::string_view package) {
  return fmt::format("% Could not run {}: it is not installed here (Debian package {})\n", program, package);
}

/// Prints signs, 70 in a line as IOS does.
class Signs {
 public:
  explicit Signs(const Print& print) : print_(print) {}

  void add(char sign) {
    constexpr unsigned kInLine = 70;
    print_(std::string(1, sign));
    received_ += sign == '!' ? 1 : 0;
    if (++count_ % kInLine == 0) print_("\n");
    std::fflush(stdout);
  }
  void fill_to(unsigned sent) {
    while (count_ < sent) add('.');
    print_("\n");
  }
  [[nodiscard]] unsigned received() const { return received_; }

 private:
  const Print& print_;
  unsigned count_ = 0;
  unsigned received_ = 0;
};

std::string run_ping(const shell::ExecMatch& match, const std::function<std::optional<std::string>(const std::string&)>& address_of, const Print& print) {
  const auto target = match.words.at("address");
  const auto repeat = word_or(match, "1-10000", "5");
  const auto size = parse_number<int>(word_or(match, "36-9000", "100")).value_or(100);
  const auto timeout = word_or(match, "1-60", "2");
  const auto address = IpAddress::try_parse(target);
  const int headers = address && !address->is_v4() ? 48 : 28;
  std::vector<std::string> words = {"ping", "-n", "-O", "-i", "0.2", "-c", repeat, "-W", timeout, "-s", std::to_string(std::max(size - headers, 0))};
  add_source(words, "-I", match, address_of);
  words.push_back(target);
  print(fmt::format("Type escape sequence to abort.\nSending {}, {}-byte ICMP Echos to {}, timeout is {} seconds:\n", repeat, size, target, timeout));
  std::fflush(stdout);
  Signs signs(print);
  std::string last;
  const auto status = run_program(words, [&](std::string_view line) {
    if (const auto sign = sign_of(line)) signs.add(*sign);
    if (!line.empty()) last = line;
  });
  if (!status) return not_installed("ping", "iputils-ping");
  if (last.starts_with("ping: ")) return fmt::format("% {}\n", printable(last.substr(std::string_view("ping: ").size())));
  const auto sent = parse_number<unsigned>(repeat).value_or(0);
  signs.fill_to(sent);
  print(success_line(signs.received(), sent, last));
  return {};
}

std::string run_traceroute(const shell::ExecMatch& match, const std::function<std::optional<std::string>(const std::string&)>& address_of, const Print& print) {
  const auto& target = match.words.at("address");
  std::vector<std::string> words = {"traceroute", "-n", "-w", "3"};
  add_source(words, "-s", match, address_of);
  words.push_back(target);
  print(fmt::format("Type escape sequence to abort.\nTracing the route to {}\nVRF info: (vrf in name/id, vrf out name/id)\n", target));
  std::fflush(stdout);
  const auto status = run_program(words, [&](std::string_view line) {
    if (line.starts_with("traceroute to ")) return;
    print(hop_line(printable(line)));
    std::fflush(stdout);
  });
  return status ? std::string() : not_installed("traceroute", "traceroute");
}

}  // namespace

std::optional<char> sign_of(std::string_view line) {
  if (line.starts_with("no answer yet for icmp_seq=")) return '.';
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

std::string success_line(unsigned received, unsigned sent, std::string_view times) {
  auto text = fmt::format("Success rate is {} percent ({}/{})", sent == 0 ? 0 : received * 100 / sent, received, sent);
  double least = 0;
  double mean = 0;
  double most = 0;
  const auto numbers = times.find(" = ");
  const bool has_times = times.starts_with("rtt ") && numbers != std::string_view::npos &&
                         std::sscanf(std::string(times.substr(numbers + 3)).c_str(), "%lf/%lf/%lf", &least, &mean, &most) == 3;
  const auto whole = [](double millis) { return std::max(1L, std::lround(millis)); };
  if (has_times && received > 0) text += fmt::format(", round-trip min/avg/max = {}/{}/{} ms", whole(least), whole(mean), whole(most));
  return text + "\n";
}

std::string run_probe(const shell::ExecMatch& match, const std::function<std::optional<std::string>(const std::string&)>& address_of, const Print& print) {
  return match.command == shell::ExecCommand::Ping ? run_ping(match, address_of, print) : run_traceroute(match, address_of, print);
}

}  // namespace rri::app

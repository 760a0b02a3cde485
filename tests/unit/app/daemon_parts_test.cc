#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/check_config.h"
#include "app/control_answers.h"
#include "app/log.h"
#include "app/options.h"
#include "app/route_history.h"
#include "app/sessions.h"
#include "app/startup.h"
#include "app/state_file.h"

namespace rri::app {
namespace {

namespace fs = std::filesystem;

class TempDir {
 public:
  TempDir() {
    std::string name = fs::temp_directory_path() / "rri-app-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~TempDir() { fs::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

ParsedOptions parse(std::vector<const char*> words) {
  words.insert(words.begin(), "rrid");
  return parse_daemon_options(static_cast<int>(words.size()), words.data());
}

TEST(Options, have_the_defaults_of_the_specification) {
  const auto parsed = parse({});
  ASSERT_FALSE(parsed.exit_status);
  EXPECT_EQ(parsed.options.config, "/etc/rri/startup-config");
  EXPECT_EQ(parsed.options.socket, "/run/rri/rri.sock");
  EXPECT_EQ(parsed.options.state_dir, "/var/lib/rri");
  EXPECT_FALSE(parsed.options.check);
}

TEST(Options, are_taken) {
  const auto parsed = parse({"--config", "a", "--socket", "b", "--state-dir", "c", "--log-level", "debug", "--check", "f"});
  ASSERT_FALSE(parsed.exit_status);
  EXPECT_EQ(parsed.options.config, "a");
  EXPECT_EQ(parsed.options.socket, "b");
  EXPECT_EQ(parsed.options.state_dir, "c");
  EXPECT_EQ(parsed.options.log_level, LogLevel::Debug);
  EXPECT_EQ(parsed.options.check, "f");
}

TEST(Options, wrong_usage_is_status_2_and_help_is_0) {
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(parse({"--nonsense"}).exit_status, 2);
  EXPECT_EQ(parse({"--config"}).exit_status, 2);
  EXPECT_EQ(parse({"--log-level", "loud"}).exit_status, 2);
  EXPECT_EQ(parse({"--help"}).exit_status, 0);
  EXPECT_EQ(parse({"--version"}).exit_status, 0);
  EXPECT_NE(::testing::internal::GetCapturedStdout().find("0.1.0"), std::string::npos);
  ::testing::internal::GetCapturedStderr();
}

TEST(Startup, says_why_a_configuration_cannot_be_read) {
  const TempDir directory;
  EXPECT_NE(read_config_file(directory.file("none")).error().text.find("No such file"), std::string::npos);
  EXPECT_NE(read_config_file(directory.file(".")).error().text.find("directory"), std::string::npos);
  std::ofstream(directory.file("empty"));
  EXPECT_EQ(read_config_file(directory.file("empty")), "");
}

TEST(Startup, check_prints_located_errors) {
  const TempDir directory;
  std::ofstream(directory.file("good")) << "hostname HUB\n";
  std::ofstream(directory.file("bad")) << "hostname HUB\ninterface eth0\n ip address 1.2.3.4 255.0.255.0\n";
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(check_config(directory.file("good")), 0);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(check_config(directory.file("bad")), 1);
  const auto printed = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(printed.find(directory.file("bad") + ":3:"), std::string::npos) << printed;
  EXPECT_NE(printed.find(": error: "), std::string::npos) << printed;
}

TEST(StateFile, keeps_the_last_text) {
  const TempDir directory;
  const StateFile file(directory.file("."), "words");
  EXPECT_TRUE(file.require_writable());
  EXPECT_FALSE(file.read());
  EXPECT_TRUE(file.write("one"));
  EXPECT_TRUE(file.write("two"));
  EXPECT_EQ(file.read(), "two");
  EXPECT_FALSE(StateFile(directory.file("none"), "words").write("x"));
  EXPECT_NE(StateFile(directory.file("none"), "w").require_writable().error().text.find("install -d"), std::string::npos);
}

TEST(Log, one_object_cannot_flood_it) {
  ::testing::internal::CaptureStderr();
  Log log(LogLevel::Info);
  for (int i = 0; i < 1000; ++i) log.write(LogLevel::Warning, "LOUD", "line " + std::to_string(i), "one object");
  log.write(LogLevel::Info, "QUIET", "another object");
  log.write(LogLevel::Debug, "HIDDEN", "below the level");
  const auto printed = ::testing::internal::GetCapturedStderr();
  EXPECT_LE(log.lines().size(), 12U);
  EXPECT_NE(log.lines().back().find("%RRI-6-QUIET: another object"), std::string::npos);
  EXPECT_EQ(std::count(printed.begin(), printed.end(), '\n'), static_cast<std::ptrdiff_t>(log.lines().size()));
}

TEST(Log, what_others_wrote_cannot_forge_lines) {
  ::testing::internal::CaptureStderr();
  Log log(LogLevel::Info);
  log.write(LogLevel::Info, "IKE", "identity a\nb\x1b[2J");
  ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(log.lines().back().find_first_of("\n\x1b"), std::string::npos);
}

TEST(ControlAnswers, ipsec_settings_of_an_entry_come_before_the_global_ones) {
  const auto document = parse_document(
      "crypto ipsec security-association lifetime seconds 7200\n"
      "crypto ipsec security-association lifetime kilobytes disable\n"
      "crypto map M 10 ipsec-isakmp\n set pfs group14\n set security-association lifetime days 1\n"
      "crypto map M 20 ipsec-isakmp\n set pfs\n"
      "crypto dynamic-map M 10\n set security-association idle-time 600\n").document;
  const auto first = IpsecIndex().of(document, 0).settings({false, "M", 10});
  EXPECT_EQ(first.seconds, 86400U);
  EXPECT_EQ(first.kilobytes, std::nullopt);
  EXPECT_EQ(first.pfs_group, "group14");
  const auto second = IpsecIndex().of(document, 0).settings({false, "M", 20});
  EXPECT_EQ(second.seconds, 7200U);
  EXPECT_EQ(second.pfs_group, "group1");
  const auto dynamic = IpsecIndex().of(document, 0).settings({true, "M", 10});
  EXPECT_EQ(dynamic.idle_seconds, 600U);
  EXPECT_EQ(dynamic.pfs_group, "");
}

TEST(ExecTimeouts, are_those_of_the_vty_lines) {
  const auto document = parse_document("line con 0\n exec-timeout 1 0\nline vty 0 4\n exec-timeout 0 3\nline vty 5\n no exec-timeout\n"
                                       "line vty 6 15\n exec-timeout 0 0\nline vty 16 20\n exec-timeout 30\nline vty 21\n login\n").document;
  const auto timeouts = find_exec_timeouts(document);
  ASSERT_EQ(timeouts.size(), 4U);
  EXPECT_EQ(timeouts[0].last_line, 4U);
  EXPECT_EQ(timeouts[0].limit, Seconds(3));
  EXPECT_EQ(timeouts[1].first_line, 5U);
  EXPECT_EQ(timeouts[1].last_line, 5U);
  EXPECT_EQ(timeouts[1].limit, std::nullopt);
  EXPECT_EQ(timeouts[2].limit, std::nullopt);
  EXPECT_EQ(timeouts[3].limit, Seconds(1800));
}

TEST(RouteHistory, keeps_the_newest_and_tells_what_a_line_is_about) {
  RouteHistory history;
  for (int i = 0; i < 6000; ++i) history.add(fmt::format("route 10.0.0.0/8 via 10.1.1.1 dev eth{} added, table default: SA 7", i));
  history.add_notice({NoticeCode::ProxyRefused, "10.9.0.0/16 in default from 10.1.1.1: rule 2"});
  const auto entries = history.entries();
  EXPECT_EQ(entries.size(), 5000U);
  EXPECT_EQ(entries.front().prefix, *Prefix::parse("10.0.0.0/8"));
  EXPECT_EQ(entries.back().prefix, *Prefix::parse("10.9.0.0/16"));
  const auto last = history.last(1);
  ASSERT_EQ(last.size(), 1U);
  EXPECT_NE(last.front().find("eth5999"), std::string::npos);
}

}  // namespace
}  // namespace rri::app

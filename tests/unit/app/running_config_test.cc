// The configuration in force: when it is committed, undone and saved.
#include "app/running_config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "io/loop/event_loop.h"

namespace rri::app {
namespace {

using namespace std::chrono_literals;

class RunningConfigTest : public ::testing::Test {
 protected:
  RunningConfigTest() {
    std::string name = (std::filesystem::temp_directory_path() / "running-config-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    document_ = parse_document("hostname BEFORE\n").document;
  }
  ~RunningConfigTest() override { std::filesystem::remove_all(directory_); }

  std::string file() const { return (directory_ / "startup-config").string(); }
  /// A minute of `revert timer` is `minute` long.
  RunningConfig make(std::chrono::milliseconds minute = 1min) {
    return RunningConfig(loop_.context(), document_, file(), [this](const Lowered& lowered) { names_.push_back(lowered.config.hostname); }, minute);
  }
  void type(RunningConfig& running, const char* line) {
    Editor(document_).apply(line);
    running.on_change();
    running.flush();
  }
  static std::string read(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path directory_;
  io::EventLoop loop_;
  Document document_;
  std::vector<std::string> names_;  // of each commit
};

TEST_F(RunningConfigTest, what_is_not_confirmed_is_undone_when_the_timer_ends) {
  auto running = make(1ms);
  running.revert_in(3);
  type(running, "hostname TRIED");
  EXPECT_EQ(names_, std::vector<std::string>{"TRIED"});
  const auto start = std::chrono::steady_clock::now();
  loop_.run();
  EXPECT_GE(std::chrono::steady_clock::now() - start, 2ms);
  EXPECT_EQ(names_, (std::vector<std::string>{"TRIED", "BEFORE"}));
  EXPECT_EQ(render_document(document_), render_document(parse_document("hostname BEFORE\n").document));
  EXPECT_FALSE(running.revert_now());
}

TEST_F(RunningConfigTest, what_a_paste_takes_out_and_puts_back_is_no_change) {
  auto running = make();
  for (const auto* line : {"no hostname", "hostname OTHER", "hostname AFTER"}) {
    Editor(document_).apply(line);
    running.on_change();
  }
  EXPECT_TRUE(names_.empty());
  loop_.run();
  EXPECT_EQ(names_, std::vector<std::string>{"AFTER"});
}

TEST_F(RunningConfigTest, what_is_confirmed_stays) {
  auto running = make(1ms);
  running.revert_in(1);
  type(running, "hostname KEPT");
  running.revert_in(std::nullopt);
  loop_.run();
  EXPECT_EQ(names_, std::vector<std::string>{"KEPT"});
  EXPECT_FALSE(running.revert_now());
}

TEST_F(RunningConfigTest, is_undone_at_once_on_demand_and_once) {
  auto running = make();
  running.revert_in(120);
  type(running, "hostname TRIED");
  EXPECT_TRUE(running.revert_now());
  EXPECT_EQ(names_.back(), "BEFORE");
  EXPECT_FALSE(running.revert_now());
}

TEST_F(RunningConfigTest, a_second_timer_goes_back_to_what_was_then) {
  auto running = make();
  running.revert_in(120);
  type(running, "hostname FIRST");
  running.revert_in(60);
  type(running, "hostname SECOND");
  EXPECT_TRUE(running.revert_now());
  EXPECT_EQ(names_.back(), "FIRST");
}

TEST_F(RunningConfigTest, saving_keeps_the_previous_file) {
  const auto running = make();
  ASSERT_TRUE(running.save());
  const auto first = read(file());
  EXPECT_EQ(first, render_document(document_));
  Editor(document_).apply("hostname AFTER");
  ASSERT_TRUE(running.save());
  EXPECT_EQ(read(file()), render_document(document_));
  EXPECT_EQ(read(file() + ".previous"), first);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_), {}), 2);
}

TEST_F(RunningConfigTest, a_directory_that_cannot_be_written_to_is_named) {
  const RunningConfig running(loop_.context(), document_, "/nonexistent-directory/startup-config", [](const Lowered&) {});
  const auto saved = running.save();
  ASSERT_FALSE(saved);
  EXPECT_NE(saved.error().text.find("/nonexistent-directory/startup-config"), std::string::npos);
}

TEST(Secrets, of_the_types_of_IOS_XE_are_checked) {
  for (const auto* stored : {"$8$TnGX/fE4KGHOVU$pEhnEvxrvaynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFWk", "$9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6",
                             "password hashcat", "password 0 hashcat", "password 7 060E0E32444F0818"}) {
    const bool is_hashcat = is_secret(stored, "hashcat");
    EXPECT_TRUE(is_hashcat || std::string_view(stored).starts_with("password 7")) << stored;
    EXPECT_FALSE(is_secret(stored, "hashcas")) << stored;
    EXPECT_FALSE(is_secret(stored, "")) << stored;
  }
  EXPECT_TRUE(is_secret("password 7 0822455D0A16", "cisco"));
  for (const auto* locked : {"7 0822455D0A16", "*", "$8$short$x", "password 7 0Z", "password 6 abc", "password "}) EXPECT_FALSE(is_secret(locked, "cisco")) << locked;
}

}  // namespace
}  // namespace rri::app

// The configuration in force: when it is committed, undone and saved.
#include "app/running_config.h"
#include "app/startup.h"

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
  running.revert_in(3, "ann");
  std::string undone;
  running.set_on_revert([&](const std::string& who) { undone = who; });
  type(running, "hostname TRIED");
  EXPECT_EQ(names_, std::vector<std::string>{"TRIED"});
  const auto start = std::chrono::steady_clock::now();
  loop_.run();
  EXPECT_GE(std::chrono::steady_clock::now() - start, 2ms);
  EXPECT_EQ(names_, (std::vector<std::string>{"TRIED", "BEFORE"}));
  EXPECT_EQ(render_document(document_), render_document(parse_document("hostname BEFORE\n").document));
  EXPECT_EQ(undone, "ann");
  EXPECT_FALSE(running.pending_revert());
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
  running.revert_in(1, "ann");
  type(running, "hostname KEPT");
  running.confirm();
  loop_.run();
  EXPECT_FALSE(running.pending_revert());
  running.revert_now();
  EXPECT_EQ(names_, std::vector<std::string>{"KEPT"});
}

TEST_F(RunningConfigTest, is_undone_at_once_on_demand_and_once) {
  auto running = make();
  running.revert_in(120, "ann");
  type(running, "hostname TRIED");
  running.revert_now();
  EXPECT_EQ(names_.back(), "BEFORE");
  EXPECT_FALSE(running.pending_revert());
}

TEST_F(RunningConfigTest, a_second_timer_goes_back_to_what_was_at_first) {
  auto running = make();
  running.revert_in(120, "ann");
  type(running, "hostname FIRST");
  running.revert_in(60, "bob");
  type(running, "hostname SECOND");
  ASSERT_TRUE(running.pending_revert());
  EXPECT_EQ(running.pending_revert()->who, "ann");
  EXPECT_EQ(running.pending_revert()->left, Seconds(60 * 60));
  running.revert_now();
  EXPECT_EQ(names_.back(), "BEFORE");
}

TEST_F(RunningConfigTest, a_link_stays_one) {
  std::filesystem::create_directory(directory_ / "real");
  std::filesystem::create_symlink("real/middle", file());
  std::filesystem::create_symlink(directory_ / "real" / "config", directory_ / "real" / "middle");
  const auto running = make();
  ASSERT_TRUE(running.save());  // where there is nothing yet
  const auto first = render_document(document_);
  Editor(document_).apply("hostname AFTER");
  ASSERT_TRUE(running.save());
  EXPECT_TRUE(std::filesystem::is_symlink(file()));
  EXPECT_EQ(read(file()), render_document(document_));
  EXPECT_EQ(read((directory_ / "real" / "config.previous").string()), first);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_), {}), 2);
}

TEST(Replacement, is_a_whole_configuration) {
  const auto check = [](const std::string& text) {
    Editor::Options options;
    options.refuse_unknown = find_unfinished;
    const auto good = check_replacement(text, parse_document(text, options), "F");
    return good ? std::string() : good.error().text;
  };
  const std::string whole = "hostname R1\ncrypto map VPN 10 ipsec-isakmp\n match address 101\n set peer 10.0.0.1\naccess-list 101 permit ip any any\nend\n";
  EXPECT_EQ(check(whole), "");
  EXPECT_EQ(check("\n! made by hand\n" + whole + "!\n\n"), "");
  EXPECT_EQ(check(render_document(parse_document(whole).document)), "");
  EXPECT_NE(check("").find("it is empty"), std::string::npos);
  EXPECT_NE(check(" \n\n").find("it is empty"), std::string::npos);
  EXPECT_NE(check(whole.substr(0, whole.find("end\n"))).find("`end`"), std::string::npos);
  const std::string two_vrfs = "vrf definition A\nvrf definition B\ncrypto isakmp profile P\n vrf A\ncrypto map VPN 10 ipsec-isakmp\n set isakmp-profile P\n"
                               "interface Gi0/0\n vrf forwarding B\n crypto map VPN\nend\n";
  ASSERT_TRUE(has_errors(parse_document(two_vrfs).diagnostics));
  EXPECT_EQ(check(two_vrfs), "") << "it can run, so it can be put back";
  EXPECT_EQ(check("hostname R\xE9\nline con 0\nend\n"), "") << "of an 8-bit terminal";
  EXPECT_NE(check(std::string("hostname R1\n\0end\n", 17)).find("line 2 is no text"), std::string::npos);
  for (const auto* line : {"crypto ipsec transform-set", "crypto map VPN", "crypto map VPN 10 ipsec-isakmp\n match\n", "crypto isakmp key SECRET address"}) {
    EXPECT_NE(check(std::string("hostname R1\n") + line + "\nend\n"), "") << line;
  }
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

TEST_F(RunningConfigTest, saving_twice_keeps_the_previous_file) {
  const auto running = make();
  ASSERT_TRUE(running.save());
  const auto first = read(file());
  Editor(document_).apply("hostname AFTER");
  ASSERT_TRUE(running.save());
  ASSERT_TRUE(running.save());
  EXPECT_EQ(read(file()), render_document(document_));
  EXPECT_EQ(read(file() + ".previous"), first);
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

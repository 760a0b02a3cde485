#include "io/keepalived/notify.h"

#include "io/loop/event_loop.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

namespace rri::keepalived {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

TEST(NotifyLine, reads_names_that_were_written_in_octal) {
  const auto line = parse_notify_line("INSTANCE \"a\\043b\\041\\1\" MASTER 100");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->name, "a#b!\\1");
}

TEST(NotifyLine, reads_what_keepalived_writes) {
  EXPECT_EQ(parse_notify_line("INSTANCE \"group1\" MASTER 150"), (NotifyLine{"group1", Word::Master}));
  EXPECT_EQ(parse_notify_line("GROUP \"VG_1\" BACKUP 0\n"), (NotifyLine{"VG_1", Word::Backup}));
  EXPECT_EQ(parse_notify_line("INSTANCE \"a b\" FAULT 100"), (NotifyLine{"a b", Word::Fault}));
  EXPECT_EQ(parse_notify_line("INSTANCE \"x\" STOP 1"), (NotifyLine{"x", Word::Stop}));
  EXPECT_EQ(parse_notify_line("INSTANCE \"x\" DELETED 1"), (NotifyLine{"x", Word::Deleted}));
  EXPECT_EQ(parse_notify_line("INSTANCE \"x\" MASTER_RX_LOWER_PRI 1"), (NotifyLine{"x", Word::Master}));
}

TEST(NotifyLine, takes_nothing_else) {
  for (const auto* line : {"", "INSTANCE", "INSTANCE \"x\"", "INSTANCE \"\" MASTER 1", "INSTANCE x MASTER 1", "OTHER \"x\" MASTER 1",
                           "INSTANCE \"x\" KING 1", "INSTANCE \"x\" MASTER high", "INSTANCE \"x\" MASTER 1 2", "\"", "INSTANCE \"x MASTER 1"}) {
    EXPECT_FALSE(parse_notify_line(line)) << line;
  }
}

TEST(LineCutter, drops_a_line_without_end_and_goes_on) {
  LineCutter cutter;
  EXPECT_TRUE(cutter.feed(std::string(100000, 'x')).empty());
  EXPECT_EQ(cutter.feed("tail\nnext\n"), (std::vector<std::string>{"next"}));
  EXPECT_TRUE(cutter.feed("ne").empty());
  EXPECT_EQ(cutter.feed("xt\n"), (std::vector<std::string>{"next"}));
}

/// A FIFO in a directory of its own, and what its reader tells.
class FifoTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "rri-fifo-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    path_ = directory_ / "vrrp.fifo";
  }
  void TearDown() override { fs::remove_all(directory_); }

  std::unique_ptr<NotifyFifo> make_reader() {
    return std::make_unique<NotifyFifo>(loop_.context(), path_,
                                        NotifyFifo::Callbacks{[this](const NotifyLine& line) { told_.push_back(line.name + " " + std::string(to_string(line.word))); },
                                                              [this] { told_.push_back("hang-up"); },
                                                              [this](const std::string& text) { told_.push_back("trouble: " + text); }});
  }
  /// Opens as keepalived does.
  int open_writer() { return ::open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC); }
  static void write_line(int fd, const std::string& line) {
    ASSERT_EQ(::write(fd, line.data(), line.size()), static_cast<ssize_t>(line.size()));
  }
  template <class Done>
  bool wait_for(Done done) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!done() && std::chrono::steady_clock::now() < deadline) loop_.run_one_for(50ms);
    return done();
  }
  bool wait_for_word(const std::string& word) {
    return wait_for([&] { return !told_.empty() && told_.back() == word; });
  }

  io::EventLoop loop_;
  fs::path directory_;
  fs::path path_;
  std::vector<std::string> told_;
};

TEST_F(FifoTest, makes_the_fifo_and_hears_lines) {
  const auto reader = make_reader();
  ASSERT_TRUE(wait_for([&] { return fs::is_fifo(path_); }));
  EXPECT_TRUE(wait_for_word("hang-up"));  // nobody writes yet
  const int fd = open_writer();
  write_line(fd, "INSTANCE \"g\" BACKUP 100\nINSTANCE \"g\" MAS");
  EXPECT_TRUE(wait_for_word("g BACKUP"));
  write_line(fd, "TER 100\n");
  EXPECT_TRUE(wait_for_word("g MASTER"));
  ::close(fd);
}

TEST_F(FifoTest, a_writer_that_dies_hangs_up_and_the_next_one_is_heard) {
  const auto reader = make_reader();
  ASSERT_TRUE(wait_for_word("hang-up"));
  for (int round = 0; round < 3; ++round) {
    const int fd = open_writer();
    write_line(fd, "INSTANCE \"g\" MASTER 100\n");
    EXPECT_TRUE(wait_for_word("g MASTER"));
    ::close(fd);
    EXPECT_TRUE(wait_for_word("hang-up"));
  }
  EXPECT_EQ(told_.size(), 7U);
}

TEST_F(FifoTest, lines_written_before_we_came_are_read_and_a_living_writer_is_no_hang_up) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  const int fd = open_writer();
  write_line(fd, "INSTANCE \"g\" MASTER 100\n");
  const auto reader = make_reader();
  EXPECT_TRUE(wait_for_word("g MASTER"));
  EXPECT_EQ(told_, (std::vector<std::string>{"g MASTER"}));
  ::close(fd);
}

TEST_F(FifoTest, an_idle_reader_does_not_spin) {
  const auto reader = make_reader();
  ASSERT_TRUE(wait_for_word("hang-up"));
  const int fd = open_writer();
  write_line(fd, "INSTANCE \"g\" MASTER 100\n");
  ASSERT_TRUE(wait_for_word("g MASTER"));
  ::close(fd);
  ASSERT_TRUE(wait_for_word("hang-up"));
  std::size_t turns = 0;
  const auto end = std::chrono::steady_clock::now() + 300ms;
  while (std::chrono::steady_clock::now() < end) turns += loop_.run_one_for(50ms);
  EXPECT_LT(turns, 5U);
}

TEST_F(FifoTest, a_fifo_made_anew_is_followed) {
  const auto reader = make_reader();
  ASSERT_TRUE(wait_for_word("hang-up"));
  fs::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  const int fd = open_writer();
  write_line(fd, "INSTANCE \"g\" MASTER 100\n");
  EXPECT_TRUE(wait_for_word("g MASTER"));
  ::close(fd);
}

TEST_F(FifoTest, trouble_is_told_once) {
  fs::create_directory(path_);
  const auto reader = make_reader();
  const auto is_told = [&] { return std::count_if(told_.begin(), told_.end(), [](const auto& text) { return text.starts_with("trouble"); }); };
  ASSERT_TRUE(wait_for([&] { return is_told() > 0; }));
  fs::remove(path_);
  EXPECT_TRUE(wait_for([&] { return fs::is_fifo(path_); }));  // and it recovers by itself
  EXPECT_EQ(is_told(), 1);
}

TEST(Process, knows_itself_and_not_a_dead_one) {
  EXPECT_TRUE(find_keepalived("/nonexistent").empty());
  EXPECT_FALSE(is_alive({::getpid(), 1}));
  EXPECT_FALSE(is_alive({1 << 30, 1}));
}

}  // namespace
}  // namespace rri::keepalived

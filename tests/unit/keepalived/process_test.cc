// Which processes count as keepalived: families of processes that bear its name
// and are forked as it forks: the program, its VRRP process, a check script that
// does not run yet.
#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <vector>

#include "io/keepalived/notify.h"

namespace rri::keepalived {
namespace {

namespace fs = std::filesystem;

constexpr ::id_t kNobody = 65534;

struct Pipe {
  Pipe() { EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0); }
  ~Pipe() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  void put(std::int32_t number) const { (void)!::write(ends[1], &number, sizeof number); }
  std::int32_t take() const {
    std::int32_t number = 0;
    EXPECT_EQ(::read(ends[0], &number, sizeof number), static_cast<ssize_t>(sizeof number));
    return number;
  }
  std::array<int, 2> ends{};
};

/// Three generations, oldest first; they end with this object.
class Family {
 public:
  enum class Network : std::uint8_t { Ours, Own };

  explicit Family(Network network = Network::Ours) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // whose parent dies is ours to wait for
    const Pipe pipe;
    if (::fork() == 0) live(pipe, network);
    for (auto& pid : pids_) pid = pipe.take();
  }
  ~Family() {
    for (const auto pid : pids_) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
  }
  Family(const Family&) = delete;
  Family& operator=(const Family&) = delete;

  [[nodiscard]] std::int32_t program() const { return pids_[0]; }
  [[nodiscard]] std::int32_t vrrp() const { return pids_[1]; }
  [[nodiscard]] std::int32_t script() const { return pids_[2]; }

 private:
  [[noreturn]] static void live(const Pipe& pipe, Network network) {
    ::prctl(PR_SET_NAME, "keepalived");
    if (network == Network::Own && ::unshare(CLONE_NEWNET) != 0) ::_exit(1);
    for (int generation = 0; generation < 3; ++generation) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      pipe.put(::getpid());
      if (generation < 2 && ::fork() != 0) break;
    }
    for (;;) ::pause();
  }

  std::array<std::int32_t, 3> pids_{};
};

std::vector<std::int32_t> pids_of(const std::vector<ProcessMark>& marks) {
  std::vector<std::int32_t> pids;
  for (const auto& mark : marks) pids.push_back(mark.pid);
  return pids;
}

/// As rrid asks, which may not look behind the descriptors of others' processes.
std::vector<std::int32_t> ask_as_nobody(const std::string& fifo) {
  const Pipe pipe;
  const auto child = ::fork();
  if (child == 0) {
    if (::setgroups(0, nullptr) == 0 && ::setresgid(kNobody, kNobody, kNobody) == 0 && ::setresuid(kNobody, kNobody, kNobody) == 0) {
      for (const auto pid : pids_of(find_keepalived(fifo))) pipe.put(pid);
    }
    pipe.put(0);
    ::_exit(0);
  }
  std::vector<std::int32_t> pids;
  for (auto pid = pipe.take(); pid != 0; pid = pipe.take()) pids.push_back(pid);
  ::waitpid(child, nullptr, 0);
  return pids;
}

bool has(const std::vector<std::int32_t>& pids, std::int32_t pid) { return std::find(pids.begin(), pids.end(), pid) != pids.end(); }

/// A FIFO that nobody has open.
class FindKeepalived : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root to be somebody else";
    std::string name = fs::temp_directory_path() / "rri-keepers-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    fs::permissions(directory_, fs::perms::others_exec | fs::perms::others_read, fs::perm_options::add);
    fifo_ = directory_ / "vrrp.fifo";
    ASSERT_EQ(::mkfifo(fifo_.c_str(), 0600), 0);
  }
  void TearDown() override { fs::remove_all(directory_); }

  fs::path directory_;
  fs::path fifo_;
};

TEST_F(FindKeepalived, a_script_that_does_not_run_yet_is_none) {
  const Family family;
  const auto found = ask_as_nobody(fifo_);
  EXPECT_TRUE(has(found, family.program()));
  EXPECT_TRUE(has(found, family.vrrp()));
  EXPECT_FALSE(has(found, family.script()));
}

TEST_F(FindKeepalived, one_that_ended_is_none_before_its_parent_looks) {
  const Family family;
  const auto alive = ask_as_nobody(fifo_);
  ASSERT_TRUE(has(alive, family.program()));
  ::kill(family.program(), SIGKILL);
  ::siginfo_t ended{};
  ASSERT_EQ(::waitid(P_PID, static_cast<::id_t>(family.program()), &ended, WEXITED | WNOWAIT), 0);
  EXPECT_FALSE(has(ask_as_nobody(fifo_), family.program()));
}

TEST_F(FindKeepalived, of_those_that_hold_the_fifo_a_script_is_none) {
  const int fd = ::open(fifo_.c_str(), O_RDWR | O_CLOEXEC);
  const Family family;
  ::close(fd);
  EXPECT_EQ(pids_of(find_keepalived(fifo_)), (std::vector<std::int32_t>{family.program(), family.vrrp()}));
}

TEST_F(FindKeepalived, one_of_another_network_is_none) {
  if (::unshare(CLONE_NEWNET) != 0) GTEST_SKIP() << "this host lets us make no network namespace";
  const Family ours;
  const Family other(Family::Network::Own);
  EXPECT_EQ(ask_as_nobody(fifo_), (std::vector<std::int32_t>{ours.program(), ours.vrrp()}));
}

}  // namespace
}  // namespace rri::keepalived

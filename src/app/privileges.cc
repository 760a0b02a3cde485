#include "app/privileges.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace rri::app {

namespace {

constexpr std::uint32_t kNetAdmin = 1U << CAP_NET_ADMIN;

/// Capabilities come in two words of 32.
using CapabilityWords = std::array<__user_cap_data_struct, 2>;

Result<CapabilityWords> read_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  CapabilityWords words{};
  if (::syscall(SYS_capget, &header, words.data()) < 0) return fail("read our capabilities: {}", std::strerror(errno));
  return words;
}

}  // namespace

Result<> require_net_admin() {
  const auto words = read_capabilities();
  if (!words) return tl::make_unexpected(words.error());
  if (((*words)[0].effective & kNetAdmin) != 0) return {};
  return fail("change routes: CAP_NET_ADMIN is missing (start rrid by its systemd unit, as root, or with "
              "`setpriv --inh-caps +net_admin --ambient-caps +net_admin`)");
}

Result<> keep_only_net_admin() {
  const auto words = read_capabilities();
  if (!words) return tl::make_unexpected(words.error());
  for (unsigned capability = 0; capability <= CAP_LAST_CAP; ++capability) {
    // Needs CAP_SETPCAP; without it there is nothing in the set that we could use anyway.
    if (capability != CAP_NET_ADMIN) ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const auto kept = (*words)[0].permitted & kNetAdmin;
  const CapabilityWords reduced{{{kept, kept, (*words)[0].inheritable & kNetAdmin}, {}}};
  if (::syscall(SYS_capset, &header, reduced.data()) < 0) return fail("give up capabilities: {}", std::strerror(errno));
  return {};
}

}  // namespace rri::app

// app/flush_policies.h -- the block policies' part of `rri flush`.
#pragma once

namespace rri::app {

/// Takes every block policy of ours out of the kernel, and says on standard output
/// how many. False, with the reason on standard error, when some stay; a kernel
/// without XFRM has none.
bool flush_policies();

}  // namespace rri::app

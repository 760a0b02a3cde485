// app/doctor/limits.h -- bounds of `rri doctor`, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>

namespace rri::doctor {

/// Files of one neighbour's configuration, and how deep includes and sections go: far
/// above what people write, and an end to files that include themselves.
inline constexpr std::size_t kMaxFiles = 500;
inline constexpr int kMaxDepth = 20;
inline constexpr std::size_t kMaxFileBytes = std::size_t{4} << 20;

/// What FRR may answer to one question: some 400,000 routes.
inline constexpr std::size_t kMaxAnswerBytes = std::size_t{32} << 20;

/// Each neighbour gets so long to answer; a hung one is a finding, not a hang.
inline constexpr std::chrono::seconds kAnswerTime{3};
/// Programs that are run (`ip`), and reading the kernel's tables.
inline constexpr std::chrono::seconds kCommandTime{10};
inline constexpr std::chrono::seconds kDumpTime{30};

/// Routes of ours that are kept for judging; more are counted.
inline constexpr std::size_t kMaxRoutes = 2'000'000;
/// Stray routes of others that are kept: only the first are shown.
inline constexpr std::size_t kMaxStrayRoutes = 10'000;

/// Notices of rrid that are repeated.
inline constexpr std::size_t kMaxNotices = 20;
/// Errors of the configuration that are repeated.
inline constexpr std::size_t kMaxConfigErrors = 20;

}  // namespace rri::doctor

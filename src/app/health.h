// app/health.h -- `rri health`: may this router hold a redundancy group?
//
// For keepalived's check, which runs it every second: rrid answers, and its IKE
// daemon is there. Says nothing when all is well.
#pragma once

#include <string>

namespace rri::app {

/// 0, or 1 with the reason on standard error.
int run_health(const std::string& socket);

}  // namespace rri::app

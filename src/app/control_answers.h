// app/control_answers.h -- commands of the control socket, answered by the shell layer.
#pragma once

#include <string>

#include "config/document.h"
#include "io/control/server.h"
#include "model/config.h"
#include "shell/exec.h"

namespace rri::app {

control::Answer make_answer(shell::ExecAnswer exec);

/// "esp-aes esp-sha-hmac": what the transform set is made of, "" when there is none.
std::string find_transforms(const Document& document, const std::string& name);

/// Whether `crypto logging session` is configured.
bool logs_sessions(const Document& document);

/// Lifetimes and PFS of an entry, with the global lines and IOS's defaults behind them.
show::IpsecSettings find_ipsec_settings(const Document& document, const show::EntryKey& key);

/// "20:41:02.123 UTC Mon Nov 23 2026", as `show clock` prints it.
std::string render_clock();

/// Whether some `set peer` of the configuration names `host`.
bool names_host(const Config& config, const std::string& host);

}  // namespace rri::app

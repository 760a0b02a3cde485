// shell/exec_system.h -- exec commands about the system as a whole: version,
// configuration texts, the log.
//
// Each gives the whole answer in IOS's layout, or as one JSON object (docs/json.md).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shell/exec.h"

namespace rri::shell {

std::string version_answer(show::Format format, const Environment& environment);
std::string inventory_answer(show::Format format, const Environment& environment);
/// With IOS's header, which scripts cut off by counting its lines.
Pieces running_config_answer(show::Format format, const Environment& environment, bool numbered);
/// The sections and lines that name a VRF (`name`: this one).
std::string vrf_config_answer(const std::optional<std::string>& name, show::Format format, const Environment& environment);
/// The section of one interface, by its canonical name.
std::optional<std::string> interface_config_answer(const std::string& interface, show::Format format, const Environment& environment);
/// Lines of a text as {"bytes": N, "lines": [...]}.
std::string config_json(std::string_view text);
std::string carried_answer(show::Format format, const Environment& environment);
std::string logging_answer(show::Format format, const Environment& environment);
/// `show rri`.
Pieces rri_answer(show::Format format, const Environment& environment);
/// `crypto`: commands about SAs and their answers (exec_crypto.h).
Pieces tech_support_answer(show::Format format, const Environment& environment, std::vector<std::pair<std::string, Pieces>> crypto);
/// `show object-group`; `name`: this one.
std::string object_groups(const Document& document, const std::optional<std::string>& name, show::Format format);

}  // namespace rri::shell

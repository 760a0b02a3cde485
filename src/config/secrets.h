// config/secrets.h -- configuration as it may stand where others read it: in the log and
// in `show tech-support`. What IOS removes there is written `<removed>`.
#pragma once

#include <string>
#include <string_view>

#include "config/document.h"

namespace rri {

/// A line of text, whatever it says: from its first secret to its end `<removed>`.
std::string without_secrets(std::string_view line);

/// The same configuration; of lines that we know only the secret goes.
Document without_secrets(Document document);

}  // namespace rri

// shell/crypto_settings.h -- `show crypto isakmp policy` and `show crypto ipsec transform-set`.
//
// Read from the Document: its lines have every word of the policies in canonical form.
#pragma once

#include <string>

#include "config/document.h"

namespace rri::shell {

/// By priority, with IOS's defaults for lines that are not written.
std::string isakmp_policies(const Document& document);
/// In the order of the configuration.
std::string transform_sets(const Document& document);

}  // namespace rri::shell

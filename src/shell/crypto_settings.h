// shell/crypto_settings.h -- what is configured about IKE and IPsec: `show crypto isakmp
// policy | key | profile`, `show crypto ikev2 proposal | policy | profile`, `show crypto
// ipsec transform-set | profile`.
//
// Read from the Document: its lines have every word in canonical form, keys too, as the
// running configuration shows them. Layouts are those of IOS 15 and XE 17.
#pragma once

#include <optional>
#include <string>

#include "config/document.h"
#include "shell/exec_grammar.h"
#include "show/routes.h"

namespace rri::shell {

/// Nothing when the command is none of these.
std::optional<std::string> crypto_settings(const ExecMatch& match, show::Format format, const Document& document);

// ikev2_settings.cc
std::string ikev2_proposals(const Document& document, const std::optional<std::string>& name, show::Format format);
std::string ikev2_policies(const Document& document, const std::optional<std::string>& name, show::Format format);
std::string ikev2_profiles(const Document& document, const std::optional<std::string>& name, show::Format format);

}  // namespace rri::shell

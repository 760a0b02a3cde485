// shell/section_reader.h -- sections of the Document, for commands that show settings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/document.h"

namespace rri::shell {

/// The sections that begin with these words, all or the one of this name, in order.
std::vector<const Line*> find_sections(const Document& document, std::string_view beginning, const std::optional<std::string>& name = std::nullopt);

/// What stands behind these words, of each line of the section that begins with them.
std::vector<std::string> settings_of(const Line& section, std::string_view beginning);
/// Of the last one; `otherwise` where there is none.
std::string setting_of(const Line& section, std::string_view beginning, std::string otherwise);

/// The words of setting_of().
std::vector<std::string> words_of(const Line& section, std::string_view beginning);

/// How many lines of sections are exactly this.
std::size_t count_uses(const Document& document, std::string_view text);

/// With a blank between; `otherwise` for none.
std::string listed(const std::vector<std::string>& words, std::string_view otherwise);

}  // namespace rri::shell

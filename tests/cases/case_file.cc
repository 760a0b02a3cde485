#include "cases/case_file.h"

#include <array>
#include <optional>
#include <utility>

#include "base/text.h"

namespace rri::cases {
namespace {

constexpr std::string_view kLeaveOut = "# not ";

std::optional<Section::Kind> kind_of(std::string_view header) {
  using Kind = Section::Kind;
  static constexpr std::array<std::pair<std::string_view, Kind>, 7> kHeaders = {{
      {"-- config --", Kind::Config},
      {"-- step --", Kind::Step},
      {"-- restart --", Kind::Restart},
      {"-- operations --", Kind::Operations},
      {"-- routes --", Kind::Routes},
      {"-- notices --", Kind::Notices},
      {"-- error --", Kind::Error},
  }};
  for (const auto& [text, kind] : kHeaders) {
    if (header == text) return kind;
  }
  return std::nullopt;
}

bool is_input(Section::Kind kind) { return kind <= Section::Kind::Restart; }

void add_line(Section& section, std::string_view line) {
  if (is_input(section.kind)) {
    section.text.append(line).push_back('\n');
    return;
  }
  const auto content = trim(line);
  if (!content.empty() && content.front() != '#') section.expected.emplace_back(content);
}

/// `# not reversed: why` in the head of the file.
void add_head_line(CaseFile& file, std::string_view line) {
  if (line.substr(0, kLeaveOut.size()) != kLeaveOut) return;
  const auto rest = line.substr(kLeaveOut.size());
  if (const auto colon = rest.find(':'); colon != std::string_view::npos)
    file.left_out.emplace(rest.substr(0, colon));
}

}  // namespace

Result<CaseFile> parse_case(std::string name, std::string_view text) {
  CaseFile file{std::move(name), {}, {}};
  std::uint32_t number = 0;
  for (const auto line : split(text, '\n')) {
    ++number;
    if (line.substr(0, 3) == "-- ") {
      const auto kind = kind_of(trim(line));
      if (!kind) return fail("read {}: line {}: there is no section \"{}\"", file.name, number, line);
      if ((*kind == Section::Kind::Config) != file.sections.empty()) {
        return fail("read {}: line {}: the configuration stands first, and once", file.name, number);
      }
      file.sections.push_back({*kind, number, {}, {}});
    } else if (file.sections.empty()) {
      add_head_line(file, line);
    } else {
      add_line(file.sections.back(), line);
    }
  }
  if (file.sections.size() < 2)
    return fail("read {}: a case needs a configuration and something to check", file.name);
  return file;
}

}  // namespace rri::cases

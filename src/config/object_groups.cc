// Object groups that others use, and groups within groups. A group that goes while an
// access list names it would open what the list protects, so that is refused, as on IOS.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "config/line_applier.h"

namespace rri {
namespace {

bool opens(const Line& line, Mode mode) { return is_command(line) && line.row->row.opens == mode; }

bool names_group(const Line& line, std::string_view name) {
  return is_command(line) && (line.value("source_group") == name || line.value("destination_group") == name || line.value("group") == name);
}

/// Whether the group `from` holds `wanted`, directly or through others. Each is looked at once.
bool reaches(const Document& document, std::string_view from, std::string_view wanted) {
  std::vector<std::string_view> open = {from};
  for (std::size_t next = 0; next < open.size(); ++next) {
    if (open[next] == wanted) return true;
    const auto group = std::find_if(document.lines.begin(), document.lines.end(), [&](const Line& line) {
      return opens(line, Mode::ObjectGroup) && line.value("name") == open[next];
    });
    if (group == document.lines.end()) continue;
    for (const auto& member : group->children) {
      const auto inner = is_command(member) ? member.value("group") : std::string_view();
      if (!inner.empty() && std::find(open.begin(), open.end(), inner) == open.end()) open.push_back(inner);
    }
  }
  return false;
}

}  // namespace

/// `no object-group network O` while an access list or another group names O.
bool LineApplier::is_group_used(const RowMatch& match) {
  const auto said = make_line(match, {});
  const auto name = said.value("name");
  const auto user = std::find_if(editor_.document_->lines.begin(), editor_.document_->lines.end(), [&](const Line& line) {
    const bool may_name = (is_command(line) && is_access_list(line)) || opens(line, Mode::ObjectGroup);
    return may_name && std::any_of(line.children.begin(), line.children.end(), [&](const Line& child) { return names_group(child, name); });
  });
  if (user == editor_.document_->lines.end()) return false;
  fail_here(lexed_.words.size() - 1, fmt::format("object-group {} is in use by `{}`", printable(name), printable(user->text())));
  return true;
}

/// `group-object O` inside O, or inside a group that O holds.
bool LineApplier::is_group_in_itself(std::size_t frame, const Line& line) {
  if (editor_.frames_[frame].mode != Mode::ObjectGroup || line.value("group").empty()) return false;
  const auto* section = line_at(editor_.frames_[frame].path);
  const auto name = section->value("name");
  if (!reaches(*editor_.document_, line.value("group"), name)) return false;
  fail_here(1, fmt::format("object-group {} would hold itself", printable(name)));
  return true;
}

}  // namespace rri

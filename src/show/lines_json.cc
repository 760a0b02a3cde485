#include "show/lines_json.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "show/json.h"

namespace rri::show {

namespace {

class LinesJson {
 public:
  LinesJson(std::string head, Pieces text) : text_(std::move(text)), head_(std::move(head) + ",\"lines\":[") {}

  bool operator()(std::string& out) {
    out += std::exchange(head_, {});
    const bool more = text_ && text_(open_);
    std::size_t start = 0;
    for (auto end = open_.find('\n'); end != std::string::npos; end = open_.find('\n', start)) {
      add_line(std::string_view(open_).substr(start, end - start), out);
      start = end + 1;
    }
    open_.erase(0, start);
    if (more) return true;
    if (!open_.empty()) add_line(open_, out);
    out += "]}";
    return false;
  }

 private:
  void add_line(std::string_view line, std::string& out) {
    out += std::exchange(has_lines_, true) ? ",\n" : "\n";
    out += quoted_json(line);
  }

  Pieces text_;
  std::string head_;
  std::string open_;  // a line whose end has not come yet
  bool has_lines_ = false;
};

}  // namespace

Pieces lines_json(std::string_view command, Pieces text) { return lines_json_behind(fmt::format("{{\"command\":{}", quoted_json(command)), std::move(text)); }

Pieces lines_json_behind(std::string head, Pieces text) { return LinesJson(std::move(head), std::move(text)); }

}  // namespace rri::show

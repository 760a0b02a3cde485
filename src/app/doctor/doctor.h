// app/doctor/doctor.h -- `rri doctor`: looks, judges, and says line by line what is
// right, what is wrong and how to mend it.
//
//   collect.h (all I/O) -> facts.h (values) -> checks.h (pure) -> text or JSON
//
// It changes nothing and needs no root; what only root can see is marked so.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "app/doctor/checks.h"
#include "app/doctor/collect.h"

namespace rri::doctor {

struct DoctorOptions {
  Places places;
  bool json = false;
};

/// "ok      text", "WRONG   text" and below it "        cure: ..."; a last line counts.
std::string render_text(const std::vector<Finding>& findings);
/// {"findings":[{"check":"ip-forward","verdict":"wrong","text":"...","cure":"..."}],"wrong":1}
std::string render_json(const std::vector<Finding>& findings);

/// The whole command: 0 when nothing is wrong, else 1.
int run_doctor(const DoctorOptions& options, std::ostream& out);

}  // namespace rri::doctor

// config/config.h -- the public face of the configuration layer.
//
//   text --parse_document--> Document --render_document--> canonical text
//                               |
//                               '--lower_document--> Config (model/config.h)
//
//   const ParseResult parsed = parse_document(text);
//   for (const auto& d : parsed.diagnostics) print(render_diagnostic(d, "FILE"));
//   const Config& config = parsed.config;
//
// To go on line by line (the shell; `config ... end` of `rri plan`):
//
//   Document document = parsed.document;
//   Editor editor(document);
//   LineResult result = editor.apply("no crypto map mymap", 17);
//   Lowered lowered = lower_document(document);
//
// Everything here is pure: no files, no clock, no log.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostic.h"
#include "config/document.h"
#include "config/editor.h"
#include "model/config.h"

namespace rri {

/// The typed values of a Document, and what only the whole can tell: names that
/// nothing defines (notices), IVRF and FVRF that differ (errors), wildcards with
/// holes. A crypto map entry with an error in it has `has_error` set.
struct Lowered {
  Config config;
  std::vector<Diagnostic> diagnostics;  // by position
};

struct ParseResult {
  Document document;
  Config config;                        // always usable: what has errors is left out
  std::vector<Diagnostic> diagnostics;  // of reading and of lowering, by position
  std::vector<Diagnostic> refused;      // the errors of reading among them: lines that are none
};

/// Reads a whole configuration. Never fails as a whole: errors are located, and
/// the rest loads. Binary, empty, cut and huge input give diagnostics.
ParseResult parse_document(std::string_view text);
ParseResult parse_document(std::string_view text, const Editor::Options& options);

/// Canonical text: IOS order, one blank of indentation, `!` between sections,
/// `end` at the end. parse_document() of it gives an equal Document.
std::string render_document(const Document& document);

Lowered lower_document(const Document& document);

/// "GigabitEthernet0/0/1" for "gi0/0/1" or "GigabitEthernet 0/0/1"; Linux names
/// (eth0, bond0.5) stay as they are; "" when it can be no interface name.
std::string canonical_interface(std::string_view name);

}  // namespace rri

// config/document_text.h -- canonical text of a Document, made in slices.
//
// A configuration may have a hundred thousand lines: nobody prints it in one go on the
// event loop. Between two slices lines may move in memory, but must stay what they are:
// who keeps the Document tells of changes by its generation, and begins again.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "config/document.h"

namespace rri {

class DocumentText {
 public:
  DocumentText();
  DocumentText(DocumentText&&) noexcept;
  DocumentText& operator=(DocumentText&&) noexcept;
  ~DocumentText();

  /// Prints about so many lines more; false: that was all. Begins again by itself where
  /// it cannot find its place in `document` any more.
  bool add(const Document& document, std::size_t lines);

  /// The text, once.
  std::string take();

 private:
  class Renderer;
  std::unique_ptr<Renderer> renderer_;
  bool has_begun_ = false;
};

}  // namespace rri

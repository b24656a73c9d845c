// Where each option of a configuration stood in its file, so that a fault found long after reading (a taken
// port, a missing list) is still reported with file, line, column and the line itself. Holds the file's lines
// with secrets masked, never the secrets. A value; safe to read from any thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/diagnostics.h"

namespace portvakt::config {

/// A place in a text, both from 1; columns count bytes.
struct Place {
  int line = 0;
  int column = 0;
};

class Places {
 public:
  Places() = default;
  Places(std::string_view text, std::string file_name);

  void remember(const std::string& path, Place place);
  /// Whether the file itself gave this option, as in `log.retention` or `sites[0].hosts[1]`.
  bool knows(std::string_view path) const;
  const std::string& file_name() const { return file_; }

  /// A diagnostic at the option, or at the nearest section around it that the file names.
  Diagnostic at(std::string_view path, Diagnostic::Severity severity, std::string text,
                std::string suggestion = {}) const;
  /// A diagnostic at a place of the text.
  Diagnostic at(Place place, std::string path, std::string text, std::string suggestion = {}) const;

 private:
  std::string line_text(int line) const;

  std::string file_;
  std::vector<std::string> lines_;  // secrets masked
  std::map<std::string, Place, std::less<>> places_;
};

}  // namespace portvakt::config

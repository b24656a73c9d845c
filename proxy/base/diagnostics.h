// Errors and warnings about files that people write: all of them in one run, each with its place, the
// option's path, the offending line with a caret, and a suggestion. Used by the configuration reader and by
// every other reader of shipped or operators' files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portvakt {

struct Diagnostic {
  enum class Severity { Error, Warning };
  Severity severity = Severity::Error;
  std::string file;
  int line = 0;            // from 1; 0: the file as a whole
  int column = 0;          // from 1, in bytes
  std::string path;        // option path such as sites[0].upstreams[1]
  std::string text;        // what is wrong, in a sentence
  std::string suggestion;  // what to do; may be empty
  std::string source;      // the offending line of the file; may be empty
};

class Diagnostics {
 public:
  void add(Diagnostic diagnostic);
  bool has_errors() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }
  std::size_t warnings() const { return all_.size() - errors_; }
  const std::vector<Diagnostic>& all() const { return all_; }

  /// `file:line:column: error: text`, then path, source line, caret and suggestion, for each in file order.
  std::string format() const;

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
};

}  // namespace portvakt

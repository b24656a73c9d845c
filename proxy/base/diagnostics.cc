#include "proxy/base/diagnostics.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace portvakt {
namespace {

std::string format_one(const Diagnostic& d) {
  std::string out = d.file;
  if (d.line > 0) out += ":" + std::to_string(d.line) + ":" + std::to_string(std::max(d.column, 1));
  out += d.severity == Diagnostic::Severity::Error ? ": error: " : ": warning: ";
  out += d.text + "\n";
  if (!d.source.empty()) {
    out += "    " + d.source + "\n    ";
    for (int i = 1; i < d.column; ++i) {
      const auto at = static_cast<std::size_t>(i - 1);
      out += at < d.source.size() && d.source[at] == '\t' ? '\t' : ' ';
    }
    out += "^\n";
  }
  if (!d.path.empty()) out += "    option: " + d.path + "\n";
  if (!d.suggestion.empty()) out += "    help: " + d.suggestion + "\n";
  return out;
}

}  // namespace

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Diagnostic::Severity::Error) ++errors_;
  all_.push_back(std::move(diagnostic));
}

std::string Diagnostics::format() const {
  std::vector<std::size_t> order(all_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [this](std::size_t i) {
    return std::tuple(std::string_view(all_[i].file), all_[i].line, all_[i].column, i);
  });
  std::string out;
  for (const std::size_t i : order) out += format_one(all_[i]);
  return out;
}

}  // namespace portvakt

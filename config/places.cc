#include "config/places.h"

#include <utility>

#include "config/secret_mask.h"

namespace portvakt::config {
namespace {

/// A longer line would drown the message; the place is named anyway.
constexpr std::size_t kLongestLine = 240;

std::string_view parent_of(std::string_view path) {
  const auto cut = path.find_last_of(".[");
  return cut == std::string_view::npos ? std::string_view() : path.substr(0, cut);
}

}  // namespace

Places::Places(std::string_view text, std::string file_name)
    : file_(std::move(file_name)), lines_(displayable_lines(text)) {}

void Places::remember(const std::string& path, Place place) {
  places_.insert_or_assign(path, place);
}

bool Places::knows(std::string_view path) const {
  return places_.contains(path);
}

std::string Places::line_text(int line) const {
  if (line < 1 || static_cast<std::size_t>(line) > lines_.size()) return {};
  const auto& text = lines_[static_cast<std::size_t>(line) - 1];
  return text.size() > kLongestLine ? std::string() : text;
}

Diagnostic Places::at(Place place, std::string path, std::string text, std::string suggestion) const {
  Diagnostic out;
  out.file = file_;
  out.line = place.line;
  out.column = place.column;
  out.path = std::move(path);
  out.text = std::move(text);
  out.suggestion = std::move(suggestion);
  out.source = line_text(place.line);
  return out;
}

Diagnostic Places::at(std::string_view path, Diagnostic::Severity severity, std::string text,
                      std::string suggestion) const {
  auto nearest = path;
  auto found = places_.find(nearest);
  while (found == places_.end() && !nearest.empty()) {
    nearest = parent_of(nearest);
    found = places_.find(nearest);
  }
  const auto place = found == places_.end() ? Place{} : found->second;
  auto out = at(place, std::string(path), std::move(text), std::move(suggestion));
  out.severity = severity;
  return out;
}

}  // namespace portvakt::config

#include "filters/tags/host_rules.h"

#include <algorithm>

#include "proxy/base/ascii.h"
#include "proxy/base/star_pattern.h"

namespace portvakt::tags {
namespace {

constexpr std::size_t kFewestIdCharacters = 4;

/// `G-` is followed by `ABC123`: without this, `?id=G-` would also be a site's own product number.
bool is_identifier(std::string_view text) {
  return text.size() >= kFewestIdCharacters && std::ranges::all_of(text, [](char c) {
           return ascii::is_digit(c) || (c >= 'A' && c <= 'Z') || c == '-';
         });
}

}  // namespace

bool has_parameter(std::string_view query, std::string_view wanted) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    if (part.starts_with(wanted) && (!wanted.ends_with('-') || is_identifier(part.substr(wanted.size())))) {
      return true;
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return false;
}

PathPattern::PathPattern(std::string_view text) : weight_(text.size()) {
  const std::size_t mark = text.find('?');
  path_ = text.substr(0, mark);
  needs_query_ = mark != std::string_view::npos;
  if (!needs_query_) return;
  for (const std::string_view part : ascii::split(text.substr(mark + 1), '&')) parameters_.emplace_back(part);
}

bool PathPattern::matches(std::string_view path, std::string_view query) const {
  if (needs_query_ && query.empty()) return false;
  if (!matches_beginning(path_, path)) return false;
  return std::ranges::all_of(parameters_,
                             [query](const auto& wanted) { return has_parameter(query, wanted); });
}

void HostRules::add(std::string_view text, int line, std::size_t owner) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::string host = ascii::lower(text.substr(0, slash));
  HostRule rule{PathPattern(text.substr(slash)), owner, text, line, host.size()};
  if (host.starts_with("*.") && host.find_first_of("*#", 1) == std::string::npos) {
    domains_[host.substr(2)].push_back(std::move(rule));
  } else if (host.find_first_of("*#") != std::string::npos) {
    patterns_.emplace_back(host, std::move(rule));
  } else {
    rule.exactness += 1000;
    exact_[host].push_back(std::move(rule));
  }
}

bool HostRules::fits(std::string_view pattern, std::string_view host) {
  if (pattern.front() != '*' && pattern.front() != host.front()) return false;
  return matches_whole(pattern, host);
}

}  // namespace portvakt::tags

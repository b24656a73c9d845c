#include "insights/definitions.h"

namespace portvakt::insights {
namespace {

std::string name_complaint(std::string_view name) {
  if (name.empty()) return "it needs a name";
  if (name.size() > kMaxDefinitionText) return "its name is too long";
  return {};
}

std::string condition_complaint(const Condition& condition) {
  if (condition.pattern.empty()) return "it needs an address that is reached";
  if (condition.pattern.size() > kMaxDefinitionText) return "its address is too long";
  return {};
}

}  // namespace

bool fits(std::string_view pattern, std::string_view text) {
  // The last star takes one character more each time that what follows it does not fit.
  std::size_t p = 0, t = 0, star = std::string_view::npos, taken = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::string complaint(const Goal& goal) {
  const auto said = name_complaint(goal.name);
  return said.empty() ? condition_complaint(goal.condition) : said;
}

std::string complaint(const Funnel& funnel) {
  if (auto said = name_complaint(funnel.name); !said.empty()) return said;
  if (funnel.steps.size() < 2) return "it needs two steps at least";
  if (funnel.steps.size() > kMaxFunnelSteps)
    return "it has more than " + std::to_string(kMaxFunnelSteps) + " steps";
  for (std::size_t i = 0; i < funnel.steps.size(); ++i) {
    auto said = name_complaint(funnel.steps[i].name);
    if (said.empty()) said = condition_complaint(funnel.steps[i].condition);
    if (!said.empty()) return "step " + std::to_string(i + 1) + ": " + said;
  }
  return {};
}

std::string complaint(const Annotation& annotation) {
  if (annotation.text.empty()) return "it needs a text";
  if (annotation.text.size() > kMaxDefinitionText) return "its text is too long";
  if (annotation.days.last < annotation.days.first) return "it ends before it begins";
  return {};
}

}  // namespace portvakt::insights

// What people define for a site's reports: goals, funnels, annotations. They choose figures and change none:
// a goal made today counts in last year's visits too. Values, and the seam that keeps them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "insights/day.h"
#include "proxy/base/result.h"

namespace portvakt::insights {

enum class GoalKind : std::uint8_t { Page = 0, Outbound = 1, Download = 2, Form = 3 };

/// What has to happen once in a visit. In `pattern` a `*` stands for any run of characters: `/thanks`,
/// `/orders/*/done`, `https://shop.example`.
struct Condition {
  GoalKind kind = GoalKind::Page;
  std::string pattern;
  friend bool operator==(const Condition&, const Condition&) = default;
};

struct Goal {
  std::int64_t id = 0;  // 0: not stored
  std::string name;     // one of its name in a site
  Condition condition;
  friend bool operator==(const Goal&, const Goal&) = default;
};

struct FunnelStep {
  std::string name;
  Condition condition;
  friend bool operator==(const FunnelStep&, const FunnelStep&) = default;
};

struct Funnel {
  std::int64_t id = 0;
  std::string name;
  std::vector<FunnelStep> steps;
  friend bool operator==(const Funnel&, const Funnel&) = default;
};

enum class AnnotationKind : std::uint8_t { Written = 0, Reload = 1, Banner = 2 };

struct Annotation {
  std::int64_t id = 0;
  AnnotationKind kind = AnnotationKind::Written;
  Period days;  // one day or a range, of the site's calendar
  std::string text;
  friend bool operator==(const Annotation&, const Annotation&) = default;
};

inline constexpr std::size_t kMaxFunnelSteps = 8;
inline constexpr std::size_t kMaxDefinitions = 200;  // of a kind, in a site
inline constexpr std::size_t kMaxDefinitionText = 500;

/// Storing one with the id 0 makes it; with an id it takes the other's place. The answer is the id. An
/// Invalid error says in words what is wrong with it.
class Definitions {
 public:
  virtual ~Definitions() = default;

  virtual Result<std::vector<Goal>> goals(std::string_view site) = 0;
  virtual Result<std::int64_t> store(std::string_view site, const Goal& goal) = 0;
  virtual Result<std::vector<Funnel>> funnels(std::string_view site) = 0;
  virtual Result<std::int64_t> store(std::string_view site, const Funnel& funnel) = 0;
  /// Those that touch the period, by day.
  virtual Result<std::vector<Annotation>> annotations(std::string_view site, Period period) = 0;
  virtual Result<std::int64_t> store(std::string_view site, const Annotation& annotation) = 0;

  /// True: there was one.
  virtual Result<bool> remove_goal(std::string_view site, std::int64_t id) = 0;
  virtual Result<bool> remove_funnel(std::string_view site, std::int64_t id) = 0;
  virtual Result<bool> remove_annotation(std::string_view site, std::int64_t id) = 0;
};

/// Whether a condition's pattern fits.
bool fits(std::string_view pattern, std::string_view text);

/// What is wrong with it, in words; empty: nothing.
std::string complaint(const Goal& goal);
std::string complaint(const Funnel& funnel);
std::string complaint(const Annotation& annotation);

}  // namespace portvakt::insights

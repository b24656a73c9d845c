#include <cstdio>

#include <nlohmann/json.hpp>

#include "filters/cookies/cookie_policy.h"
#include "filters/html/rewriter.h"
#include "filters/tags/tag_handler.h"
#include "proxy/base/ascii.h"
#include "proxy/base/file.h"
#include "proxy/commands/page_site.h"

namespace portvakt::commands {
namespace {

/// One line of the answer.
struct Row {
  std::string subject;
  std::string element;
  std::string verdict;  // kept | held back | would be held back
  std::string purpose;
  std::string vendor;
  std::string rule;
  std::string file;
  int line = 0;
};

std::string_view ruling_text(tags::Ruling ruling) {
  switch (ruling) {
    case tags::Ruling::Pass:
      return "kept";
    case tags::Ruling::Count:
      return "would be held back";
    case tags::Ruling::Hold:
      return "held back";
  }
  return "held back";
}

Row make_row(const PageSite& page, std::string subject, std::string element, const tags::Decision& decision) {
  Row row{
      std::move(subject), std::move(element), std::string(ruling_text(decision.ruling)), "", "", "", "", 0};
  if (!decision.verdict) return row;
  row.purpose = page.policy->rules().purposes.name(decision.verdict->purpose);
  if (decision.verdict->vendor != nullptr) row.vendor = decision.verdict->vendor->id;
  row.rule = decision.verdict->rule;
  row.file = decision.verdict->file;
  row.line = decision.verdict->line;
  return row;
}

Row explain_cookie(const PageSite& page, const std::string& name) {
  std::vector<cookies::CookieRule> rules;
  for (const auto& [pattern, purpose] : page.site.cookies) {
    rules.push_back({pattern, page.policy->rules().purposes.find(purpose).value_or(filters::kMarketing)});
  }
  const cookies::CookiePolicy policy(std::move(rules), page.policy.get(), page.site.mode);
  Row row{name, "cookie", policy.find_missing(name, page.consent) ? "held back" : "kept", "", "", "", "", 0};
  if (const auto purpose = policy.find_purpose(name))
    row.purpose = page.policy->rules().purposes.name(*purpose);
  if (const auto known = page.catalogue->find_cookie(name)) {
    row.vendor = known->vendor->id;
    row.rule = known->cookie->name;
    row.file = known->file;
    row.line = known->line;
  }
  return row;
}

class Rows : public tags::FindingSink {
 public:
  Rows(const PageSite& page, std::vector<Row>& rows) : page_(page), rows_(rows) {}
  void on_finding(tags::Finding finding) override {
    rows_.push_back(make_row(page_, std::move(finding.what), std::move(finding.element), finding.decision));
  }

 private:
  const PageSite& page_;
  std::vector<Row>& rows_;
};

Result<void> explain_page(const PageSite& page, const std::filesystem::path& html, std::vector<Row>& rows) {
  const auto bytes = read_file(html);
  if (!bytes) return tl::unexpected(bytes.error());
  filters::Notes notes;
  Rows sink(page, rows);
  const auto handler = tags::make_handler(*page.policy, page.consent, page.facts(), notes, sink);
  std::string ignored;
  html::StringOutput output(ignored);
  html::Rewriter rewriter(*handler, {}, output);
  if (auto written = rewriter.write(*bytes); !written) return written;
  return rewriter.end();
}

void print(const Row& row, bool json) {
  if (json) {
    nlohmann::ordered_json object = {{"subject", row.subject}, {"element", row.element},
                                     {"verdict", row.verdict}, {"purpose", row.purpose},
                                     {"vendor", row.vendor},   {"rule", row.rule},
                                     {"file", row.file},       {"line", row.line}};
    std::printf("%s\n", object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    return;
  }
  std::printf("%s: %s", row.verdict.c_str(), row.subject.c_str());
  if (!row.element.empty()) std::printf(" (%s)", row.element.c_str());
  if (!row.purpose.empty()) std::printf("\n    purpose %s", row.purpose.c_str());
  if (!row.vendor.empty()) std::printf(", vendor %s", row.vendor.c_str());
  if (!row.rule.empty()) std::printf(", rule %s at %s:%d", row.rule.c_str(), row.file.c_str(), row.line);
  if (row.purpose.empty()) std::printf("\n    no rule knows it");
  std::printf("\n");
}

}  // namespace

int explain(const ExplainOptions& options) {
  int exit_code = kExitOk;
  const auto page = open_page_site(options.page, exit_code);
  if (!page) return exit_code;
  std::vector<Row> rows;
  for (const auto& subject : options.subjects) {
    const bool is_url = ascii::contains(subject, "/") || ascii::contains(subject, ":");
    if (!is_url) {
      rows.push_back(explain_cookie(*page, subject));
      continue;
    }
    const auto url = http::parse_url(subject, &page->url);
    rows.push_back(make_row(*page, subject, "", page->policy->judge_url(url, page->url, page->consent)));
  }
  if (!options.html.empty()) {
    if (const auto done = explain_page(*page, options.html, rows); !done) {
      std::fprintf(stderr, "portvakt: %s\n", done.error().detail.c_str());
      return kExitFaults;
    }
  }
  for (const auto& row : rows) print(row, options.json);
  return kExitOk;
}

}  // namespace portvakt::commands

#include "filters/guard/response_headers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/ascii.h"
#include "proxy/http/name_set.h"

namespace portvakt::guard {
namespace {

/// The members of a list field, at commas outside `<…>` and quotes (RFC 8288 section 3).
std::vector<std::string_view> split_members(std::string_view value) {
  std::vector<std::string_view> members;
  char closing = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    if (i < value.size()) {
      const char c = value[i];
      if (closing == '"' && c == '\\') {
        ++i;
        continue;
      }
      if (closing != 0) {
        if (c == closing) closing = 0;
        continue;
      }
      if (c == '<' || c == '"') closing = c == '<' ? '>' : '"';
      if (c != ',') continue;
    }
    const auto member = ascii::trim(value.substr(begin, std::min(i, value.size()) - begin));
    if (!member.empty()) members.push_back(member);
    begin = i + 1;
  }
  return members;
}

/// Relations for which a browser goes and fetches, or opens a connection.
bool is_loading_relation(std::string_view parameters) {
  constexpr std::array<std::string_view, 11> kLoading = {
      "preload",    "preconnect", "dns-prefetch", "modulepreload",          "prefetch", "prerender",
      "stylesheet", "icon",       "manifest",     "compression-dictionary", "pingback"};
  const std::string lower = ascii::lower(parameters);
  return std::ranges::any_of(kLoading, [&](std::string_view word) { return ascii::contains(lower, word); });
}

/// The text between the first `open` and the next `close`; empty without both.
std::optional<std::string_view> between(std::string_view text, char open, char close) {
  const auto from = text.find(open);
  const auto to = from == std::string_view::npos ? from : text.find(close, from + 1);
  if (to == std::string_view::npos) return std::nullopt;
  return text.substr(from + 1, to - from - 1);
}

class Judge {
 public:
  Judge(const http::ParsedUrl& page, const tags::TagPolicy& policy, filters::Notes& notes)
      : page_(page), policy_(policy), notes_(notes) {}

  bool holds_url(std::string_view address) { return holds(address, false); }
  bool holds_host(std::string_view address) { return holds(address, true); }

 private:
  bool holds(std::string_view address, bool host_alone) {
    const auto url = http::parse_url(address, &page_);
    const auto decision = host_alone ? policy_.judge_host(url, page_, notes_.consent)
                                     : policy_.judge_url(url, page_, notes_.consent);
    if (decision.ruling == tags::Ruling::Pass) return false;
    if (decision.verdict) {
      ++notes_.tags_held[decision.verdict->purpose];
      if (decision.verdict->vendor != nullptr) notes_.hold_vendor(decision.verdict->vendor->id);
    }
    return decision.ruling == tags::Ruling::Hold;
  }

  const http::ParsedUrl& page_;
  const tags::TagPolicy& policy_;
  filters::Notes& notes_;
};

bool holds_link(Judge& judge, std::string_view member) {
  const auto address = between(member, '<', '>');
  if (!address) return false;  // not a link that a browser would follow
  const auto parameters = member.substr(static_cast<std::size_t>(address->end() - member.begin()));
  if (!is_loading_relation(parameters)) return false;
  const bool host_alone = ascii::contains(ascii::lower(parameters), "preconnect") ||
                          ascii::contains(ascii::lower(parameters), "dns-prefetch");
  return host_alone ? judge.holds_host(*address) : judge.holds_url(*address);
}

bool holds_endpoint(Judge& judge, std::string_view member) {
  const auto address = between(member, '"', '"');
  return address && judge.holds_url(*address);
}

/// `0; url=https://…`, as browsers read it: also without `url=`, in quotes, after a comma.
bool holds_refresh(Judge& judge, std::string_view value) {
  const auto separator = value.find_first_of(";,");
  if (separator == std::string_view::npos) return false;
  auto rest = ascii::trim(value.substr(separator + 1));
  if (ascii::istarts_with(rest, "url")) {
    const auto after = ascii::trim(rest.substr(3));
    if (after.starts_with('=')) rest = ascii::trim(after.substr(1));
  }
  if (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) {
    const auto quote = rest.front();
    rest = rest.substr(1);
    rest = rest.substr(0, rest.find(quote));
  }
  return judge.holds_url(rest);
}

/// Report-To is JSON; every text in it that is an address is judged.
bool holds_report_group(Judge& judge, std::string_view value) {
  bool held = false;
  for (auto at = value.find("http"); at != std::string_view::npos; at = value.find("http", at + 1)) {
    const auto end = value.find('"', at);
    std::string address(value.substr(at, end == std::string_view::npos ? end : end - at));
    std::erase(address, '\\');  // JSON may write "https:\/\/"
    held = judge.holds_url(address) || held;
  }
  return held;
}

/// Leaves out the members that `holds` condemns; a field without any stays as it was written.
template <typename Holds>
void filter_members(http::HeaderMap& headers, std::string_view name, Holds holds) {
  std::vector<std::string> kept_fields;
  bool changed = false;
  for (const auto value : headers.all(name)) {
    std::string kept;
    bool dropped = false;
    for (const auto member : split_members(value)) {
      if (holds(member)) {
        dropped = true;
      } else {
        kept.append(kept.empty() ? "" : ", ").append(member);
      }
    }
    changed = changed || dropped;
    if (!dropped) {
      kept_fields.emplace_back(value);
    } else if (!kept.empty()) {
      kept_fields.push_back(std::move(kept));
    }
  }
  if (!changed) return;
  headers.remove(name);
  for (const auto& value : kept_fields) headers.add(name, value);
}

}  // namespace

bool may_name_vendors(const http::HeaderMap& headers) {
  static constexpr http::NameSet kNames{
      std::array<std::string_view, 5>{"link", "location", "refresh", "report-to", "reporting-endpoints"}};
  return std::ranges::any_of(headers.fields(),
                             [](const http::HeaderMap::Field& field) { return kNames.has(field.name); });
}

bool redirects_to_held_vendor(const http::ResponseHead& head, const http::ParsedUrl& page,
                              const tags::TagPolicy& policy, filters::Notes& notes) {
  const auto location = head.headers.find("Location");
  return location && head.status >= 300 && head.status < 400 &&
         Judge(page, policy, notes).holds_url(*location);
}

void hold_header_vendors(http::HeaderMap& headers, const http::ParsedUrl& page, const tags::TagPolicy& policy,
                         filters::Notes& notes) {
  Judge judge(page, policy, notes);
  filter_members(headers, "Link", [&](std::string_view member) { return holds_link(judge, member); });
  filter_members(headers, "Reporting-Endpoints",
                 [&](std::string_view member) { return holds_endpoint(judge, member); });
  headers.remove_if([&](const http::HeaderMap::Field& field) {
    return ascii::iequals(field.name, "refresh") && holds_refresh(judge, field.value);
  });
  const auto groups = headers.remove_if([&](const http::HeaderMap::Field& field) {
    return ascii::iequals(field.name, "report-to") && holds_report_group(judge, field.value);
  });
  // Network error logging reports to the groups that have just gone.
  if (groups > 0) headers.remove("NEL");
}

}  // namespace portvakt::guard

#include "filters/tags/vendor_catalogue.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "filters/tags/host_rules.h"
#include "filters/tags/inline_scan.h"
#include "filters/tags/literal_matcher.h"
#include "proxy/base/ascii.h"
#include "proxy/base/star_pattern.h"

namespace portvakt::tags {
namespace {

struct Hash : std::hash<std::string_view> {
  using is_transparent = void;
};

template <typename Value>
using ByText = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

struct OwnedPath {
  PathPattern pattern;
  std::size_t vendor;
  const Placed* source;
};

struct OwnedQuery {
  const ParameterSet* set;
  std::size_t vendor;
};

struct OwnedCookie {
  const CookieFact* fact;
  std::size_t vendor;
};

struct Signature {
  const Placed* source;
  std::size_t vendor;
};

/// How well a rule fits; greater is better, member by member.
struct Fit {
  bool untouchable = false;
  std::size_t path = 0;
  std::size_t host = 0;
  filters::Purpose purpose = 0;
  auto operator<=>(const Fit&) const = default;
};

/// The path with its percent-codes read, as servers read it: `/%70agead` is `/pagead`.
std::string_view decoded_path(const std::string& path, std::string& scratch) {
  if (path.find('%') == std::string::npos) return path;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool code = path[i] == '%' && i + 2 < path.size() && ascii::hex_value(path[i + 1]) >= 0 &&
                      ascii::hex_value(path[i + 2]) >= 0;
    scratch += code ? static_cast<char>(ascii::hex_value(path[i + 1]) * 16 + ascii::hex_value(path[i + 2]))
                    : path[i];
    if (code) i += 2;
  }
  return scratch;
}

}  // namespace

struct VendorCatalogue::Index {
  ByText<std::size_t> ids;
  HostRules hosts;
  std::vector<std::vector<PathPattern>> paths;  // by vendor
  std::vector<OwnedPath> first_party_paths;
  std::vector<OwnedQuery> first_party_queries;
  LiteralMatcher matcher;
  std::vector<Signature> signatures;
  ByText<OwnedCookie> cookies;
  std::vector<OwnedCookie> cookie_patterns;

  void add(const Vendor& vendor);
  void add_cookie(const Vendor& vendor, const CookieFact& fact, const std::vector<Vendor>& all);
  std::size_t longest_path(std::size_t vendor, std::string_view path, std::string_view query) const;
};

void VendorCatalogue::Index::add(const Vendor& vendor) {
  const std::size_t number = vendor.index;
  ids.emplace(vendor.id, number);
  for (const Placed& host : vendor.hosts) hosts.add(host.text, host.line, number);
  auto& own_paths = paths.emplace_back();
  for (const Placed& path : vendor.paths) own_paths.emplace_back(path.text);
  for (const Placed& path : vendor.first_party_paths) {
    first_party_paths.push_back({PathPattern(path.text), number, &path});
  }
  for (const ParameterSet& set : vendor.first_party_parameters) first_party_queries.push_back({&set, number});
  for (const Placed& text : vendor.inline_signatures) {
    matcher.add(text.text, signatures.size());
    signatures.push_back({&text, number});
  }
}

/// Of several vendors with one name, the most lenient stays: see find_cookie.
void VendorCatalogue::Index::add_cookie(const Vendor& vendor, const CookieFact& fact,
                                        const std::vector<Vendor>& all) {
  if (fact.third_party) return;
  const OwnedCookie cookie{&fact, vendor.index};
  if (fact.name.find('*') != std::string::npos) {
    cookie_patterns.push_back(cookie);
    return;
  }
  const auto [known, added] = cookies.emplace(fact.name, cookie);
  if (!added && vendor.purpose < all[known->second.vendor].purpose) known->second = cookie;
}

std::size_t VendorCatalogue::Index::longest_path(std::size_t vendor, std::string_view path,
                                                 std::string_view query) const {
  std::size_t longest = 0;
  for (const PathPattern& pattern : paths[vendor]) {
    if (pattern.weight() > longest && pattern.matches(path, query)) longest = pattern.weight();
  }
  return longest;
}

VendorCatalogue::VendorCatalogue(std::vector<Vendor> vendors, std::string file)
    : vendors_(std::move(vendors)), file_(std::move(file)) {
  auto index = std::make_unique<Index>();
  for (std::size_t i = 0; i < vendors_.size(); ++i) {
    vendors_[i].index = static_cast<std::uint16_t>(i);
    index->add(vendors_[i]);
    for (const CookieFact& fact : vendors_[i].cookies) index->add_cookie(vendors_[i], fact, vendors_);
  }
  // The longest pattern says most: it is asked first.
  std::ranges::sort(index->cookie_patterns, [this](const OwnedCookie& a, const OwnedCookie& b) {
    if (a.fact->name.size() != b.fact->name.size()) return a.fact->name.size() > b.fact->name.size();
    const auto order = [this](const OwnedCookie& c) {
      return std::tuple(vendors_[c.vendor].purpose, c.vendor, c.fact->line);
    };
    return order(a) < order(b);
  });
  index_ = std::move(index);
}

VendorCatalogue::~VendorCatalogue() = default;

std::optional<Verdict> VendorCatalogue::find_url(const http::ParsedUrl& url, Party party) const {
  std::string scratch;
  const std::string_view path = decoded_path(url.path, scratch);
  std::optional<Verdict> best;
  Fit best_fit;
  if (party == Party::Third) {
    index_->hosts.for_each(url.plain_host(), [&](const HostRule& rule) {
      if (!rule.path.empty() && !rule.path.matches(path, url.query)) return;
      const Vendor& owner = vendors_[rule.owner];
      const std::size_t weight =
          rule.path.empty() ? index_->longest_path(rule.owner, path, url.query) : rule.path.weight();
      const Fit fit{owner.untouchable, weight, rule.exactness, owner.purpose};
      if (best && fit <= best_fit) return;
      best_fit = fit;
      best = Verdict{owner.purpose, &owner, rule.text, file_, rule.line, weight > 0};
    });
    if (best) return best;
  }
  // A vendor served from the site itself, or from a machine that the site's owner rents.
  for (const OwnedPath& shape : index_->first_party_paths) {
    if (!shape.pattern.matches(path, url.query)) continue;
    const Vendor& owner = vendors_[shape.vendor];
    return Verdict{owner.purpose, &owner, shape.source->text, file_, shape.source->line, true};
  }
  if (url.query.empty()) return std::nullopt;
  for (const OwnedQuery& shape : index_->first_party_queries) {
    const auto& wanted = shape.set->parameters;
    if (!std::ranges::all_of(wanted, [&](const auto& p) { return has_parameter(url.query, p); })) continue;
    const Vendor& owner = vendors_[shape.vendor];
    return Verdict{owner.purpose, &owner, wanted.front(), file_, shape.set->line, true};
  }
  return std::nullopt;
}

std::optional<Verdict> VendorCatalogue::find_host(std::string_view host) const {
  std::optional<Verdict> best;
  Fit best_fit;
  index_->hosts.for_each(host, [&](const HostRule& rule) {
    const Vendor& owner = vendors_[rule.owner];
    const Fit fit{owner.untouchable, 0, 0, owner.purpose};
    if (best && fit <= best_fit) return;
    best_fit = fit;
    best = Verdict{owner.purpose, &owner, rule.text, file_, rule.line, false};
  });
  return best;
}

void VendorCatalogue::find_signatures(std::string_view script, std::vector<SignatureHit>& hits) const {
  index_->matcher.for_each(script, [&](std::size_t number, std::size_t begin, std::size_t end) {
    const Signature& signature = index_->signatures[number];
    if (!stands_alone(script, begin, end)) return;
    for (const SignatureHit& known : hits) {
      if (known.signature == signature.source) return;
    }
    hits.push_back({&vendors_[signature.vendor], signature.source});
  });
}

std::optional<Verdict> VendorCatalogue::find_inline(std::string_view script) const {
  std::optional<Verdict> best;
  const auto consider = [&best](const Verdict& verdict) {
    if (!best || verdict.purpose > best->purpose) best = verdict;
  };
  std::vector<SignatureHit> hits;
  find_signatures(script, hits);
  for (const SignatureHit& hit : hits) {
    if (!is_evidence(hit, hits)) continue;
    consider({hit.vendor->purpose, hit.vendor, hit.signature->text, file_, hit.signature->line, false});
  }
  AddressScanner addresses(script);
  while (const ScriptAddress* address = addresses.next()) {
    const auto verdict = find_url(address->url, Party::Third);
    if (verdict && loads_when_named(*verdict, address->url.path)) consider(*verdict);
  }
  return best;
}

std::optional<CookieVerdict> VendorCatalogue::find_cookie(std::string_view name) const {
  const auto verdict = [this](const OwnedCookie& cookie) {
    const Vendor& owner = vendors_[cookie.vendor];
    return CookieVerdict{owner.purpose, &owner, cookie.fact, file_, cookie.fact->line};
  };
  if (const auto exact = index_->cookies.find(name); exact != index_->cookies.end())
    return verdict(exact->second);
  for (const OwnedCookie& cookie : index_->cookie_patterns) {
    if (matches_whole(cookie.fact->name, name)) return verdict(cookie);
  }
  return std::nullopt;
}

const Vendor* VendorCatalogue::vendor(std::string_view id) const {
  const auto found = index_->ids.find(id);
  return found == index_->ids.end() ? nullptr : &vendors_[found->second];
}

}  // namespace portvakt::tags

#include <utility>

#include "config/option.h"

namespace portvakt::config {
namespace {

// In the order of RegionRule.
constexpr std::string_view kRules[] = {"opt-in", "opt-out", "notice"};

constexpr Option kOptions[] = {
    {.path = "consent", .help = "What holds for the consent of all sites."},
    {.path = "consent.signing_keys",
     .shape = Shape::List,
     .kind = Kind::ConsentKey,
     .help = "Keys of the consent cookie: `file:PATH` or `${VARIABLE}`. The first signs, all verify. A file "
             "that does "
             "not exist is made on first start. Without it: `consent.key` beside the spool.",
     .set = [](Model& m, Value&& v) { m.consent.signing_keys.push_back(std::move(v.secret)); }},
    {.path = "consent.path",
     .kind = Kind::UrlPath,
     .fallback = "/.privacy/",
     .help = "Path under which Portvakt answers itself: preferences, declaration, rights.",
     .set = [](Model& m, Value&& v) { m.consent.path = std::move(v.text); }},
    {.path = "consent.default_region",
     .kind = Kind::Choice,
     .fallback = "opt-in",
     .words = kRules,
     .help = "What holds before a choice where no region says otherwise: nothing is granted (opt-in), all is "
             "granted "
             "and can be refused (opt-out), all is granted and visitors are told (notice).",
     .set = [](Model& m, Value&& v) { m.consent.default_region = static_cast<RegionRule>(v.number); }},
    {.path = "consent.regions",
     .shape = Shape::Map,
     .kind = Kind::Choice,
     .key_kind = Kind::CountryCode,
     .words = kRules,
     .help = "The same by country, as in `{US: notice}`. Needs `geo.country`.",
     .set =
         [](Model& m, Value&& v) {
           m.consent.regions.insert_or_assign(std::move(v.key), static_cast<RegionRule>(v.number));
         }},
};

}  // namespace

std::span<const Option> consent_options() {
  return kOptions;
}

}  // namespace portvakt::config

// What a site's consent is worth for how long and where, and what is held back whatever visitors choose.
#include <utility>

#include "config/option.h"

namespace portvakt::config {
namespace {

constexpr std::uint64_t kDay = std::uint64_t{24} * 3600 * 1000;
/// Browsers keep no cookie longer.
constexpr std::uint64_t kLongestCookie = 400 * kDay;

// In the order of the enumerations of the same name.
constexpr std::string_view kAgreements[] = {"signed", "none"};
constexpr std::string_view kUnsignedVendors[] = {"named", "all", "off"};

Site& site(Model& m) {
  return m.sites.back();
}

std::chrono::seconds seconds_of(const Value& v) {
  return std::chrono::seconds(static_cast<std::int64_t>(v.number / 1000));
}

constexpr Option kOptions[] = {
    {.path = "consent.do_not_track",
     .kind = Kind::Flag,
     .fallback = "off",
     .help = "`DNT: 1` counts as `Sec-GPC: 1` does: a no to analytics and marketing until the visitor says "
             "otherwise "
             "here.",
     .set = [](Model& m, Value&& v) { m.consent.do_not_track = v.number != 0; }},
    {.path = "sites[].consent.granted_life",
     .kind = Kind::Duration,
     .fallback = "180d",
     .least = kDay,
     .most = kLongestCookie,
     .help = "How long a choice that granted something stands; then the visitor is asked again.",
     .set = [](Model& m, Value&& v) { site(m).consent.granted_life = seconds_of(v); }},
    {.path = "sites[].consent.refused_life",
     .kind = Kind::Duration,
     .fallback = "180d",
     .least = kDay,
     .most = kLongestCookie,
     .help = "How long a choice that granted nothing stands.",
     .set = [](Model& m, Value&& v) { site(m).consent.refused_life = seconds_of(v); }},
    {.path = "sites[].consent.cookie_domain",
     .kind = Kind::Host,
     .help = "The consent cookie's `Domain`, so that one choice holds for all of the site's hosts below it. "
             "Without it: "
             "each host asks for itself.",
     .set = [](Model& m, Value&& v) { site(m).consent.cookie_domain = std::move(v.text); }},
    {.path = "sites[].agreements",
     .shape = Shape::Map,
     .kind = Kind::Choice,
     .key_kind = Kind::VendorId,
     .words = kAgreements,
     .help = "Data-processing agreements by vendor: signed, or none. See `hold.unsigned`.",
     .set =
         [](Model& m, Value&& v) {
           site(m).agreements.insert_or_assign(std::move(v.key), static_cast<Agreement>(v.number));
         }},
    {.path = "sites[].hold",
     .help = "What is held back whatever visitors choose. Payment is never held back."},
    {.path = "sites[].hold.unsigned",
     .kind = Kind::Choice,
     .fallback = "named",
     .words = kUnsignedVendors,
     .help = "Vendors without a data-processing agreement: those that `agreements` says have none (named), "
             "all that it "
             "does not say have signed (all), or no vendor (off).",
     .set = [](Model& m,
               Value&& v) { site(m).hold.unsigned_vendors = static_cast<UnsignedVendors>(v.number); }},
    {.path = "sites[].hold.countries",
     .shape = Shape::List,
     .kind = Kind::CountryCode,
     .help = "Vendors established in these countries, as in `[US]`.",
     .set = [](Model& m, Value&& v) { site(m).hold.countries.push_back(std::move(v.text)); }},
    {.path = "sites[].hold.outside_eea",
     .kind = Kind::Flag,
     .fallback = "off",
     .help = "Vendors established outside the European Economic Area, and those of whom it is not known.",
     .set = [](Model& m, Value&& v) { site(m).hold.outside_eea = v.number != 0; }},
    {.path = "sites[].hold.identification",
     .kind = Kind::Flag,
     .fallback = "off",
     .help = "Vendors that tell which company or person a visitor is.",
     .set = [](Model& m, Value&& v) { site(m).hold.identification = v.number != 0; }},
    {.path = "sites[].hold.paths",
     .shape = Shape::List,
     .kind = Kind::PathPattern,
     .help = "Sensitive pages, on which no vendor's tag runs even with consent, as in `/health/*`; `*` "
             "stands for any "
             "characters.",
     .set = [](Model& m, Value&& v) { site(m).hold.paths.push_back(std::move(v.text)); }},
};

}  // namespace

std::span<const Option> privacy_options() {
  return kOptions;
}

}  // namespace portvakt::config

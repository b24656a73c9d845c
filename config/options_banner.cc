#include <utility>

#include "config/option.h"

namespace portvakt::config {
namespace {

// In the order of the enumerations of the same name.
constexpr std::string_view kPositions[] = {"bottom", "top"};
constexpr std::string_view kDialects[] = {"cookiebot", "cookieconsent", "klaro", "onetrust"};

SiteConsent& consent(Model& m) {
  return m.sites.back().consent;
}

BannerTheme& banner(Model& m) {
  return consent(m).banner;
}

constexpr Option kOptions[] = {
    {.path = "sites[].consent.vendors",
     .shape = Shape::List,
     .kind = Kind::VendorId,
     .help =
         "Vendors of the catalogue that the banner lists under their purpose, so that each can be allowed "
         "by itself. The privacy page lists all.",
     .set = [](Model& m, Value&& v) { consent(m).vendors.push_back(std::move(v.text)); }},
    {.path = "sites[].consent.authority",
     .help = "Whom visitors can complain to. Without it: the authority of the visitor's country."},
    {.path = "sites[].consent.authority.name",
     .kind = Kind::Text,
     .help = "Its name.",
     .set = [](Model& m, Value&& v) { consent(m).authority.name = std::move(v.text); }},
    {.path = "sites[].consent.authority.url",
     .kind = Kind::Link,
     .help = "Its address.",
     .set = [](Model& m, Value&& v) { consent(m).authority.url = std::move(v.text); }},
    {.path = "sites[].consent.clear_storage",
     .kind = Kind::Flag,
     .fallback = "off",
     .help = "On: a withdrawal also clears everything that the site keeps in the browser's storage "
             "(`Clear-Site-Data: \"storage\"`), the site's own data included. Cookies and storage keys of "
             "known vendors are always expired.",
     .set = [](Model& m, Value&& v) { consent(m).clear_storage = v.number != 0; }},
    {.path = "sites[].consent.compatibility",
     .shape = Shape::List,
     .kind = Kind::Choice,
     .words = kDialects,
     .help = "Interfaces of other consent tools that the site's scripts call: each is offered, with our "
             "answers.",
     .set = [](Model& m,
               Value&& v) { consent(m).dialects.push_back(static_cast<ConsentDialect>(v.number)); }},
    {.path = "sites[].consent.banner", .help = "How the banner looks. Both buttons always look alike."},
    {.path = "sites[].consent.banner.position",
     .kind = Kind::Choice,
     .fallback = "bottom",
     .words = kPositions,
     .help = "Where it stands on the screen.",
     .set = [](Model& m, Value&& v) { banner(m).position = static_cast<BannerPosition>(v.number); }},
    {.path = "sites[].consent.banner.logo",
     .kind = Kind::SitePath,
     .help = "A picture on the site itself, shown 32 pixels high. It costs one request.",
     .set = [](Model& m, Value&& v) { banner(m).logo = std::move(v.text); }},
    {.path = "sites[].consent.banner.heading",
     .shape = Shape::Map,
     .kind = Kind::Text,
     .key_kind = Kind::LanguageTag,
     .help = "Headings by language in place of ours, as in `{en: Cookies at Example}`.",
     .set = [](Model& m,
               Value&& v) { banner(m).headings.insert_or_assign(std::move(v.key), std::move(v.text)); }},
    {.path = "sites[].consent.banner.intro",
     .shape = Shape::Map,
     .kind = Kind::Text,
     .key_kind = Kind::LanguageTag,
     .help = "Introductions by language in place of ours.",
     .set = [](Model& m,
               Value&& v) { banner(m).intros.insert_or_assign(std::move(v.key), std::move(v.text)); }},
    {.path = "sites[].consent.banner.colours",
     .help =
         "Colours as `\"#1a2b3c\"`, all four or none; `portvakt check` refuses pairs that cannot be read. "
         "Without them: the browser's own, light or dark."},
    {.path = "sites[].consent.banner.colours.text",
     .kind = Kind::Colour,
     .help = "Of text.",
     .set = [](Model& m, Value&& v) { banner(m).light.text = std::move(v.text); }},
    {.path = "sites[].consent.banner.colours.background",
     .kind = Kind::Colour,
     .help = "Behind it.",
     .set = [](Model& m, Value&& v) { banner(m).light.background = std::move(v.text); }},
    {.path = "sites[].consent.banner.colours.button",
     .kind = Kind::Colour,
     .help = "Of all buttons.",
     .set = [](Model& m, Value&& v) { banner(m).light.button = std::move(v.text); }},
    {.path = "sites[].consent.banner.colours.button_text",
     .kind = Kind::Colour,
     .help = "Of the text on them.",
     .set = [](Model& m, Value&& v) { banner(m).light.button_text = std::move(v.text); }},
    {.path = "sites[].consent.banner.dark_colours", .help = "The same for visitors who prefer dark pages."},
    {.path = "sites[].consent.banner.dark_colours.text",
     .kind = Kind::Colour,
     .help = "Of text.",
     .set = [](Model& m, Value&& v) { banner(m).dark.text = std::move(v.text); }},
    {.path = "sites[].consent.banner.dark_colours.background",
     .kind = Kind::Colour,
     .help = "Behind it.",
     .set = [](Model& m, Value&& v) { banner(m).dark.background = std::move(v.text); }},
    {.path = "sites[].consent.banner.dark_colours.button",
     .kind = Kind::Colour,
     .help = "Of all buttons.",
     .set = [](Model& m, Value&& v) { banner(m).dark.button = std::move(v.text); }},
    {.path = "sites[].consent.banner.dark_colours.button_text",
     .kind = Kind::Colour,
     .help = "Of the text on them.",
     .set = [](Model& m, Value&& v) { banner(m).dark.button_text = std::move(v.text); }},
};

}  // namespace

std::span<const Option> banner_options() {
  return kOptions;
}

}  // namespace portvakt::config

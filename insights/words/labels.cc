#include "insights/words/labels.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace portvakt::insights {
namespace {

struct CountryName {
  std::string_view code;
  std::array<std::string_view, 7> names;
};
constexpr CountryName kCountries[] = {
#include "insights/words/country_names.inc"
};

struct DimensionTexts {
  Text title;
  Text label;
};

/// In the order of Dimension.
constexpr std::array<DimensionTexts, kDimensions> kTexts = {{
    {Text::pages, Text::page},
    {Text::sections, Text::section},
    {Text::referrers, Text::referrer},
    {Text::channels, Text::channel},
    {Text::sources, Text::source},
    {Text::mediums, Text::medium},
    {Text::campaigns, Text::campaign},
    {Text::countries, Text::country},
    {Text::organisations, Text::organisation},
    {Text::browsers, Text::browser},
    {Text::versions, Text::version},
    {Text::systems, Text::system},
    {Text::devices, Text::device},
    {Text::entries, Text::entries},
    {Text::exits, Text::exits},
    {Text::screens, Text::screen},
    {Text::outbounds, Text::outbound},
    {Text::downloads, Text::download},
    {Text::forms, Text::form},
    {Text::goals, Text::goal},
    {Text::statuses, Text::status},
    {Text::not_founds, Text::address},
    {Text::redirects, Text::address},
    {Text::bots, Text::bot},
    {Text::bot_pages, Text::address},
}};

struct Code {
  std::string_view code;
  Text text;
};
constexpr Code kChannels[] = {
    {"search", Text::channel_search},     {"social", Text::channel_social},
    {"mail", Text::channel_mail},         {"paid", Text::channel_paid},
    {"campaign", Text::channel_campaign}, {"referral", Text::channel_referral},
    {"direct", Text::channel_direct},
};
constexpr Code kDevices[] = {
    {"desktop", Text::device_desktop}, {"mobile", Text::device_mobile}, {"phone", Text::device_mobile},
    {"tablet", Text::device_tablet},   {"tv", Text::device_tv},         {"console", Text::device_console},
    {"bot", Text::device_bot},
};
constexpr Code kScreens[] = {
    {"xs", Text::screen_xs}, {"s", Text::screen_s},   {"m", Text::screen_m},
    {"l", Text::screen_l},   {"xl", Text::screen_xl},
};
constexpr Code kPurposes[] = {
    {"necessary", Text::purpose_necessary},
    {"functional", Text::purpose_functional},
    {"analytics", Text::purpose_analytics},
    {"marketing", Text::purpose_marketing},
};

std::optional<Text> find_code(std::span<const Code> codes, std::string_view code) {
  const auto found = std::ranges::find(codes, code, &Code::code);
  return found == codes.end() ? std::nullopt : std::optional(found->text);
}

std::string coded(const Words& words, std::span<const Code> codes, std::string_view code) {
  const auto text = find_code(codes, code);
  return std::string(text ? words(*text) : code);
}

}  // namespace

std::string_view dimension_title(const Words& words, Dimension by) {
  return words(kTexts[static_cast<std::size_t>(by)].title);
}

std::string_view dimension_label(const Words& words, Dimension by) {
  return words(kTexts[static_cast<std::size_t>(by)].label);
}

std::string country_label(const Words& words, std::string_view code) {
  const auto found = std::ranges::lower_bound(kCountries, code, {}, &CountryName::code);
  if (found == std::end(kCountries) || found->code != code) return std::string(code);
  return std::string(found->names[static_cast<std::size_t>(words.language())]);
}

std::string purpose_label(const Words& words, std::string_view purpose) {
  return coded(words, kPurposes, purpose);
}

std::string value_label(const Words& words, Dimension by, std::string_view value) {
  if (value.empty()) return std::string(words(by == Dimension::Referrer ? Text::direct : Text::unknown));
  switch (by) {
    case Dimension::Country:
      return country_label(words, value);
    case Dimension::Channel:
      return coded(words, kChannels, value);
    case Dimension::Device:
      return coded(words, kDevices, value);
    case Dimension::Screen:
      return coded(words, kScreens, value);
    default:
      return std::string(value);
  }
}

}  // namespace portvakt::insights

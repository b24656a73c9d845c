#include "insights/pages/labels.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "proxy/logs/ship_keys.h"

namespace portvakt::insights {
namespace {

struct CountryName {
  std::string_view code;
  std::string_view name;
};

constexpr CountryName kCountries[] = {
#include "insights/pages/country_names.inc"
};

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string_view country_name(std::string_view code) {
  const auto found = std::ranges::lower_bound(kCountries, code, {}, &CountryName::code);
  return found != std::end(kCountries) && found->code == code ? found->name : code;
}

std::string capitalised(std::string_view word) {
  std::string text(word);
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string_view choice_name(std::string_view choice) {
  if (choice == "accept-all") return "Accepted all";
  if (choice == "reject-all") return "Rejected all";
  if (choice == "selected") return "Chose by purpose";
  return choice;
}

}  // namespace

std::string number_text(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t sign = number < 0 ? 1 : 0;
  for (std::size_t place = text.size(); place > sign + 3; place -= 3) text.insert(place - 3, ",");
  return text;
}

std::string date_text(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  const auto month = kMonths[static_cast<unsigned>(date.month()) - 1];
  return std::to_string(static_cast<unsigned>(date.day())) + " " + std::string(month) + " " +
         std::to_string(static_cast<int>(date.year()));
}

std::string iso_date(Day day) {
  return logs::day_text(day);
}

std::string share_text(const Count& count) {
  const auto percent = share(count);
  return percent ? std::to_string(*percent) + "\u00a0%" : "\u2013";
}

const TableLabels& table_labels(Ranking by) {
  static constexpr TableLabels kPage{"pages", "Pages", "Page", "Page views", "No page was viewed."};
  static constexpr TableLabels kReferrer{"referrers", "Where visitors came from", "Referring site",
                                         "Page views", "No page view came from outside."};
  static constexpr TableLabels kCountry{"countries", "Countries", "Country", "Page views",
                                        "No page was viewed."};
  static constexpr TableLabels kBrowser{"browsers", "Browsers", "Browser", "Page views",
                                        "No page was viewed."};
  static constexpr TableLabels kDevice{"devices", "Devices", "Device", "Page views", "No page was viewed."};
  static constexpr TableLabels kNotFound{"not-found", "Not found", "Address", "Requests",
                                         "Every address that was asked for exists."};
  static constexpr TableLabels kChoice{"choices", "Answers to the banner", "Answer", "Answers",
                                       "Nobody has answered the banner."};
  static constexpr TableLabels kHeld{"held", "Vendors held back", "Vendor", "Page views",
                                     "No vendor had to be held back."};
  switch (by) {
    case Ranking::Page:
      return kPage;
    case Ranking::Referrer:
      return kReferrer;
    case Ranking::Country:
      return kCountry;
    case Ranking::Browser:
      return kBrowser;
    case Ranking::Device:
      return kDevice;
    case Ranking::NotFound:
      return kNotFound;
    case Ranking::Choice:
      return kChoice;
    case Ranking::Held:
      return kHeld;
  }
  return kPage;
}

std::string row_label(Ranking by, std::string_view name) {
  if (name.empty()) return by == Ranking::Referrer ? "Direct, or not told" : "Not known";
  if (by == Ranking::Country) return std::string(country_name(name));
  if (by == Ranking::Choice) return std::string(choice_name(name));
  if (by == Ranking::Device) return capitalised(name);
  return std::string(name);
}

}  // namespace portvakt::insights

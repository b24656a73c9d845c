#include "insights/words/words.h"

#include <array>
#include <cmath>

#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

struct Entry {
  std::string_view key;
  std::string_view text;
};

#define TEXT(key, text) Entry{#key, text},
constexpr auto kEn = std::to_array<Entry>({
#include "insights/words/texts_en.inc"
});
constexpr auto kNb = std::to_array<Entry>({
#include "insights/words/texts_nb.inc"
});
constexpr auto kNn = std::to_array<Entry>({
#include "insights/words/texts_nn.inc"
});
constexpr auto kSv = std::to_array<Entry>({
#include "insights/words/texts_sv.inc"
});
constexpr auto kDa = std::to_array<Entry>({
#include "insights/words/texts_da.inc"
});
constexpr auto kFi = std::to_array<Entry>({
#include "insights/words/texts_fi.inc"
});
constexpr auto kDe = std::to_array<Entry>({
#include "insights/words/texts_de.inc"
});
#undef TEXT

using Texts = std::array<Entry, kEn.size()>;

/// The places to fill in, `{0}` to `{9}`, as bits.
constexpr unsigned holes(std::string_view text) {
  unsigned found = 0;
  for (std::size_t at = 0; at + 2 < text.size(); ++at) {
    if (text[at] == '{') found |= 1U << static_cast<unsigned>(text[at + 1] - '0');
  }
  return found;
}

/// Every key, in the same order, with a text that has the same places to fill in.
constexpr bool complete(const Texts& texts) {
  for (std::size_t place = 0; place < texts.size(); ++place) {
    const Entry& one = texts[place];
    const Entry& english = kEn[place];
    if (one.key != english.key || one.text.empty() || holes(one.text) != holes(english.text)) return false;
  }
  return true;
}
// One by one: compilers bound what a single assertion may take.
static_assert(complete(kNb));
static_assert(complete(kNn));
static_assert(complete(kSv));
static_assert(complete(kDa));
static_assert(complete(kFi));
static_assert(complete(kDe));

constexpr std::array<const Texts*, 7> kTexts = {&kEn, &kNb, &kNn, &kSv, &kDa, &kFi, &kDe};

using Months = std::array<std::string_view, 12>;
constexpr std::array<Months, 7> kMonths = {{
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
    {"jan.", "feb.", "mars", "apr.", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des."},
    {"jan.", "feb.", "mars", "apr.", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des."},
    {"jan.", "feb.", "mars", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."},
    {"jan.", "feb.", "mar.", "apr.", "maj", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec."},
    {"1.", "2.", "3.", "4.", "5.", "6.", "7.", "8.", "9.", "10.", "11.", "12."},
    {"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
}};

std::size_t place_of(Language language) {
  return static_cast<std::size_t>(language);
}

std::string_view thousands(Language language) {
  if (language == Language::En) return ",";
  return language == Language::Da || language == Language::De ? "." : "\u00a0";
}

std::chrono::year_month_day calendar(Day day) {
  return std::chrono::sys_days{std::chrono::days{day}};
}

}  // namespace

std::string_view language_code(Language language) {
  static constexpr std::array<std::string_view, 7> kCodes = {"en", "nb", "nn", "sv", "da", "fi", "de"};
  return kCodes[place_of(language)];
}

std::optional<Language> find_language(std::string_view code) {
  const auto primary = code.substr(0, code.find('-'));
  if (ascii::iequals(primary, "no")) return Language::Nb;
  for (const auto language : kLanguages) {
    if (ascii::iequals(primary, language_code(language))) return language;
  }
  return std::nullopt;
}

Language choose_language(std::string_view accept_language) {
  std::optional<Language> best;
  double best_weight = 0;
  for (const auto range : ascii::split(accept_language.substr(0, 512), ',')) {
    const auto semicolon = range.find(';');
    const auto language = find_language(ascii::trim(range.substr(0, semicolon)));
    if (!language) continue;
    double weight = 1;
    const auto q = semicolon == std::string_view::npos ? semicolon : range.find("q=", semicolon);
    if (q != std::string_view::npos) {
      const auto text = range.substr(q + 2);
      const auto tenths = text.size() > 2 ? ascii::parse_uint(text.substr(2, 1)).value_or(0) : 0;
      weight = text.starts_with("1") ? 1 : static_cast<double>(tenths) / 10;
    }
    if (weight > best_weight) {
      best = language;
      best_weight = weight;
    }
  }
  return best.value_or(Language::En);
}

std::string_view Words::operator()(Text text) const {
  return (*kTexts[place_of(language_)])[static_cast<std::size_t>(text)].text;
}

std::string Words::fill(Text text, std::initializer_list<std::string_view> parts) const {
  const auto pattern = (*this)(text);
  std::string out;
  for (std::size_t place = 0; place < pattern.size(); ++place) {
    const auto hole = pattern.substr(place, 3);
    if (hole.size() == 3 && hole[0] == '{' && hole[2] == '}') {
      const auto index = static_cast<std::size_t>(hole[1] - '0');
      if (index < parts.size()) out.append(parts.begin()[index]);
      place += 2;
    } else {
      out += pattern[place];
    }
  }
  return out;
}

std::string Words::number(std::int64_t number) const {
  std::string digits = std::to_string(number < 0 ? -number : number);
  for (std::size_t place = digits.size(); place > 3; place -= 3)
    digits.insert(place - 3, thousands(language_));
  return number < 0 ? "\u2212" + digits : digits;
}

std::string Words::one_decimal(double number) const {
  const auto tenths = std::llround(std::abs(number) * 10);
  std::string out = number < 0 && tenths > 0 ? "\u2212" : "";
  out += this->number(tenths / 10);
  if (tenths % 10 == 0) return out;
  return out + (language_ == Language::En ? "." : ",") + std::to_string(tenths % 10);
}

std::string Words::percent(std::optional<double> share) const {
  if (!share) return std::string(kDash);
  const double percents = *share * 100;
  auto text =
      percents != 0 && std::abs(percents) < 9.95 ? one_decimal(percents) : number(std::llround(percents));
  return text + (language_ == Language::En ? "%" : "\u00a0%");
}

std::string Words::change(double now, double before) const {
  if (before <= 0) return {};
  const double by = (now - before) / before;
  const auto rounded = std::llround(by * 100);
  const std::string sign = rounded > 0 ? "+" : rounded < 0 ? "\u2212" : "\u00b1";
  return sign + number(rounded < 0 ? -rounded : rounded) + (language_ == Language::En ? "%" : "\u00a0%");
}

std::string Words::points(double now, double before) const {
  static constexpr std::array<std::string_view, 7> kUnits = {"pp", "pp.", "pp.", "pe", "pp", "%-yks.", "PP"};
  const auto rounded = std::llround((now - before) * 100);
  const std::string sign = rounded > 0 ? "+" : rounded < 0 ? "\u2212" : "\u00b1";
  return sign + number(rounded < 0 ? -rounded : rounded) + "\u00a0" +
         std::string(kUnits[place_of(language_)]);
}

std::string Words::duration(std::optional<double> seconds) const {
  if (!seconds) return std::string(kDash);
  const auto whole = std::llround(*seconds);
  const std::string space(kNarrowSpace);
  if (whole >= 3600) return number(whole / 3600) + space + "h " + number(whole % 3600 / 60) + space + "min";
  if (whole >= 60) return number(whole / 60) + space + "min " + number(whole % 60) + space + "s";
  return number(whole) + space + "s";
}

std::string Words::short_date(Day day) const {
  const auto date = calendar(day);
  const auto number = std::to_string(static_cast<unsigned>(date.day()));
  const std::string month(kMonths[place_of(language_)][static_cast<unsigned>(date.month()) - 1]);
  if (language_ == Language::Fi) return number + "." + month;
  const bool ordinal = language_ != Language::En && language_ != Language::Sv;
  return number + (ordinal ? "." : "") + "\u00a0" + month;
}

std::string Words::date(Day day) const {
  const auto year = std::to_string(static_cast<int>(calendar(day).year()));
  return short_date(day) + (language_ == Language::Fi ? "" : "\u00a0") + year;
}

std::string Words::month(Day day) const {
  const auto date = calendar(day);
  const auto year = std::to_string(static_cast<int>(date.year()));
  const auto month = static_cast<unsigned>(date.month());
  if (language_ == Language::Fi) return std::to_string(month) + "/" + year;
  return std::string(kMonths[place_of(language_)][month - 1]) + "\u00a0" + year;
}

std::string Words::period(Period period) const {
  if (period.first == period.last) return date(period.first);
  const auto first = calendar(period.first), last = calendar(period.last);
  const auto begin = first.year() == last.year() ? short_date(period.first) : date(period.first);
  return begin + " \u2013 " + date(period.last);
}

}  // namespace portvakt::insights

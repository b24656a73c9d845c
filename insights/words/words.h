// The reports in the reader's language: texts, numbers, shares, dates and times as people there write them.
// Seven languages, one file of texts each (texts_*.inc); that none is missing is checked when they are
// compiled. Values; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "insights/day.h"

namespace portvakt::insights {

enum class Text : std::uint16_t {
#define TEXT(key, text) key,
#include "insights/words/texts_en.inc"
#undef TEXT
};

enum class Language : std::uint8_t { En, Nb, Nn, Sv, Da, Fi, De };
inline constexpr std::array kLanguages = {Language::En, Language::Nb, Language::Nn, Language::Sv,
                                          Language::Da, Language::Fi, Language::De};

/// `nb`, as in `lang` attributes and addresses.
std::string_view language_code(Language language);
std::optional<Language> find_language(std::string_view code);
/// The one that Accept-Language likes best; `no` is Bokmål. English if it likes none.
Language choose_language(std::string_view accept_language);

class Words {
 public:
  explicit Words(Language language) : language_(language) {}

  Language language() const { return language_; }
  std::string_view operator()(Text text) const;
  /// With `{0}`, `{1}` … replaced.
  std::string fill(Text text, std::initializer_list<std::string_view> parts) const;

  /// `12,345`, `12 345`, `12.345`.
  std::string number(std::int64_t number) const;
  /// Of a share from 0 to 1: `38 %`, below ten per cent with one decimal. A dash without one.
  std::string percent(std::optional<double> share) const;
  /// `+8 %`, `−3 %`, `±0 %`; empty: nothing to compare with.
  std::string change(double now, double before) const;
  /// Of shares, in percentage points: `+2 pp`.
  std::string points(double now, double before) const;
  /// Of seconds: `2 min 5 s`. A dash without any.
  std::string duration(std::optional<double> seconds) const;
  /// `22 Nov 2026`.
  std::string date(Day day) const;
  /// `22 Nov`.
  std::string short_date(Day day) const;
  /// `Nov 2026`.
  std::string month(Day day) const;
  /// `1 – 22 Nov 2026`, as two dates.
  std::string period(Period period) const;

 private:
  std::string one_decimal(double number) const;

  Language language_;
};

inline constexpr std::string_view kDash = "\u2013";
inline constexpr std::string_view kNarrowSpace = "\u00a0";

}  // namespace portvakt::insights

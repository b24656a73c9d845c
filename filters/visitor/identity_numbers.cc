#include "filters/visitor/identity_numbers.h"

#include <algorithm>
#include <initializer_list>

#include "proxy/base/ascii.h"

namespace portvakt::visitor {
namespace {

int digit(std::string_view digits, std::size_t at) {
  return digits[at] - '0';
}
int pair(std::string_view digits, std::size_t at) {
  return digit(digits, at) * 10 + digit(digits, at + 1);
}

bool is_day(int day) {
  return day >= 1 && day <= 31;
}
bool is_month(int month) {
  return month >= 1 && month <= 12;
}

int weighted_sum(std::string_view digits, std::initializer_list<int> weights) {
  int sum = 0;
  std::size_t at = 0;
  for (const int weight : weights) sum += weight * digit(digits, at++);
  return sum;
}

/// Fødselsnummer, D-number (day + 40), and the test and hospital series (month + 40, 65, 80).
bool is_norwegian(std::string_view d) {
  if (d.size() != 11) return false;
  const int day = pair(d, 0);
  if (!is_day(day) && !is_day(day - 40)) return false;
  const int month = pair(d, 2);
  if (!is_month(month) && !is_month(month - 40) && !is_month(month - 65) && !is_month(month - 80))
    return false;
  return weighted_sum(d, {3, 7, 6, 1, 8, 9, 4, 5, 2, 1}) % 11 == 0 &&
         weighted_sum(d, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
}

/// Personnummer and samordningsnummer (day + 60), with or without the century.
bool is_swedish(std::string_view d) {
  if (d.size() == 12) d.remove_prefix(2);
  if (d.size() != 10) return false;
  const int day = pair(d, 4);
  return is_month(pair(d, 2)) && (is_day(day) || is_day(day - 60)) && passes_luhn(d);
}

bool is_danish(std::string_view d, bool hyphenated) {
  if (d.size() != 10 || !is_month(pair(d, 2))) return false;
  const int day = pair(d, 0);
  if (!is_day(day) && !is_day(day - 60)) return false;
  return hyphenated || weighted_sum(d, {4, 3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
}

bool is_icelandic(std::string_view d) {
  if (d.size() != 10 || !is_day(pair(d, 0)) || !is_month(pair(d, 2))) return false;
  return weighted_sum(d, {3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
}

}  // namespace

bool passes_luhn(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int value = digit(digits, digits.size() - 1 - i);
    if (i % 2 == 1) value = value * 2 > 9 ? value * 2 - 9 : value * 2;
    sum += value;
  }
  return sum % 10 == 0;
}

bool is_card_number(std::string_view digits) {
  return digits.size() >= 13 && digits.size() <= 19 && digits.front() != '0' && passes_luhn(digits);
}

bool is_identity_number(std::string_view digits, bool hyphenated) {
  return is_norwegian(digits) || is_swedish(digits) || is_danish(digits, hyphenated) || is_icelandic(digits);
}

bool is_finnish_identity_number(std::string_view text) {
  constexpr std::string_view kCheck = "0123456789ABCDEFHJKLMNPRSTUVWXY";
  constexpr std::string_view kCenturies = "+-ABCDEFUVWXYabcdefuvwxy";
  if (text.size() != 11 || kCenturies.find(text[6]) == std::string_view::npos) return false;
  const auto birth = text.substr(0, 6);
  const auto serial = text.substr(7, 3);
  if (!std::ranges::all_of(birth, ascii::is_digit) || !std::ranges::all_of(serial, ascii::is_digit))
    return false;
  if (!is_day(pair(birth, 0)) || !is_month(pair(birth, 2))) return false;
  const auto number = *ascii::parse_uint(birth) * 1000 + *ascii::parse_uint(serial);
  const char check = kCheck[number % 31];
  return text[10] == check || text[10] == ascii::to_lower(check);
}

}  // namespace portvakt::visitor

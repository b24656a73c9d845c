// What names a person or opens a door is never left in a record, however it is written: generated numbers and
// addresses of every kind, in every notation, in every place, under up to three layers of percent-encoding.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "filters/visitor/identity_numbers.h"
#include "filters/visitor/url_scrubber.h"
#include "proxy/base/ascii.h"

namespace portvakt::visitor {
namespace {

using Random = std::mt19937;

int between(Random& random, int least, int most) {
  return std::uniform_int_distribution<int>(least, most)(random);
}
std::string digits(Random& random, std::size_t count) {
  std::string out;
  while (out.size() < count) out.push_back(static_cast<char>('0' + between(random, 0, 9)));
  return out;
}
std::string two(int number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}
std::string birth(Random& random) {
  return two(between(random, 1, 28)) + two(between(random, 1, 12)) + two(between(random, 0, 99));
}

int weigh(const std::string& number, std::initializer_list<int> weights) {
  int sum = 0;
  std::size_t at = 0;
  for (const int weight : weights) sum += weight * (number[at++] - '0');
  return sum;
}
/// The last digit that makes the number pass ISO/IEC 7812's check.
std::string with_luhn(std::string number) {
  for (char c = '0'; c <= '9'; ++c) {
    if (passes_luhn(number + c)) return number + c;
  }
  return number;
}
/// A check digit by weights modulo 11; empty if the number has none.
std::string check11(const std::string& number, std::initializer_list<int> weights) {
  const int rest = weigh(number, weights) % 11;
  if (rest == 1) return "";
  return std::string(1, static_cast<char>('0' + (rest == 0 ? 0 : 11 - rest)));
}

std::string norwegian(Random& random) {
  for (;;) {
    std::string number = birth(random) + digits(random, 3);
    if (between(random, 0, 4) == 0) number[0] = static_cast<char>(number[0] + 4);  // a D-number
    const auto first = check11(number, {3, 7, 6, 1, 8, 9, 4, 5, 2});
    if (first.empty()) continue;
    const auto second = check11(number + first, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2});
    if (!second.empty()) return number + first + second;
  }
}
std::string swedish(Random& random) {
  const auto b = birth(random);
  return with_luhn(b.substr(4) + b.substr(2, 2) + b.substr(0, 2) + digits(random, 3));
}
std::string danish(Random& random) {
  for (;;) {
    const auto number = birth(random) + digits(random, 3);
    const auto check = check11(number, {4, 3, 2, 7, 6, 5, 4, 3, 2});
    if (!check.empty()) return number + check;
  }
}
std::string icelandic(Random& random) {
  for (;;) {
    const auto number = birth(random) + digits(random, 2);
    const auto check = check11(number, {3, 2, 7, 6, 5, 4, 3, 2});
    if (!check.empty()) return number + check + (between(random, 0, 1) == 0 ? "9" : "0");
  }
}
std::string finnish(Random& random) {
  const std::string date = birth(random), serial = two(between(random, 2, 89)) + digits(random, 1);
  const auto number = *ascii::parse_uint(date + serial);
  return date + std::string("+-ABCDEFYXWVU")[static_cast<std::size_t>(between(random, 0, 12))] + serial +
         std::string("0123456789ABCDEFHJKLMNPRSTUVWXY")[number % 31];
}
std::string card(Random& random) {
  static constexpr std::array<const char*, 4> kFirst = {"4", "51", "37", "6011"};
  const std::string first = kFirst[static_cast<std::size_t>(between(random, 0, 3))];
  const std::size_t length = first == "37" ? 15 : 16;
  return with_luhn(first + digits(random, length - 1 - first.size()));
}
std::string letters(Random& random, std::size_t count, std::string_view from) {
  std::string out;
  while (out.size() < count)
    out.push_back(from[static_cast<std::size_t>(between(random, 0, static_cast<int>(from.size()) - 1))]);
  return out;
}
constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string email(Random& random) {
  return letters(random, static_cast<std::size_t>(between(random, 3, 9)), kLower) + "." +
         letters(random, 6, kLower) + "@" + letters(random, 7, kLower) + ".example";
}
std::string token(Random& random) {
  return between(random, 0, 1) == 0 ? letters(random, 32, "0123456789abcdef") : letters(random, 43, kBase64);
}
std::string phone(Random& random) {
  switch (between(random, 0, 3)) {
    case 0:
      return "+47" + std::to_string(between(random, 2, 9)) + digits(random, 7);
    case 1:
      return "0046" + digits(random, 9);
    case 2:
      return "9" + digits(random, 7);
    default:
      return "070" + digits(random, 7);
  }
}

/// The number in groups, as people write it.
std::string in_groups(const std::string& number, Random& random, std::string_view separators) {
  const char separator =
      separators[static_cast<std::size_t>(between(random, 0, static_cast<int>(separators.size()) - 1))];
  const std::size_t cut = number.size() == 11 ? 6 : number.size() - 4;
  if (number.size() > 12) {
    std::string out;
    for (std::size_t i = 0; i < number.size(); ++i) {
      if (i > 0 && i % 4 == 0) out.push_back(separator);
      out.push_back(number[i]);
    }
    return out;
  }
  return number.substr(0, cut) + separator + number.substr(cut);
}

std::string encoded(std::string_view text, Random& random, bool all) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool must = c == ' ' || c == '%' || c == '+' || c == '#' || c == '?' || c == '&' || c == '/';
    if (!must && !all && between(random, 0, 2) != 0) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
  }
  return out;
}

/// Every place of a record that an address can get into.
std::vector<std::string> places(const UrlScrubber& scrubber, const std::string& value) {
  return {scrubber.scrub_target("/a/" + value + "/b"),
          scrubber.scrub_target("/a/x-" + value),
          scrubber.scrub_target("/s?q=" + value + "&page=2"),
          scrubber.scrub_target("/s?other=" + value),
          scrubber.find_campaign("utm_source=" + value + "&utm_term=x"),
          scrubber.scrub_referrer("https://www.example.test/a/" + value + "?q=" + value, true),
          scrubber.scrub_referrer("https://elsewhere.example/a/" + value + "?q=" + value, false)};
}

std::string only_digits(const std::string& text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), ascii::is_digit);
  return out;
}

struct Kind {
  const char* name;
  std::function<std::string(Random&)> make;
  std::string_view separators;  // it may be written in groups with one of these between
};

const Kind kKinds[] = {{"norwegian number", norwegian, " -_"},
                       {"swedish number", swedish, "-+"},
                       {"danish number", danish, "- "},
                       {"icelandic number", icelandic, "- "},
                       {"finnish number", finnish, ""},
                       {"card number", card, " -_."},
                       {"e-mail address", email, ""},
                       {"token", token, ""},
                       {"phone number", phone, ""}};

TEST(ScrubberProperty, NothingThatNamesAPersonIsLeftAnywhere) {
  const UrlScrubber scrubber({"q"});
  Random random(20261127);
  int tried = 0;
  for (const auto& kind : kKinds) {
    for (int round = 0; round < 4000; ++round) {
      const std::string secret = kind.make(random);
      std::string value = secret;
      if (!kind.separators.empty() && between(random, 0, 1) == 1)
        value = in_groups(secret, random, kind.separators);
      const int layers = between(random, 0, 3);
      for (int layer = 0; layer < layers; ++layer) value = encoded(value, random, between(random, 0, 1) == 1);
      if (layers == 0 && value.find_first_of(" +") != std::string::npos)
        value = encoded(value, random, false);
      for (const auto& kept : places(scrubber, value)) {
        ++tried;
        const bool has = kept.find(secret) != std::string::npos ||
                         (ascii::is_digit(secret[0]) && secret.size() < 20 &&
                          only_digits(kept).find(only_digits(secret)) != std::string::npos);
        ASSERT_FALSE(has) << "a " << kind.name << " of round " << round << " was left";
      }
    }
  }
  EXPECT_GT(tried, 200'000);
}

/// The search above does find what is left alone.
TEST(ScrubberProperty, OrdinaryPathsStay) {
  const UrlScrubber scrubber({"q"});
  Random random(7);
  int kept = 0;
  for (int round = 0; round < 2000; ++round) {
    const std::string word = letters(random, 8, kLower);
    for (const auto& text : places(scrubber, word)) kept += text.find(word) != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(kept, 2000 * 5) << "path twice, allowed query, campaign, own referrer";
}

}  // namespace
}  // namespace portvakt::visitor

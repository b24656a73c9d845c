#include "filters/visitor/personal_data.h"

#include <algorithm>
#include <vector>

#include "filters/visitor/identity_numbers.h"
#include "proxy/base/ascii.h"

namespace portvakt::visitor {
namespace {

constexpr std::size_t kHexToken = 16;     // so many hexadecimal digits are a secret or a hash
constexpr std::size_t kMixedToken = 20;   // so many letters and digits mixed
constexpr std::size_t kLongToken = 40;    // so many letters without a break are no word
constexpr std::size_t kJoinedToken = 24;  // parts joined by - and _
constexpr std::size_t kOddPart = 12;      // of which so many do not look like words

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_beyond_ascii(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

// ---- e-mail addresses

bool in_local_part(char c) {
  return ascii::is_alnum(c) || is_beyond_ascii(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
bool in_domain(char c) {
  return ascii::is_alnum(c) || is_beyond_ascii(c) || c == '.' || c == '-';
}

/// `package@1.2.3` is a version and `logo@2x.png` a picture; neither is an address.
bool is_version_or_picture(std::string_view domain) {
  if (std::ranges::all_of(domain, [](char c) { return ascii::is_digit(c) || c == '.'; })) return true;
  if (domain.size() < 3 || !ascii::is_digit(domain[0]) || domain[1] != 'x' || domain[2] != '.') return false;
  const auto suffix = domain.substr(3);
  return suffix == "png" || suffix == "jpg" || suffix == "jpeg" || suffix == "webp" || suffix == "gif" ||
         suffix == "svg" || suffix == "avif";
}

std::string mask_emails(std::string_view text) {
  std::string out;
  std::size_t copied = 0;
  for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t begin = at;
    while (begin > copied && in_local_part(text[begin - 1])) --begin;
    std::size_t end = at + 1;
    while (end < text.size() && in_domain(text[end])) ++end;
    const auto domain = text.substr(at + 1, end - at - 1);
    if (begin == at || is_version_or_picture(domain)) continue;
    out.append(text.substr(copied, begin - copied)).append("[email]");
    copied = end;
    if (end >= text.size()) break;
  }
  return out.append(text.substr(copied));
}

// ---- tokens

/// One run of letters and digits that no writer of pages would have chosen.
bool is_token(std::string_view run) {
  const auto digits = static_cast<std::size_t>(std::ranges::count_if(run, ascii::is_digit));
  if (digits == run.size()) return run.size() > 19;
  if (run.size() >= kLongToken) return true;
  const bool hex = std::ranges::all_of(run, [](char c) { return ascii::hex_value(c) >= 0; });
  if (hex && digits > 0 && run.size() >= kHexToken) return true;
  if (run.size() < kMixedToken) return false;
  std::size_t changes = 0;
  for (std::size_t i = 1; i < run.size(); ++i) {
    if (is_upper(run[i]) != is_upper(run[i - 1])) ++changes;
  }
  return digits >= 2 || changes >= 6;
}

/// A part of a slug reads `word`, `Word`, `WORD` or `2024`; anything else is odd.
bool is_odd(std::string_view part) {
  bool has_digit = false;
  bool has_letter = false;
  bool upper_after_lower = false;
  for (std::size_t i = 0; i < part.size(); ++i) {
    has_digit = has_digit || ascii::is_digit(part[i]);
    has_letter = has_letter || ascii::is_alpha(part[i]);
    upper_after_lower = upper_after_lower || (i > 0 && is_upper(part[i]) && is_lower(part[i - 1]));
  }
  return (has_digit && has_letter) || upper_after_lower;
}

/// A run with `-`, `_` and the signs of base64 in it: UUIDs, signed values, JSON Web Tokens.
bool is_joined_token(std::string_view run) {
  if (run.starts_with("eyJ") && run.size() >= 8) return true;
  if (run.size() < kJoinedToken) return false;
  std::size_t odd = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= run.size(); ++i) {
    if (i < run.size() && ascii::is_alnum(run[i])) continue;
    const auto part = run.substr(begin, i - begin);
    if (is_odd(part)) odd += part.size();
    begin = i + 1;
  }
  return odd >= kOddPart;
}

/// Replaces the runs of characters that `belongs` takes and `is_secret` condemns.
template <typename Belongs, typename IsSecret>
std::string mask_runs(std::string_view text, Belongs belongs, IsSecret is_secret) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && belongs(text[end])) ++end;
    if (end == i) {
      out.push_back(text[i++]);
      continue;
    }
    const auto run = text.substr(i, end - i);
    if (is_secret(run)) {
      out.append("[token]");
    } else {
      out.append(run);
    }
    i = end;
  }
  return out;
}

std::string mask_tokens(std::string_view text) {
  const auto joined = [](char c) {
    return ascii::is_alnum(c) || c == '-' || c == '_' || c == '+' || c == '=' || c == '~';
  };
  return mask_runs(mask_runs(text, joined, is_joined_token), ascii::is_alnum, is_token);
}

// ---- numbers

/// Groups of digits with single signs between them, such as `+47 22 33 44 55` or `4111-1111-1111-1111`.
struct NumberRun {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool plus = false;
  std::string digits;
  std::string separators;            // in order
  std::vector<std::size_t> lengths;  // of the groups
};

bool is_separator(char c) {
  return c == ' ' || c == '_' || c == '-' || c == '.' || c == '(' || c == ')' || c == '+';
}

NumberRun read_number(std::string_view text, std::size_t at) {
  NumberRun run{.begin = at,
                .end = at,
                .plus = at > 0 && text[at - 1] == '+',
                .digits = {},
                .separators = {},
                .lengths = {}};
  while (at < text.size()) {
    std::size_t length = 0;
    for (; at < text.size() && ascii::is_digit(text[at]); ++at, ++length) run.digits.push_back(text[at]);
    run.lengths.push_back(length);
    run.end = at;
    std::size_t next = at;
    while (next < text.size() && is_separator(text[next]) && next - at < 3) ++next;
    if (next == at || next == text.size() || !ascii::is_digit(text[next])) break;
    run.separators.push_back(text[at]);
    at = next;
  }
  return run;
}

bool is_date(const NumberRun& run) {
  const auto& n = run.lengths;
  if (n.size() < 3) return false;
  const bool year_first =
      n[0] == 4 && n[1] == 2 && n[2] == 2 && (run.digits[0] == '1' || run.digits[0] == '2');
  const bool year_last =
      n[0] == 2 && n[1] == 2 && n[2] == 4 && (run.digits[4] == '1' || run.digits[4] == '2');
  return (year_first || year_last) && run.digits[year_first ? 4 : 2] <= '1';
}

bool is_phone_number(const NumberRun& run) {
  const auto size = run.digits.size();
  if (size < 7 || size > 15) return false;
  if (run.plus || run.digits.starts_with("00")) return true;
  if (run.lengths.size() == 1) {
    // National numbers with their leading zero; Norwegian mobile numbers.
    const bool mobile = size == 8 && (run.digits[0] == '4' || run.digits[0] == '9');
    return mobile || (run.digits[0] == '0' && size >= 9 && size <= 11);
  }
  if (is_date(run) || run.separators.find('.') != std::string::npos) return false;
  const std::vector<std::size_t> pairs{2, 2, 2, 2};
  const std::vector<std::size_t> mobile{3, 2, 3};
  return run.digits[0] == '0' || run.lengths == pairs || run.lengths == mobile ||
         (size == 8 && run.lengths.size() == 2);
}

/// The first and last group of a card number in the run: other numbers may stand around it.
bool holds_card(const NumberRun& run) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < run.lengths.size(); from += run.lengths[i++]) {
    std::size_t size = 0;
    for (std::size_t j = i; j < run.lengths.size() && size <= 19; ++j) {
      size += run.lengths[j];
      if (is_card_number(std::string_view(run.digits).substr(from, size))) return true;
    }
  }
  return false;
}

bool holds_identity_number(const NumberRun& run) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < run.lengths.size(); from += run.lengths[i++]) {
    std::size_t size = 0;
    for (std::size_t j = i; j < run.lengths.size() && size <= 12; ++j) {
      size += run.lengths[j];
      const bool signed_form =
          j == i + 1 && run.lengths[j] == 4 && (run.separators[i] == '-' || run.separators[i] == '+');
      if (is_identity_number(std::string_view(run.digits).substr(from, size), signed_form)) return true;
    }
  }
  return false;
}

std::string_view mask_for(const NumberRun& run) {
  if (holds_card(run)) return "[card]";
  if (holds_identity_number(run)) return "[id]";
  if (is_phone_number(run)) return "[phone]";
  return run.digits.size() > 19 && run.lengths.size() == 1 ? "[token]" : "";
}

std::string mask_numbers(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const bool starts = ascii::is_digit(text[i]);
    if (!starts) {
      out.push_back(text[i++]);
      continue;
    }
    if (is_finnish_identity_number(text.substr(i, 11))) {
      out.append("[id]");
      i += 11;
      continue;
    }
    const NumberRun run = read_number(text, i);
    const auto mask = mask_for(run);
    if (mask.empty()) {
      out.append(text.substr(run.begin, run.end - run.begin));
    } else {
      out.append(mask);
    }
    i = run.end;
  }
  return out;
}

}  // namespace

std::string mask_personal_data(std::string_view text) {
  return mask_numbers(mask_tokens(mask_emails(text)));
}

}  // namespace portvakt::visitor

#include "filters/consent/locales.h"

#include <algorithm>

#include "filters/consent/locale_reader.h"
#include "proxy/base/ascii.h"

namespace portvakt::consent {
namespace {

constexpr std::size_t kMaxRanges = 32;  // of an Accept-Language; the rest is not looked at

/// The part before the first hyphen. Norwegian without more is Bokmål to nine in ten of its readers.
std::string_view primary_language(std::string_view tag) {
  const auto primary = tag.substr(0, tag.find_first_of("-_"));
  return ascii::iequals(primary, "no") ? std::string_view("nb") : primary;
}

/// A weight between 0 and 1 in thousandths (RFC 9110 section 12.4.2); what is not one counts as 0.
int read_weight(std::string_view range) {
  const auto mark = range.find(';');
  if (mark == std::string_view::npos) return 1000;
  const auto text = ascii::trim(range.substr(mark + 1));
  if (!ascii::istarts_with(text, "q=") || text.size() < 3 || text.size() > 7) return 0;
  if (text[2] == '1') return 1000;
  if (text[2] != '0' || (text.size() > 3 && text[3] != '.')) return 0;
  int weight = 0;
  int step = 100;
  for (const char c : text.substr(std::min<std::size_t>(4, text.size()))) {
    if (!ascii::is_digit(c)) return 0;
    weight += (c - '0') * step;
    step /= 10;
  }
  return weight;
}

}  // namespace

Result<Locales> Locales::load(const std::filesystem::path& folder, Diagnostics& faults) {
  const auto errors_before = faults.errors();
  std::vector<std::filesystem::path> files;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  if (failed)
    return failure(ErrorKind::Io, "cannot read locales in " + folder.string() + ": " + failed.message());
  std::ranges::sort(files);

  Locales locales;
  for (const auto& file : files) {
    if (auto locale = read_locale(file, faults)) locales.all_.push_back(std::move(*locale));
  }
  if (faults.errors() > errors_before) return failure(ErrorKind::Invalid, "a locale file has faults");
  const auto english = std::ranges::find(locales.all_, "en", &Locale::language);
  if (english == locales.all_.end()) return failure(ErrorKind::Invalid, "no en.yaml in " + folder.string());
  locales.english_ = static_cast<std::size_t>(english - locales.all_.begin());
  return locales;
}

const Locale& Locales::choose(std::string_view page_language, std::string_view accept_language) const {
  return all_[choose_index(page_language, accept_language)];
}

std::optional<std::size_t> Locales::find(std::string_view tag) const {
  for (std::size_t i = 0; i < all_.size(); ++i) {
    if (ascii::iequals(all_[i].language, primary_language(ascii::trim(tag)))) return i;
  }
  return std::nullopt;
}

std::size_t Locales::choose_index(std::string_view page_language, std::string_view accept_language) const {
  if (const auto page = find(page_language)) return *page;

  std::size_t best = english_;
  int best_weight = 0;
  auto ranges = ascii::split(accept_language, ',');
  if (ranges.size() > kMaxRanges) ranges.resize(kMaxRanges);
  for (const auto range : ranges) {
    const auto found = find(ascii::trim(range.substr(0, range.find(';'))));
    const int weight = read_weight(range);
    if (!found || weight <= best_weight) continue;
    best = *found;
    best_weight = weight;
  }
  return best;
}

}  // namespace portvakt::consent

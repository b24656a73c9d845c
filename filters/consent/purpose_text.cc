#include "filters/consent/purpose_text.h"

#include "proxy/base/ascii.h"

namespace portvakt::consent {

PurposeText purpose_text(const filters::PurposeNames& names, const Locale& locale, filters::Purpose purpose) {
  switch (purpose) {
    case filters::kNecessary:
      return locale.necessary;
    case filters::kFunctional:
      return locale.functional;
    case filters::kAnalytics:
      return locale.analytics;
    case filters::kMarketing:
      return locale.marketing;
    default:
      break;
  }
  std::string name = names.name(purpose);
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 32);
  return {std::move(name), {}};
}

std::string encode_query(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~/";
  std::string out;
  for (const char c : text) {
    if (ascii::is_alnum(c) || kPlain.find(c) != std::string_view::npos) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

bool is_link(std::string_view url) {
  return url.starts_with('/') || ascii::istarts_with(url, "https://") || ascii::istarts_with(url, "http://");
}

}  // namespace portvakt::consent

// What is known of one third party: the facts of the catalogue file, each with the line that states it. Plain
// values, filled by the catalogue reader, owned and kept unchanged by the VendorCatalogue.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "filters/purposes.h"

namespace portvakt::tags {

/// A text of the catalogue file and its line.
struct Placed {
  std::string text;
  int line = 0;
};

/// A query that gives a vendor away on the site's own host: every parameter must be there (`id=GTM-` is a
/// parameter `id` whose value begins with `GTM-`).
struct ParameterSet {
  std::vector<std::string> parameters;
  int line = 0;
};

struct CookieFact {
  std::string name;                 // a star stands for any characters
  std::string reason;               // what the vendor uses it for, for the cookie declaration
  std::chrono::seconds max_age{0};  // 0: ends with the session; negative: kept until cleared
  bool third_party = false;  // lives on the vendor's domain: a first-party cookie of that name is the site's
  int line = 0;
};

enum class Confidence : std::uint8_t { High, Medium, Low };

struct Vendor {
  std::string id;
  std::string name;
  std::string kind;     // payment, login, embed, web-analytics …
  std::string country;  // ISO 3166 code, or self-hosted
  std::string note;
  filters::Purpose purpose = filters::kMarketing;
  /// Payment and electronic identity: beats every rule, in every state and mode.
  bool untouchable = false;
  Confidence confidence = Confidence::Low;
  std::vector<Placed> hosts;
  std::vector<Placed> paths;
  std::vector<Placed> inline_signatures;
  std::vector<CookieFact> cookies;
  std::vector<Placed> storage;  // keys of web storage to clear when consent is withdrawn
  std::vector<Placed> first_party_paths;
  std::vector<ParameterSet> first_party_parameters;
  std::vector<std::string> consent_mode;  // Google consent types granted with the purpose
  int line = 0;
  std::uint16_t index = 0;  // its place in the catalogue
};

/// What a rule says of a URL or a script. Views are good as long as the catalogue or the site's rules are.
struct Verdict {
  filters::Purpose purpose = filters::kNecessary;
  const Vendor* vendor = nullptr;  // absent for a site's own rule that names no vendor
  std::string_view rule;           // as written in the file
  std::string_view file;
  int line = 0;
  bool by_path = false;  // the path agreed too, not the host alone
};

struct CookieVerdict {
  filters::Purpose purpose = filters::kNecessary;
  const Vendor* vendor = nullptr;
  const CookieFact* cookie = nullptr;  // its name is the rule
  std::string_view file;
  int line = 0;
};

}  // namespace portvakt::tags

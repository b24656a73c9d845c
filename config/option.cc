#include "config/option.h"

namespace portvakt::config {

std::string_view Option::name() const {
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

std::string_view Option::parent() const {
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

std::vector<Option> all_options() {
  std::vector<Option> out;
  for (const auto part :
       {server_options(), consent_options(), log_options(), insights_options(), limit_options(),
        site_options(), privacy_options(), banner_options(), upstream_options()}) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

}  // namespace portvakt::config

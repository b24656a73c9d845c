// Finds the site of a host: exact name, then the longest `*.` suffix, then the site that takes any host.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "proxy/exchange/site.h"

namespace portvakt::exchange {

class Router {
 public:
  void add(const Site& site);
  /// `authority`: host[:port] as a client wrote it. Null: no site answers to it (421).
  const Site* find(std::string_view authority) const;

 private:
  std::map<std::string, const Site*, std::less<>> exact_;
  std::map<std::string, const Site*, std::less<>> suffixes_;  // with the leading dot
  const Site* any_ = nullptr;
};

}  // namespace portvakt::exchange

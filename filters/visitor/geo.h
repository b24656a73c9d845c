// Country and network operator of an address, from MMDB files on this machine; nobody is asked over the
// network. Understands MaxMind's layout and the flat one of ip-location-db. Opened at start-up, then
// immutable: any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "proxy/base/address.h"
#include "proxy/base/result.h"

namespace portvakt::visitor {

class Geo {
 public:
  /// An empty path leaves that question unanswered; a file that is missing or broken is an error.
  static Result<std::unique_ptr<Geo>> open(const std::filesystem::path& country,
                                           const std::filesystem::path& network);
  ~Geo();
  Geo(const Geo&) = delete;
  Geo& operator=(const Geo&) = delete;

  /// ISO 3166-1 alpha-2 in upper case; empty if not known.
  std::string country(const IpAddress& address) const;
  /// The network operator's name, at most 64 bytes; empty if not known.
  std::string network(const IpAddress& address) const;

 private:
  struct Database;
  Geo(std::unique_ptr<Database> country, std::unique_ptr<Database> network);

  std::unique_ptr<Database> country_;
  std::unique_ptr<Database> network_;
};

}  // namespace portvakt::visitor

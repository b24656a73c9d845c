#include "filters/visitor/geo.h"

#include <cstring>
#include <initializer_list>
#include <optional>
#include <utility>

#include <maxminddb.h>
#include <netinet/in.h>

#include "proxy/base/ascii.h"

namespace portvakt::visitor {
namespace {

constexpr std::size_t kMaxNetworkName = 64;

/// The text at the end of a path of map keys; empty if there is none.
std::string find_text(MMDB_entry_s entry, std::initializer_list<const char*> keys) {
  const char* path[3] = {};
  std::size_t depth = 0;
  for (const char* key : keys) path[depth++] = key;
  MMDB_entry_data_s data;
  if (MMDB_aget_value(&entry, &data, path) != MMDB_SUCCESS || !data.has_data) return {};
  if (data.type != MMDB_DATA_TYPE_UTF8_STRING) return {};
  return {data.utf8_string, data.data_size};
}

/// An operator's name as a record may hold it: printable, bounded, cut between characters.
std::string tidy_name(std::string name) {
  for (char& c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  if (name.size() > kMaxNetworkName) {
    std::size_t end = kMaxNetworkName;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;
    name.resize(end);
  }
  return std::string(ascii::trim(name));
}

}  // namespace

struct Geo::Database {
  MMDB_s handle{};
  bool opened = false;

  Database() = default;
  ~Database() {
    if (opened) MMDB_close(&handle);
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& path) {
    if (path.empty()) return std::unique_ptr<Database>();
    auto database = std::make_unique<Database>();
    const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &database->handle);
    if (status != MMDB_SUCCESS) {
      return failure(ErrorKind::Io, path.string() + ": " + MMDB_strerror(status));
    }
    database->opened = true;
    return database;
  }

  /// Empty if the address is not in the file, or the file is broken at that place.
  std::optional<MMDB_entry_s> find(const IpAddress& address) const {
    // The library reads a sockaddr; IPv4 addresses are looked up in IPv6 trees by itself, the other way is an
    // error.
    const IpAddress plain = address.unwrapped();
    sockaddr_storage storage{};
    if (plain.family() == IpAddress::Family::V4) {
      auto* const v4 = reinterpret_cast<sockaddr_in*>(&storage);
      v4->sin_family = AF_INET;
      std::memcpy(&v4->sin_addr, plain.bytes().data(), 4);
    } else {
      auto* const v6 = reinterpret_cast<sockaddr_in6*>(&storage);
      v6->sin6_family = AF_INET6;
      std::memcpy(&v6->sin6_addr, plain.bytes().data(), 16);
    }
    int status = MMDB_SUCCESS;
    const auto found = MMDB_lookup_sockaddr(&handle, reinterpret_cast<const sockaddr*>(&storage), &status);
    if (status != MMDB_SUCCESS || !found.found_entry) return std::nullopt;
    return found.entry;
  }
};

Geo::Geo(std::unique_ptr<Database> country, std::unique_ptr<Database> network)
    : country_(std::move(country)), network_(std::move(network)) {}

Geo::~Geo() = default;

Result<std::unique_ptr<Geo>> Geo::open(const std::filesystem::path& country,
                                       const std::filesystem::path& network) {
  auto countries = Database::open(country);
  if (!countries) return tl::unexpected<Error>(std::move(countries.error()));
  auto networks = Database::open(network);
  if (!networks) return tl::unexpected<Error>(std::move(networks.error()));
  return std::unique_ptr<Geo>(new Geo(std::move(*countries), std::move(*networks)));
}

std::string Geo::country(const IpAddress& address) const {
  if (!country_) return {};
  const auto entry = country_->find(address);
  if (!entry) return {};
  std::string code = find_text(*entry, {"country", "iso_code"});
  if (code.empty()) code = find_text(*entry, {"country_code"});
  if (code.size() != 2 || !ascii::is_alpha(code[0]) || !ascii::is_alpha(code[1])) return {};
  for (char& c : code) c = static_cast<char>(ascii::to_lower(c) - 32);
  return code;
}

std::string Geo::network(const IpAddress& address) const {
  if (!network_) return {};
  const auto entry = network_->find(address);
  if (!entry) return {};
  for (const char* const key : {"autonomous_system_organization", "as_organization", "isp", "organization"}) {
    std::string name = find_text(*entry, {key});
    if (!name.empty()) return tidy_name(std::move(name));
  }
  return {};
}

}  // namespace portvakt::visitor

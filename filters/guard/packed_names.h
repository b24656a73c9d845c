// The names of a consent class as the guard carries them. A plain name is a hash of 32 bits (FNV-1a over its
// key); the sorted hashes of a purpose are stored as three bytes each, followed by a bit string, read from
// its end, that counts off their first bytes: a one is the next hash, a zero the next first byte. With n
// names, a text that is none of them is mistaken for one with the odds of n to 2^32 for each of its
// beginnings that is asked for: for a host of three labels and 400 names about one in three millions. A name
// with a star inside or a query is a regular expression instead. Pure, made at start-up.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "filters/guard/held_names.h"

namespace portvakt::guard {

enum class NameKind { Address, Cookie, Storage };

class PackedNames {
 public:
  void add(const std::vector<HeldName>& names, NameKind kind);

  bool empty() const { return hashes_.empty() && patterns_.empty() && shapes_.empty(); }
  /// By what they need: base64 of the packed hashes.
  std::map<std::string, std::string> hashes() const;
  /// By what they need: one regular expression.
  const std::map<std::string, std::string>& patterns() const { return patterns_; }
  /// The same for paths and queries on the site's own hosts.
  const std::map<std::string, std::string>& shapes() const { return shapes_; }

 private:
  std::map<std::string, std::vector<std::uint32_t>> hashes_;
  std::map<std::string, std::string> patterns_;
  std::map<std::string, std::string> shapes_;
};

/// The key under which a plain name is hashed: labels from the right with a dot behind each, then the path
/// (`com.example.` takes subdomains, `com.example./` does not); `name=` for cookies, `name~` for storage, `*`
/// in place of a last star. Empty if only a pattern can say it.
std::string hash_key(std::string_view name, NameKind kind);

}  // namespace portvakt::guard

// The header (or trailer) fields of one message, in the order they came, names as they were written. Lookups
// ignore case (RFC 9110 section 5.1). Bytes live in blocks that never move: a view stays good for the map's
// life, also across add, set and remove. Not thread-safe; owned by one message.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portvakt::http {

class HeaderMap {
 public:
  struct Field {
    std::string_view name;
    std::string_view value;
  };

  HeaderMap() = default;
  HeaderMap(HeaderMap&&) noexcept = default;
  HeaderMap& operator=(HeaderMap&&) noexcept = default;

  void add(std::string_view name, std::string_view value);
  /// Replaces every field of that name by one, in the place of the first.
  void set(std::string_view name, std::string_view value);
  /// How many were removed.
  std::size_t remove(std::string_view name);

  template <typename Predicate>
  std::size_t remove_if(Predicate predicate) {
    return std::erase_if(fields_, predicate);
  }

  /// The first field of that name.
  std::optional<std::string_view> find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name).has_value(); }
  std::size_t count(std::string_view name) const;
  /// Every value of that name.
  std::vector<std::string_view> all(std::string_view name) const;
  /// True if a comma-separated list field holds the token, ignoring case (RFC 9110 section 5.6.1).
  bool has_token(std::string_view name, std::string_view token) const;

  const std::vector<Field>& fields() const { return fields_; }
  std::size_t size() const { return fields_.size(); }
  bool empty() const { return fields_.empty(); }
  void clear();

  /// The same for texts that lie in the map's own blocks already: see keep().
  void add_kept(std::string_view name, std::string_view value) {
    if (fields_.capacity() == 0) fields_.reserve(kUsualFields);
    fields_.push_back({name, value});
  }

  /// Copies a text into the map's own blocks, for values that a caller has built.
  std::string_view keep(std::string_view text);

 private:
  static constexpr std::size_t kBlock = 2048;
  static constexpr std::size_t kUsualFields = 24;

  std::vector<Field> fields_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t used_ = 0;
  std::size_t room_ = 0;
};

}  // namespace portvakt::http

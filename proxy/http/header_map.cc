#include "proxy/http/header_map.h"

#include <algorithm>
#include <cstring>

#include "proxy/base/ascii.h"

namespace portvakt::http {

std::string_view HeaderMap::keep(std::string_view text) {
  if (text.empty()) return {};
  if (room_ - used_ < text.size()) {
    room_ = std::max(kBlock, text.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(room_));
    used_ = 0;
  }
  char* const at = blocks_.back().get() + used_;
  std::memcpy(at, text.data(), text.size());
  used_ += text.size();
  return {at, text.size()};
}

void HeaderMap::add(std::string_view name, std::string_view value) {
  add_kept(keep(name), keep(value));
}

void HeaderMap::set(std::string_view name, std::string_view value) {
  const auto kept = keep(value);
  const auto same = [&](const Field& f) { return ascii::iequals(f.name, name); };
  const auto first = std::ranges::find_if(fields_, same);
  if (first == fields_.end()) {
    fields_.push_back({keep(name), kept});
    return;
  }
  first->value = kept;
  fields_.erase(std::remove_if(first + 1, fields_.end(), same), fields_.end());
}

std::size_t HeaderMap::remove(std::string_view name) {
  return remove_if([&](const Field& f) { return ascii::iequals(f.name, name); });
}

std::optional<std::string_view> HeaderMap::find(std::string_view name) const {
  for (const auto& field : fields_) {
    if (ascii::iequals(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::size_t HeaderMap::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(fields_, [&](const Field& f) { return ascii::iequals(f.name, name); }));
}

std::vector<std::string_view> HeaderMap::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& field : fields_) {
    if (ascii::iequals(field.name, name)) values.push_back(field.value);
  }
  return values;
}

bool HeaderMap::has_token(std::string_view name, std::string_view token) const {
  for (const auto& field : fields_) {
    if (!ascii::iequals(field.name, name)) continue;
    for (const auto part : ascii::split(field.value, ',')) {
      if (ascii::iequals(part, token)) return true;
    }
  }
  return false;
}

void HeaderMap::clear() {
  fields_.clear();
  blocks_.clear();
  used_ = room_ = 0;
}

}  // namespace portvakt::http

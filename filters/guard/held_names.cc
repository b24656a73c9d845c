#include "filters/guard/held_names.h"

#include <algorithm>
#include <map>

namespace portvakt::guard {
namespace {

struct Entry {
  std::string path;
  std::string needs;
};

/// By host, as written: with its leading dot if it takes subdomains.
using Entries = std::map<std::string, std::vector<Entry>, std::less<>>;

/// The entries that a host's own are exceptions from: those of the nearest name above it.
const std::vector<Entry>* find_broader(const Entries& entries, std::string_view host) {
  const bool wide = host.starts_with('.');
  std::string_view domain = wide ? host.substr(1) : host;
  for (bool self = wide; !domain.empty(); self = false) {
    if (!self) {
      const auto found = entries.find("." + std::string(domain));
      if (found != entries.end()) return &found->second;
    }
    const auto dot = domain.find('.');
    domain = dot == std::string_view::npos ? std::string_view() : domain.substr(dot + 1);
  }
  return nullptr;
}

bool holds_something(const std::vector<Entry>& entries) {
  return std::ranges::any_of(entries, [](const Entry& e) { return e.needs != kException; });
}

/// An exception where nothing is held says nothing; nor does a whole host under one that is held for the same
/// purpose.
bool says_nothing(const Entries& entries, const std::string& host, const std::vector<Entry>& own) {
  const auto* const broader = find_broader(entries, host);
  if (!holds_something(own) && (broader == nullptr || !holds_something(*broader))) return true;
  const bool alone = own.size() == 1 && own.front().path.empty();
  return alone && broader != nullptr && broader->size() == 1 && broader->front().path.empty() &&
         broader->front().needs == own.front().needs;
}

void add_address(Entries& entries, const std::string& name, std::string needs) {
  const auto slash = std::min(name.find_first_of("/?"), name.size());
  auto& own = entries[name.substr(0, slash)];
  std::string path = name.substr(slash);
  const auto known = std::ranges::find(own, path, &Entry::path);
  if (known == own.end()) {
    own.push_back({std::move(path), std::move(needs)});
  } else if (known->needs == kException) {
    known->needs = std::move(needs);  // of two owners the one that is held decides
  }
}

/// On a host of which everything needs the same, its paths say nothing more.
void drop_needless_paths(std::vector<Entry>& own) {
  const auto whole = std::ranges::find(own, "", &Entry::path);
  if (whole == own.end()) return;
  const std::string needs = whole->needs;
  const bool same = std::ranges::all_of(own, [&](const Entry& e) { return e.needs == needs; });
  if (same) own.assign(1, {"", needs});
}

}  // namespace

std::vector<HeldName> list_held_addresses(const std::vector<GuardedName>& addresses,
                                          const NeedsOf& needs_of) {
  Entries entries;
  for (const auto& address : addresses) add_address(entries, address.name, needs_of(address));
  for (auto& [host, own] : entries) {
    if (!host.empty()) drop_needless_paths(own);
  }
  std::vector<HeldName> held;
  for (const auto& [host, own] : entries) {
    if (says_nothing(entries, host, own)) continue;
    for (const auto& entry : own) {
      if (host.empty() && entry.needs == kException) continue;
      held.push_back({host + entry.path, entry.needs});
    }
  }
  return held;
}

std::vector<HeldName> list_held_keys(const std::vector<GuardedName>& names, const NeedsOf& needs_of) {
  std::map<std::string, const GuardedName*> owners;
  for (const auto& name : names) {
    const auto [known, added] = owners.emplace(name.name, &name);
    if (!added && name.purpose < known->second->purpose) known->second = &name;
  }
  std::vector<HeldName> held;
  for (const auto& [name, owner] : owners) {
    if (auto needs = needs_of(*owner); needs != kException) held.push_back({name, std::move(needs)});
  }
  return held;
}

}  // namespace portvakt::guard

#include "filters/guard/held_hosts.h"

#include <algorithm>
#include <string_view>

namespace portvakt::guard {
namespace {

constexpr std::string_view kException = "=";

struct Entry {
  std::string path;
  std::string purpose;
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
  return std::ranges::any_of(entries, [](const Entry& e) { return e.purpose != kException; });
}

/// An exception where nothing is held says nothing; nor does a whole host under one that is held for the same
/// purpose.
bool says_nothing(const Entries& entries, const std::string& host, const std::vector<Entry>& own) {
  const auto* const broader = find_broader(entries, host);
  if (!holds_something(own) && (broader == nullptr || !holds_something(*broader))) return true;
  const bool alone = own.size() == 1 && own.front().path.empty();
  return alone && broader != nullptr && broader->size() == 1 && broader->front().path.empty() &&
         broader->front().purpose == own.front().purpose;
}

/// Labels from the right: names of one owner stand side by side, which packs well.
std::string by_labels(std::string_view host) {
  std::string key;
  while (!host.empty()) {
    const auto dot = host.rfind('.');
    key.append(host.substr(dot == std::string_view::npos ? 0 : dot + 1)).append(".");
    host = dot == std::string_view::npos ? std::string_view() : host.substr(0, dot);
  }
  return key;
}

void add_host(Entries& entries, const GuardedName& host, std::string purpose) {
  const auto slash = host.name.find('/');
  auto& own = entries[host.name.substr(0, slash)];
  std::string path = slash == std::string::npos ? "" : host.name.substr(slash);
  const auto known = std::ranges::find(own, path, &Entry::path);
  if (known == own.end()) {
    own.push_back({std::move(path), std::move(purpose)});
  } else if (known->purpose == kException) {
    known->purpose = std::move(purpose);  // of two owners the one that is held decides
  }
}

}  // namespace

std::map<std::string, std::string> list_held_hosts(const std::vector<GuardedName>& hosts,
                                                   const filters::PurposeNames& purposes,
                                                   filters::PurposeSet granted) {
  Entries entries;
  for (const auto& host : hosts) {
    add_host(entries, host,
             granted.has(host.purpose) ? std::string(kException) : purposes.name(host.purpose));
  }
  std::vector<std::pair<std::string, std::string>> order;
  for (const auto& [host, own] : entries) {
    if (!says_nothing(entries, host, own)) order.emplace_back(by_labels(host), host);
  }
  std::ranges::sort(order);
  std::map<std::string, std::string> lists;
  for (const auto& [key, host] : order) {
    for (const auto& entry : entries[host]) {
      std::string& list = lists[entry.purpose];
      list.append(list.empty() ? "" : " ").append(host).append(entry.path);
    }
  }
  return lists;
}

}  // namespace portvakt::guard

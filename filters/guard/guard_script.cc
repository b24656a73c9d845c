#include "filters/guard/guard_script.h"

#include <algorithm>
#include <map>
#include <utility>

#include "filters/guard/guard_source.h"
#include "filters/guard/held_names.h"
#include "filters/guard/packed_names.h"
#include "proxy/base/crypto.h"

namespace portvakt::guard {
namespace {

/// A JSON string that is also safe between `<script>` and `</script>`: everything but plain ASCII is escaped.
std::string quoted(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' ||
        c == '\'') {
      out += "\\u00";
      out.push_back(kDigits[byte >> 4]);
      out.push_back(kDigits[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

std::string object_of(const std::map<std::string, std::string>& lists) {
  std::string out = "{";
  for (const auto& [key, list] : lists) {
    if (out.size() > 1) out += ",";
    out += quoted(key) + ":" + quoted(list);
  }
  return out + "}";
}

/// Globals by what they need, those that are not granted, one space between.
std::map<std::string, std::string> list_globals(const std::vector<GuardedName>& names,
                                                const NeedsOf& needs_of) {
  std::map<std::string, std::string> lists;
  for (const auto& name : names) {
    const std::string needs = needs_of(name);
    if (needs == kException) continue;
    std::string& list = lists[needs];
    list.append(list.empty() ? "" : " ").append(name.name);
  }
  return lists;
}

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return !word.empty() && std::ranges::find(list, word) != list.end();
}

/// As TagPolicy::allows: a choice by vendor beats the one by purpose.
std::string needs(const GuardedName& name, const filters::PurposeNames& purposes,
                  const consent::ConsentState& consent) {
  if (name.never) return std::string(kNever);
  if (name.purpose == filters::kNecessary) return std::string(kException);
  if (contains(consent.vendors_refused, name.vendor)) return std::string(kNever);
  if (consent.grants(name.purpose) || contains(consent.vendors_granted, name.vendor))
    return std::string(kException);
  return purposes.name(name.purpose);
}

std::string array_of(const filters::PurposeNames& names, filters::PurposeSet set) {
  std::string out = "[";
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto purpose = static_cast<filters::Purpose>(i);
    if (!set.has(purpose)) continue;
    if (out.size() > 1) out += ",";
    out += quoted(names.name(purpose));
  }
  return out + "]";
}

/// Vendors decided apart from their purpose, as ConsentFilter reads them in a header.
std::string vendors_of(const consent::ConsentState& consent) {
  std::string out;
  for (const auto& vendor : consent.vendors_granted) out += (out.empty() ? "" : ",") + quoted("+" + vendor);
  for (const auto& vendor : consent.vendors_refused) out += (out.empty() ? "" : ",") + quoted("-" + vendor);
  return out;
}

}  // namespace

std::string csp_hash(std::string_view text) {
  return "'sha256-" + crypto::base64(crypto::sha256(text)) + "'";
}

GuardScript::GuardScript(GuardScriptSettings settings)
    : settings_(std::move(settings)), guard_(guard_source()) {
  for (const bool chosen : {false, true}) {
    consent::ConsentState consent;
    consent.chosen = chosen;
    sensitive_.push_back(compose(consent, Page::Sensitive));
  }
  const std::size_t choices = settings_.purposes.size() - 1;
  if (choices > kMaxPrepared) return;
  for (std::size_t bits = 0; bits < std::size_t{1} << choices; ++bits) {
    consent::ConsentState consent;
    consent.granted = filters::PurposeSet::from_bits(static_cast<std::uint16_t>(bits << 1));
    prepared_.push_back(compose(consent));
    consent.chosen = true;
    prepared_.push_back(compose(consent));
  }
}

GuardScript::Text GuardScript::text(const consent::ConsentState& consent) const {
  const std::size_t place = (consent.granted.bits() & ~1U) + (consent.chosen ? 1U : 0U);
  const bool by_vendor = !consent.vendors_granted.empty() || !consent.vendors_refused.empty();
  return place < prepared_.size() && !by_vendor ? prepared_[place] : compose(consent);
}

GuardScript::Text GuardScript::compose(const consent::ConsentState& consent, Page page) const {
  std::string source =
      guard_ + "(self,self.document," + class_of(consent, page) + ")" + settings_.compatibility;
  std::string hash = csp_hash(source);
  return {std::move(source), std::move(hash)};
}

std::string GuardScript::class_of(const consent::ConsentState& consent, Page page) const {
  const auto& purposes = settings_.purposes;
  std::string out = "{\"p\":" + array_of(purposes, consent.granted) +
                    ",\"a\":" + (consent.chosen ? "true" : "false") +
                    ",\"u\":" + quoted(settings_.consent_path);
  if (settings_.updates_in_place) out += ",\"i\":1";
  if (const auto vendors = vendors_of(consent); !vendors.empty()) out += ",\"v\":[" + vendors + "]";
  const NeedsOf needs_of = [&](const GuardedName& name) {
    auto needed = needs(name, purposes, consent);
    const bool free = needed == kException || page == Page::Usual;
    return free ? std::move(needed) : std::string(kNever);
  };
  PackedNames names;
  names.add(list_held_addresses(settings_.hosts, needs_of), NameKind::Address);
  names.add(list_held_keys(settings_.cookies, needs_of), NameKind::Cookie);
  names.add(list_held_keys(settings_.storage, needs_of), NameKind::Storage);
  if (settings_.holds && !names.empty()) {
    out += ",\"h\":" + object_of(names.hashes());
    out += ",\"x\":" + object_of(names.patterns());
    out += ",\"y\":" + object_of(names.shapes());
    out += ",\"g\":" + object_of(list_globals(settings_.globals, needs_of));
  }
  return out + "}";
}

}  // namespace portvakt::guard

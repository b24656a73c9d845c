#include "filters/guard/guard_script.h"

#include <map>
#include <utility>

#include "filters/guard/guard_source.h"
#include "filters/guard/held_hosts.h"
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

/// Names by purpose, those that are not granted, one space between.
std::map<std::string, std::string> list_held(const std::vector<GuardedName>& names,
                                             const filters::PurposeNames& purposes,
                                             filters::PurposeSet granted) {
  std::map<std::string, std::string> lists;
  for (const auto& [name, purpose] : names) {
    if (granted.has(purpose)) continue;
    std::string& list = lists[purposes.name(purpose)];
    list.append(list.empty() ? "" : " ").append(name);
  }
  return lists;
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

}  // namespace

std::string csp_hash(std::string_view text) {
  return "'sha256-" + crypto::base64(crypto::sha256(text)) + "'";
}

GuardScript::GuardScript(GuardScriptSettings settings) : settings_(std::move(settings)) {
  const std::size_t choices = settings_.purposes.size() - 1;
  if (choices > kMaxPrepared) return;
  for (std::size_t bits = 0; bits < std::size_t{1} << choices; ++bits) {
    const auto granted = filters::PurposeSet::from_bits(static_cast<std::uint16_t>(bits << 1));
    prepared_.push_back(compose(granted, false));
    prepared_.push_back(compose(granted, true));
  }
}

GuardScript::Text GuardScript::text(filters::PurposeSet granted, bool asked) const {
  const std::size_t place = (granted.bits() & ~1U) + (asked ? 1U : 0U);
  return place < prepared_.size() ? prepared_[place] : compose(granted, asked);
}

GuardScript::Text GuardScript::compose(filters::PurposeSet granted, bool asked) const {
  const auto& names = settings_.purposes;
  std::string source = guard_source() + "(window,document,{\"p\":" + array_of(names, granted) +
                       ",\"a\":" + (asked ? "true" : "false") + ",\"u\":" + quoted(settings_.consent_path);
  if (settings_.holds) {
    source += ",\"h\":" + object_of(list_held_hosts(settings_.hosts, names, granted));
    source += ",\"c\":" + object_of(list_held(settings_.cookies, names, granted));
    source += ",\"g\":" + object_of(list_held(settings_.globals, names, granted));
  }
  source += "})";
  std::string hash = csp_hash(source);
  return {std::move(source), std::move(hash)};
}

}  // namespace portvakt::guard

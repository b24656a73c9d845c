#include "proxy/logs/records/receipt_chain.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::logs {
namespace {

constexpr std::size_t kSealBytes = 16;
constexpr std::size_t kParts = 4;

/// Texts one behind the other, each behind its length, so that no two lists run together to the same bytes.
std::string framed(std::initializer_list<std::string_view> texts) {
  std::string out;
  for (const auto text : texts) out.append(std::to_string(text.size())).append(":").append(text);
  return out;
}

std::string_view value_of(const std::vector<FieldValue>& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &FieldValue::name);
  return found == fields.end() ? std::string_view() : found->value;
}

std::string digest_of(const std::vector<FieldValue>& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (name != "visitor" && name != kChainField) text += framed({name, value});
  }
  return crypto::sha256(text);
}

std::string seal_of(const consent::SigningKey& key, const std::vector<FieldValue>& fields) {
  const auto visitor = value_of(fields, "visitor");
  if (visitor.empty()) return {};
  const auto text = framed({"portvakt receipt visitor 1", value_of(fields, "receipt"), visitor});
  return ascii::base64url(crypto::hmac_sha256(key.secret, text).substr(0, kSealBytes));
}

std::string mark_of(const consent::SigningKey& key, const ChainScope& scope, std::uint64_t place,
                    std::string_view before, const std::vector<FieldValue>& fields, std::string_view seal) {
  return ascii::base64url(crypto::hmac_sha256(
      key.secret, framed({"portvakt receipt chain 1", scope.site, scope.day, scope.producer,
                          std::to_string(place), before, digest_of(fields), seal})));
}

std::string end_of(const consent::SigningKey& key, const ChainScope& scope, const ChainEnd& end) {
  return ascii::base64url(
      crypto::hmac_sha256(key.secret, framed({"portvakt receipt end 1", scope.site, scope.day, scope.producer,
                                              std::to_string(end.count), end.mark})));
}

std::optional<std::array<std::string_view, kParts>> split(std::string_view text) {
  std::array<std::string_view, kParts> parts;
  for (std::size_t i = 0; i < kParts; ++i) {
    const auto stop = text.find('.');
    if ((stop == std::string_view::npos) != (i + 1 == kParts)) return std::nullopt;
    parts[i] = text.substr(0, stop);
    text.remove_prefix(std::min(text.size(), parts[i].size() + 1));
  }
  return parts;
}

}  // namespace

std::optional<ChainMark> parse_chain_mark(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  const auto& [key, place, mark, seal] = *parts;
  const auto number = ascii::parse_uint(place);
  if (!number || *number == 0 || mark.empty()) return std::nullopt;
  return ChainMark{std::string(key), *number, std::string(mark), std::string(seal)};
}

ReceiptChain::ReceiptChain(const std::vector<consent::SigningKey>& keys) {
  for (const auto& key : keys) {
    keys_.push_back({key.id, crypto::hmac_sha256(key.secret, "portvakt receipt chain key 1")});
  }
}

std::string ReceiptChain::add(const ChainScope& scope, const std::vector<FieldValue>& fields,
                              ChainEnd& end) const {
  const auto& key = keys_.front();
  const auto seal = seal_of(key, fields);
  end.mark = mark_of(key, scope, end.count + 1, end.mark, fields, seal);
  ++end.count;
  return key.id + "." + std::to_string(end.count) + "." + end.mark + "." + seal;
}

std::string ReceiptChain::close(const ChainScope& scope, const ChainEnd& end) const {
  const auto& key = keys_.front();
  return key.id + "." + std::to_string(end.count) + "." + end.mark + "." + end_of(key, scope, end);
}

ReceiptChain::Verdict ReceiptChain::check(const ChainScope& scope, const std::vector<FieldValue>& fields,
                                          const ChainMark& mark, std::string_view before) const {
  const auto* const key = find(mark.key);
  if (key == nullptr) return Verdict::UnknownKey;
  // An erased visitor leaves its seal; a visitor that was put in, or exchanged, does not fit it.
  const auto seal = seal_of(*key, fields);
  if (!seal.empty() && !crypto::equal_in_constant_time(seal, mark.seal)) return Verdict::Wrong;
  const auto expected = mark_of(*key, scope, mark.place, before, fields, mark.seal);
  return crypto::equal_in_constant_time(expected, mark.mark) ? Verdict::Good : Verdict::Wrong;
}

ReceiptChain::CheckedEnd ReceiptChain::check_end(const ChainScope& scope, std::string_view text) const {
  const auto stated = parse_chain_mark(text);
  if (!stated) return {};
  const auto* const key = find(stated->key);
  if (key == nullptr) return {Verdict::UnknownKey, {}};
  const ChainEnd end{stated->place, stated->mark};
  if (!crypto::equal_in_constant_time(end_of(*key, scope, end), stated->seal)) return {};
  return {Verdict::Good, end};
}

const consent::SigningKey* ReceiptChain::find(std::string_view id) const {
  const auto found = std::ranges::find(keys_, id, &consent::SigningKey::id);
  return found == keys_.end() ? nullptr : &*found;
}

}  // namespace portvakt::logs

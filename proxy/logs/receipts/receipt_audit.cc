#include "proxy/logs/receipts/receipt_audit.h"

#include <algorithm>
#include <utility>

#include "proxy/base/ascii.h"
#include "proxy/logs/receipts/chain_check.h"
#include "proxy/logs/redis/redis_command.h"
#include "proxy/logs/redis/ship_keys.h"

namespace portvakt::logs {
namespace {

constexpr std::string_view kPage = "1000";
constexpr std::string_view kChainEnding = ":chain";

/// A stream's entry id as two numbers, by which entries are in order.
std::pair<std::uint64_t, std::uint64_t> order_of(std::string_view entry) {
  const auto dash = entry.find('-');
  if (dash == std::string_view::npos) return {ascii::parse_uint(entry).value_or(0), 0};
  return {ascii::parse_uint(entry.substr(0, dash)).value_or(0),
          ascii::parse_uint(entry.substr(dash + 1)).value_or(0)};
}

std::vector<FieldValue> fields_of(const std::vector<std::string>& texts) {
  std::vector<FieldValue> fields;
  for (std::size_t i = 0; i + 1 < texts.size(); i += 2) fields.push_back({texts[i], texts[i + 1]});
  return fields;
}

}  // namespace

tl::expected<RedisReply, RedisFault> ReceiptAudit::ask(std::initializer_list<std::string_view> words) {
  std::string command;
  append_command(command, words);
  auto replies = client_.exchange(command, 1);
  if (!replies) return tl::unexpected(replies.error());
  if (replies->front().is_error()) return tl::unexpected(replies->front().fault());
  return std::move(replies->front());
}

tl::expected<std::vector<std::string>, RedisFault> ReceiptAudit::days(const std::string& site) {
  const auto found = ask({"ZRANGE", days_key(prefix_, site), "0", "-1"});
  if (!found) return tl::unexpected(found.error());
  std::vector<std::string> days;
  for (const auto& day : found->items) {
    if (is_day_text(day.text)) days.push_back(day.text);
  }
  return days;
}

tl::expected<ReceiptAudit::Entries, RedisFault> ReceiptAudit::read_page(const std::string& stream,
                                                                        const std::string& from,
                                                                        const std::string& to) {
  const auto page = ask({"XRANGE", stream, from, to, "COUNT", kPage});
  if (!page) return tl::unexpected(page.error());
  Entries entries;
  for (const auto& item : page->items) {
    if (item.items.size() != 2) return tl::unexpected(RedisFault::Protocol);
    Entry entry{item.items[0].text, {}};
    for (const auto& text : item.items[1].items) entry.texts.push_back(text.text);
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// Under the ids that they had, in that order.
tl::expected<ReceiptAudit::Entries, RedisFault> ReceiptAudit::read_erased(const std::string& stream) {
  Entries erased;
  for (std::string from = "-";;) {
    auto page = read_page(stream, from, "+");
    if (!page) return page;
    if (page->empty()) break;
    from = "(" + page->back().id;
    for (auto& entry : *page) {
      if (entry.texts.size() < 2 || entry.texts[0] != "at") continue;
      erased.push_back({entry.texts[1], {entry.texts.begin() + 2, entry.texts.end()}});
    }
  }
  std::ranges::sort(erased, [](const auto& a, const auto& b) { return order_of(a.id) < order_of(b.id); });
  return erased;
}

tl::expected<ReceiptAudit::Moment, RedisFault> ReceiptAudit::read_moment(const std::string& consents,
                                                                         const std::string& sent) {
  std::string commands;
  append_command(commands, {"MULTI"});
  append_command(commands, {"XREVRANGE", consents, "+", "-", "COUNT", "1"});
  append_command(commands, {"HGETALL", sent});
  append_command(commands, {"EXEC"});
  auto replies = client_.exchange(commands, 4);
  if (!replies) return tl::unexpected(replies.error());
  for (const auto& reply : *replies) {
    if (reply.is_error()) return tl::unexpected(reply.fault());
  }
  auto& results = replies->back().items;
  if (results.size() != 2) return tl::unexpected(RedisFault::Protocol);
  for (const auto& result : results) {
    if (result.is_error()) return tl::unexpected(result.fault());
  }
  Moment moment;
  if (!results[0].items.empty() && !results[0].items[0].items.empty())
    moment.last = results[0].items[0].items[0].text;
  moment.marks = std::move(results[1].items);
  return moment;
}

/// A receipt may be moved to the erased ones between two reads: what is found must be found twice.
tl::expected<AuditedDay, RedisFault> ReceiptAudit::audit(const std::string& site, const std::string& day) {
  auto audited = audit_once(site, day);
  return !audited || audited->findings.empty() ? audited : audit_once(site, day);
}

tl::expected<AuditedDay, RedisFault> ReceiptAudit::audit_once(const std::string& site,
                                                              const std::string& day) {
  const auto keys = day_keys(prefix_, site, day);
  ChainCheck check(chain_, site, day);
  const auto moment = read_moment(keys.consents, keys.sent);
  if (!moment) return tl::unexpected(moment.error());
  for (std::size_t i = 0; i + 1 < moment->marks.size(); i += 2) {
    std::string_view producer = moment->marks[i].text;
    if (!producer.ends_with(kChainEnding)) continue;
    producer.remove_suffix(kChainEnding.size());
    check.add_end(producer, moment->marks[i + 1].text);
  }
  const auto erased = read_erased(keys.erased);
  if (!erased) return tl::unexpected(erased.error());
  auto gone = erased->begin();
  const auto add_gone = [&](std::string_view before) {
    for (; gone != erased->end() && (before.empty() || order_of(gone->id) < order_of(before)); ++gone)
      check.add_row(gone->id, fields_of(gone->texts));
  };
  for (std::string from = "-"; !moment->last.empty();) {
    const auto page = read_page(keys.consents, from, moment->last);
    if (!page) return tl::unexpected(page.error());
    if (page->empty()) break;
    for (const auto& entry : *page) {
      add_gone(entry.id);
      check.add_row(entry.id, fields_of(entry.texts));
    }
    from = "(" + page->back().id;
  }
  add_gone({});
  AuditedDay audited{day, check.rows(), erased->size(), check.chains(), {}};
  audited.findings = check.finish();
  return audited;
}

}  // namespace portvakt::logs

// Reads the consent receipts of a site from Redis, day by day, and checks their chains. For commands: it
// waits for answers on the caller's thread, never a worker's.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "proxy/base/result.h"
#include "proxy/logs/records/receipt_chain.h"
#include "proxy/logs/redis/redis_client.h"

namespace portvakt::logs {

struct AuditedDay {
  std::string day;
  std::size_t receipts = 0;  // rows, erased ones included
  std::size_t erased = 0;    // whose visitor was erased
  std::size_t chains = 0;    // producers
  std::vector<std::string> findings;
};

class ReceiptAudit {
 public:
  /// All references outlive the audit.
  ReceiptAudit(RedisClient& client, std::string prefix, const ReceiptChain& chain)
      : client_(client), prefix_(std::move(prefix)), chain_(chain) {}

  /// The days that Redis holds of the site, oldest first.
  tl::expected<std::vector<std::string>, RedisFault> days(const std::string& site);
  tl::expected<AuditedDay, RedisFault> audit(const std::string& site, const std::string& day);

 private:
  struct Entry {
    std::string id;
    std::vector<std::string> texts;  // names and values
  };
  using Entries = std::vector<Entry>;
  /// Where a day stands at one moment: receipts go on coming in while they are read.
  struct Moment {
    std::string last;               // id of the last entry; empty: none
    std::vector<RedisReply> marks;  // the fields and values of `sent`
  };
  tl::expected<Moment, RedisFault> read_moment(const std::string& consents, const std::string& sent);
  tl::expected<Entries, RedisFault> read_page(const std::string& stream, const std::string& from,
                                              const std::string& to);
  tl::expected<AuditedDay, RedisFault> audit_once(const std::string& site, const std::string& day);
  tl::expected<Entries, RedisFault> read_erased(const std::string& stream);
  tl::expected<RedisReply, RedisFault> ask(std::initializer_list<std::string_view> words);

  RedisClient& client_;
  const std::string prefix_;
  const ReceiptChain& chain_;
};

}  // namespace portvakt::logs

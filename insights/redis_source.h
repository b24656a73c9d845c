// Reads the streams that the shipper writes, of every day that a site's set of days names: requests, consents
// and events; and per site erasure notices, the set of restricted visitors and the inventory. Only reads;
// other consumers are not disturbed. Reconnects on the next poll after a fault. The stop signal outlives it.
#pragma once

#include <string>
#include <vector>

#include "insights/source.h"
#include "proxy/logs/redis/redis_client.h"

namespace portvakt::insights {

struct RedisSourceSettings {
  logs::RedisUrl redis;
  std::string prefix = "portvakt";
  std::vector<std::string> sites;
};

class RedisSource : public RecordSource {
 public:
  RedisSource(RedisSourceSettings settings, const logs::StopSignal& stop);
  Result<std::size_t> poll(Store& store) override;

 private:
  struct Stream {
    std::string key;   // in Redis
    std::string name;  // in the store
    logs::RecordKind kind;
  };
  Result<std::vector<Stream>> find_streams();
  Result<std::size_t> read_stream(const Stream& stream, Store& store);
  Result<void> read_restricted(Store& store, const std::string& site);
  Result<void> read_inventory(Store& store, const std::string& site);
  Result<logs::RedisReply> ask(std::initializer_list<std::string_view> command);

  RedisSourceSettings settings_;
  const logs::StopSignal& stop_;
  logs::RedisClient client_;
  std::size_t polls_ = 0;
};

}  // namespace portvakt::insights

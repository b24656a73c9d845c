#include "proxy/logs/subjects/record_stats.h"

#include <map>
#include <memory>

#include "proxy/base/ascii.h"
#include "proxy/logs/redis/redis_command.h"
#include "proxy/logs/spool/mapped_file.h"
#include "proxy/logs/spool/spool_format.h"
#include "proxy/logs/spool/spool_segment.h"
#include "proxy/logs/subjects/subject_store.h"

namespace portvakt::logs {
namespace {

namespace fs = std::filesystem;

std::uint64_t number_of(const RedisReply& reply) {
  return reply.integer > 0 ? static_cast<std::uint64_t>(reply.integer) : 0;
}

/// What a producer's file says of records that are no more, and up to where all are delivered.
Result<std::uint64_t> read_producer(const fs::path& path, SpoolStats& stats) {
  auto file = MappedFile::open(path, MappedFile::Access::ReadOnly);
  if (!file) return tl::unexpected(file.error());
  if ((*file)->size() < sizeof(ProducerLayout)) return 0;
  const auto* numbers = reinterpret_cast<const ProducerLayout*>((*file)->data());
  stats.lost += numbers->refused.load() + numbers->dropped.load();
  return numbers->delivered.load();
}

}  // namespace

tl::expected<std::vector<DayStats>, RedisFault> day_stats(RedisClient& client, const std::string& prefix,
                                                          const std::string& site) {
  SubjectStore store(client, prefix);
  const auto days = store.days(site);
  if (!days) return tl::unexpected(days.error());
  std::vector<DayStats> all;
  for (const auto& day : *days) {
    const DayKeys keys = day_keys(prefix, site, day);
    std::string commands;
    for (const auto* stream : {&keys.requests, &keys.consents, &keys.events}) {
      append_command(commands, {"XLEN", *stream});
    }
    append_command(commands, {"HGET", keys.orders, "dropped"});
    const std::string* const stored[] = {&keys.requests, &keys.consents, &keys.events, &keys.erased,
                                         &keys.visitors, &keys.sent,     &keys.orders};
    for (const auto* key : stored) append_command(commands, {"MEMORY", "USAGE", *key});
    const auto replies = client.exchange(commands, 4 + std::size(stored));
    if (!replies) return tl::unexpected(replies.error());
    for (std::size_t i = 0; i < 4; ++i) {
      if ((*replies)[i].is_error()) return tl::unexpected((*replies)[i].fault());
    }
    DayStats stats{day,
                   number_of((*replies)[0]),
                   number_of((*replies)[1]),
                   number_of((*replies)[2]),
                   ascii::parse_uint((*replies)[3].text).value_or(0),
                   0};
    for (std::size_t i = 4; i < replies->size() && stats.bytes; ++i) {
      if ((*replies)[i].is_error()) stats.bytes.reset();
      if (stats.bytes) *stats.bytes += number_of((*replies)[i]);
    }
    all.push_back(std::move(stats));
  }
  return all;
}

Result<SpoolStats> spool_stats(const fs::path& folder) {
  SpoolStats stats;
  std::map<std::string, std::uint64_t> delivered;  // by producer
  std::vector<fs::path> segments;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() == ".segment") segments.push_back(entry.path());
    if (entry.path().extension() != ".producer") continue;
    auto upto = read_producer(entry.path(), stats);
    if (!upto) return tl::unexpected(upto.error());
    delivered[entry.path().stem().string()] = *upto;
  }
  if (code) return failure(ErrorKind::Io, "cannot read " + folder.string() + ": " + code.message());
  for (const auto& path : segments) {
    const auto segment = Segment::open(path, MappedFile::Access::ReadOnly);
    if (!segment && segment.error().kind == ErrorKind::Unsupported) return tl::unexpected(segment.error());
    if (!segment || !*segment) continue;  // deleted in the meantime, or not ours
    ++stats.files;
    stats.bytes += (*segment)->bytes();
    const std::uint64_t upto = delivered[(*segment)->producer().text()];
    if ((*segment)->records() == 0 || (*segment)->last() <= upto) continue;
    stats.waiting += (*segment)->last() - std::max(upto, (*segment)->first() - 1);
    const auto began = (*segment)->began();
    if (began && (!stats.oldest || *began < *stats.oldest)) stats.oldest = began;
  }
  return stats;
}

}  // namespace portvakt::logs

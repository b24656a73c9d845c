// The files of a spool folder, format 1. All numbers are little endian; every struct is laid over the mapped
// file.
//
//   lock                              held with flock by the one process that uses the folder
//   <producer>.producer               one a producer, 4096 bytes: ProducerLayout
//   <producer>-<ordinal>.segment      SegmentHeader, then records; fixed size, reserved on the disk when made
//
// A producer is one worker slot of one installation: a random 64-bit key in hex, a dash, and the slot. It
// keeps its name for ever, and its sequence numbers grow for ever: with the name they are a record's `id`. A
// record is a RecordHead, the site's name, the payload (record_field.h), and zeros up to a multiple of eight
// bytes.
//
// A worker writes the record first and then moves `extent`, one 64-bit store that publishes both the bytes
// used and the number of records. Memory that a killed process had written stays in the page cache, so after
// a kill every published record is whole. After a loss of power the pages may be older than `extent` says:
// the checksum finds the first record that is not whole, and it and all after it in that segment are counted
// as lost. Because Redis may have seen sequence numbers that the disk never did, the numbering leaves a gap
// (kBootGap) when the machine has restarted.
//
// Segments of one producer are ordered by `first_sequence`; the ordinal tells age across producers.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace portvakt::logs {

inline constexpr std::uint32_t kSpoolVersion = 1;
inline constexpr std::string_view kSegmentMagic = "PVsegmnt";
inline constexpr std::string_view kProducerMagic = "PVprodcr";
inline constexpr std::size_t kProducerFileSize = 4096;
inline constexpr std::size_t kMaxDays = 64;
inline constexpr std::size_t kMaxPayload = 64 * 1024;
inline constexpr std::size_t kMaxSite = 255;
inline constexpr std::uint64_t kBootGap = std::uint64_t{1} << 28;

using SharedNumber = std::atomic<std::uint64_t>;
static_assert(SharedNumber::is_always_lock_free && sizeof(SharedNumber) == 8);

struct SegmentHeader {
  char magic[8];
  std::uint32_t version;
  std::uint32_t slot;
  std::uint64_t key;
  std::uint64_t ordinal;
  SharedNumber first_sequence;  // valid once there is a record
  SharedNumber began;           // ms since 1970 when the first record was seen; 0: not yet
  char unused[16];
  alignas(64) SharedNumber extent;  // high half: records; low half: bytes used, this header included
};
static_assert(sizeof(SegmentHeader) == 128);

struct RecordHead {
  std::uint32_t checksum;  // CRC-32C of all that follows it in the record, padding excluded
  std::uint32_t payload_size;
  std::uint64_t sequence;
  std::uint8_t kind;
  std::uint8_t site_size;
  std::uint8_t zero[6];
};
static_assert(sizeof(RecordHead) == 24);

/// From this sequence on, records go to this day (days since 1970), until the next entry.
struct DayStart {
  SharedNumber first_sequence;
  SharedNumber day;
};

struct ProducerLayout {
  char magic[8];
  std::uint32_t version;
  std::uint32_t slot;
  std::uint64_t key;
  char boot[40];                           // the machine's boot that last wrote here
  alignas(64) SharedNumber next_sequence;  // the worker's
  SharedNumber refused;                    // records lost for want of room
  alignas(64) SharedNumber sent;           // the shipper's: the highest sequence ever handed to a socket
  SharedNumber delivered;                  // all up to here are stored
  SharedNumber dropped;                    // records lost with their segment, undelivered
  SharedNumber day_count;
  DayStart days[kMaxDays];
};
static_assert(sizeof(ProducerLayout) <= kProducerFileSize);

}  // namespace portvakt::logs

#include "proxy/logs/spool/spool_producer.h"

#include <algorithm>
#include <cstring>
#include <fstream>

namespace portvakt::logs {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

std::string_view boot_text(const ProducerLayout& numbers) {
  return {numbers.boot, ::strnlen(numbers.boot, sizeof numbers.boot)};
}

}  // namespace

Producer::Producer(std::unique_ptr<MappedFile> file)
    : file_(std::move(file)),
      numbers_(reinterpret_cast<ProducerLayout*>(file_->data())),
      name_{numbers_->key, numbers_->slot},
      id_(name_.text()) {}

Result<std::unique_ptr<Producer>> Producer::create(const std::filesystem::path& folder,
                                                   const ProducerName& name) {
  auto file = MappedFile::create(folder / (name.text() + ".producer"), kProducerFileSize);
  if (!file) return tl::unexpected(file.error());
  auto* numbers = reinterpret_cast<ProducerLayout*>((*file)->data());
  numbers->version = kSpoolVersion;
  numbers->slot = name.slot;
  numbers->key = name.key;
  numbers->next_sequence.store(1, kRelaxed);
  std::memcpy(numbers->magic, kProducerMagic.data(), sizeof numbers->magic);
  (*file)->sync();
  return std::unique_ptr<Producer>(new Producer(std::move(*file)));
}

Result<std::unique_ptr<Producer>> Producer::open(const std::filesystem::path& path) {
  auto file = MappedFile::open(path, MappedFile::Access::ReadWrite);
  if (!file) return tl::unexpected(file.error());
  const auto* numbers = reinterpret_cast<const ProducerLayout*>((*file)->data());
  const bool ours = (*file)->size() == kProducerFileSize &&
                    std::string_view(numbers->magic, sizeof numbers->magic) == kProducerMagic;
  if (!ours) return failure(ErrorKind::Malformed, path.string() + " is not a producer's file of a spool");
  if (numbers->version != kSpoolVersion) {
    return failure(ErrorKind::Unsupported,
                   path.string() + " has spool format " + std::to_string(numbers->version) +
                       "; this version reads format " + std::to_string(kSpoolVersion) +
                       ": it was written by a newer portvakt");
  }
  return std::unique_ptr<Producer>(new Producer(std::move(*file)));
}

void Producer::recover(std::string_view boot) {
  std::ranges::sort(segments, {}, [](const auto& segment) { return segment->first(); });
  std::uint64_t next = std::max<std::uint64_t>(numbers_->next_sequence.load(kRelaxed), 1);
  for (const auto& segment : segments) {
    if (segment->records() > 0) next = std::max(next, segment->last() + 1);
  }
  const bool fresh = next == 1;
  if (!fresh && (boot.empty() || boot != boot_text(*numbers_))) {
    // The disk may have forgotten the end of what was written and sent before the power went.
    numbers_->sent.store(std::max(sent(), next - 1), kRelaxed);
    next += kBootGap;
  }
  numbers_->next_sequence.store(next, kRelaxed);
  std::memset(numbers_->boot, 0, sizeof numbers_->boot);
  std::memcpy(numbers_->boot, boot.data(), std::min(boot.size(), sizeof numbers_->boot - 1));
  file_->sync();
}

Segment* Producer::segment_after(std::uint64_t sequence) const {
  Segment* found = nullptr;
  for (const auto& segment : segments) {
    if (segment->records() == 0 || segment->last() <= sequence) continue;
    if (!found || segment->first() < found->first()) found = segment.get();
  }
  return found;
}

bool Producer::in_use(const Segment& segment) const {
  if (reading_from <= reading_to && segment.overlaps(reading_from, reading_to)) return true;
  return sent() > delivered() && segment.overlaps(delivered() + 1, sent());
}

std::int64_t Producer::day_of(std::uint64_t sequence) const {
  for (std::size_t i = numbers_->day_count.load(kRelaxed); i > 0; --i) {
    const DayStart& start = numbers_->days[i - 1];
    if (start.first_sequence.load(kRelaxed) <= sequence)
      return static_cast<std::int64_t>(start.day.load(kRelaxed));
  }
  return -1;
}

void Producer::begin_day(std::uint64_t first, std::int64_t day) {
  if (numbers_->day_count.load(kRelaxed) == kMaxDays) forget_old_days();
  const std::uint64_t count = numbers_->day_count.load(kRelaxed);
  if (count == kMaxDays) return;  // the last day goes on; retention then counts from it
  numbers_->days[count].first_sequence.store(first, kRelaxed);
  numbers_->days[count].day.store(static_cast<std::uint64_t>(day), kRelaxed);
  numbers_->day_count.store(count + 1, std::memory_order_release);
  file_->sync();
}

/// Drops the days before that of the oldest record still held. At every moment of the move the table answers
/// rightly, because a later entry wins over an earlier one with the same start.
void Producer::forget_old_days() {
  const Segment* oldest = segment_after(0);
  const std::uint64_t needed = oldest ? oldest->first() : numbers_->next_sequence.load(kRelaxed);
  std::uint64_t count = numbers_->day_count.load(kRelaxed);
  while (count > 1 && numbers_->days[1].first_sequence.load(kRelaxed) <= needed) {
    for (std::size_t i = 1; i < count; ++i) {
      numbers_->days[i - 1].first_sequence.store(numbers_->days[i].first_sequence.load(kRelaxed),
                                                 std::memory_order_release);
      numbers_->days[i - 1].day.store(numbers_->days[i].day.load(kRelaxed), std::memory_order_release);
    }
    numbers_->day_count.store(--count, std::memory_order_release);
  }
}

std::string current_boot() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string boot;
  std::getline(file, boot);
  return boot;
}

}  // namespace portvakt::logs

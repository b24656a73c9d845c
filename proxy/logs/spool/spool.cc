#include "proxy/logs/spool/spool.h"

#include <algorithm>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "proxy/base/crypto.h"
#include "proxy/base/log.h"
#include "proxy/logs/spool/spool_producer.h"

namespace portvakt::logs {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLeastSegment = 128 * 1024;
constexpr std::uint64_t kSegmentsPerWriter = 4;  // one written, one spare, and two to be shipped
constexpr std::chrono::milliseconds kKeeperWait{50};

std::uint64_t random_key() {
  std::uint64_t key = 0;
  std::memcpy(&key, crypto::random_bytes(sizeof key).data(), sizeof key);
  return key;
}

/// The segment size that leaves every writer its segments within the bound; 0 if there is none.
std::uint64_t fitting_segment_size(const SpoolSettings& settings) {
  const std::uint64_t share =
      settings.max_size / (kSegmentsPerWriter * std::max<std::size_t>(settings.writers, 1));
  const std::uint64_t size = std::min(settings.segment_size, share) / 4096 * 4096;
  return size >= kLeastSegment ? size : 0;
}

}  // namespace

/// Held while the process uses the folder; the system lets go of it when the process ends, however it ends.
struct Spool::Lock {
  int fd;
  explicit Lock(int descriptor) : fd(descriptor) {}
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() { ::close(fd); }
};

Spool::Spool(const SpoolSettings& settings, const Clock& clock)
    : settings_(settings),
      clock_(clock),
      opened_wall_(clock.wall()),
      opened_at_(clock.steady()),
      synced_at_(opened_at_) {}

Result<std::unique_ptr<Spool>> Spool::open(const SpoolSettings& settings, const Clock& clock) {
  std::unique_ptr<Spool> spool(new Spool(settings, clock));
  spool->settings_.segment_size = fitting_segment_size(settings);
  if (spool->settings_.segment_size == 0) {
    const std::uint64_t least = kLeastSegment * kSegmentsPerWriter * settings.writers;
    return failure(ErrorKind::Invalid,
                   "the spool needs a max_size of at least " + std::to_string(least) + " bytes");
  }
  std::error_code code;
  if (fs::create_directories(settings.path, code)) fs::permissions(settings.path, fs::perms::owner_all, code);
  if (code) return failure(ErrorKind::Io, "cannot make " + settings.path.string() + ": " + code.message());
  const fs::path lock = settings.path / "lock";
  const int fd = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return failure(ErrorKind::Io, "cannot open " + lock.string() + ": " + std::strerror(errno));
  spool->lock_ = std::make_unique<Lock>(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return failure(ErrorKind::Refused,
                   "the spool " + settings.path.string() + " is in use by another process");
  }
  if (auto loaded = spool->load(); !loaded) return tl::unexpected(loaded.error());
  if (auto added = spool->add_writers(); !added) return tl::unexpected(added.error());
  spool->keeper_ = std::thread([raw = spool.get()] { raw->keep(); });
  return spool;
}

Spool::~Spool() {
  if (keeper_.joinable()) {
    {
      const std::lock_guard hold(mutex_);
      ending_ = true;
    }
    wake_.notify_one();
    keeper_.join();
  }
  if (lock_) drop_unused();
}

std::uint64_t Spool::appended() const {
  std::uint64_t sum = 0;
  for (const auto& writer : writers_) sum += writer->appended().value();
  return sum;
}

std::uint64_t Spool::lost() const {
  std::uint64_t sum = dropped_.value();
  for (const auto& writer : writers_) sum += writer->refused().value();
  return sum;
}

Result<void> Spool::load() {
  std::vector<fs::path> segments;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(settings_.path, code)) {
    const fs::path& path = entry.path();
    if (path.extension() == ".segment") segments.push_back(path);
    if (path.extension() != ".producer") continue;
    if (auto loaded = load_producer(path); !loaded) return loaded;
  }
  if (code) return failure(ErrorKind::Io, "cannot read " + settings_.path.string() + ": " + code.message());
  for (const auto& path : segments) {
    if (auto loaded = load_segment(path); !loaded) return loaded;
  }
  return {};
}

Result<void> Spool::load_producer(const fs::path& path) {
  auto producer = Producer::open(path);
  if (producer) {
    producers_.push_back(std::move(*producer));
    return {};
  }
  if (producer.error().kind != ErrorKind::Malformed) return tl::unexpected(producer.error());
  std::error_code code;
  fs::rename(path, fs::path(path) += ".broken", code);
  log_warning(producer.error().detail + "; put aside");
  return {};
}

Result<void> Spool::load_segment(const fs::path& path) {
  auto opened = Segment::open(path, MappedFile::Access::ReadWrite);
  if (!opened && opened.error().kind != ErrorKind::Malformed) return tl::unexpected(opened.error());
  if (!opened) {
    log_warning(opened.error().detail + "; left alone");
    return {};
  }
  const bool empty = !*opened || (*opened)->records() == 0;
  if (*opened) next_ordinal_ = std::max(next_ordinal_, (*opened)->ordinal() + 1);
  if (empty) {
    std::error_code code;
    fs::remove(path, code);
    return {};
  }
  auto producer = find_or_add_producer((*opened)->producer());
  if (!producer) return tl::unexpected(producer.error());
  bytes_.add((*opened)->bytes());
  if ((*opened)->first() == 0) {  // no sequence is 0: not even the header was saved before the power went
    count_lost(**producer, (*producer)->delivered() + 1, (*producer)->delivered() + (*opened)->records());
    (*opened)->cut(Segment::begin(), 0);
  }
  (*producer)->segments.push_back(std::move(*opened));
  return {};
}

Result<Producer*> Spool::find_or_add_producer(const ProducerName& name) {
  for (const auto& producer : producers_) {
    if (producer->name() == name) return producer.get();
  }
  auto created = Producer::create(settings_.path, name);
  if (!created) return tl::unexpected(created.error());
  producers_.push_back(std::move(*created));
  return producers_.back().get();
}

Result<void> Spool::add_writers() {
  const std::string boot = current_boot();
  for (const auto& producer : producers_) producer->recover(boot);
  for (std::uint32_t slot = 0; slot < settings_.writers; ++slot) {
    const auto known =
        std::ranges::find_if(producers_, [&](const auto& p) { return p->name().slot == slot; });
    Producer* producer = known != producers_.end() ? known->get() : nullptr;
    if (!producer) {
      auto added = find_or_add_producer({random_key(), slot});
      if (!added) return tl::unexpected(added.error());
      producer = *added;
      producer->recover(boot);
    }
    writers_.push_back(std::make_unique<SpoolWriter>(*this, *producer));
    writers_.back()->spare_.store(make_segment(*producer));
  }
  return {};
}

Segment* Spool::make_segment(Producer& producer) {
  const std::lock_guard hold(mutex_);
  return add_segment(producer);
}

Segment* Spool::add_segment(Producer& producer) {
  const bool roomy = bytes_.value() + settings_.segment_size <= settings_.max_size;
  if (!roomy && !make_room()) return nullptr;
  auto segment = Segment::create(settings_.path, producer.name(), next_ordinal_++, settings_.segment_size);
  if (roomy && segment) dropping_ = false;
  if (!segment && drop_oldest()) {  // the disk is full: what is oldest makes room
    segment = Segment::create(settings_.path, producer.name(), next_ordinal_++, settings_.segment_size);
  }
  if (!segment) return nullptr;
  bytes_.add((*segment)->bytes());
  producer.segments.push_back(std::move(*segment));
  return producer.segments.back().get();
}

bool Spool::make_room() {
  while (bytes_.value() + settings_.segment_size > settings_.max_size) {
    if (!drop_oldest()) return false;
  }
  return true;
}

bool Spool::drop_oldest() {
  Producer* owner = nullptr;
  Segment* oldest = nullptr;
  for (const auto& producer : producers_) {
    for (const auto& segment : producer->segments) {
      if (!segment->sealed() || producer->in_use(*segment)) continue;
      if (oldest && oldest->ordinal() < segment->ordinal()) continue;
      owner = producer.get();
      oldest = segment.get();
    }
  }
  if (!oldest) return false;
  const std::uint64_t before = dropped_.value();
  if (oldest->records() > 0) count_lost(*owner, oldest->first(), oldest->last());
  // What was delivered and only kept for a while goes without a word.
  if (!dropping_ && dropped_.value() > before) {
    log_warning("the spool or its disk is full: the oldest records are being dropped and counted");
    dropping_ = true;
  }
  remove(*owner, *oldest);
  return true;
}

void Spool::count_lost(Producer& producer, std::uint64_t first, std::uint64_t last) {
  first = std::max(first, producer.delivered() + 1);
  if (last < first) return;
  producer.numbers().dropped.fetch_add(last - first + 1, std::memory_order_relaxed);
  dropped_.add(last - first + 1);
}

void Spool::remove(Producer& producer, const Segment& segment) {
  std::error_code code;
  fs::remove(segment.path(), code);
  bytes_.set(bytes_.value() - segment.bytes());
  const auto found =
      std::ranges::find_if(producer.segments, [&](const auto& one) { return one.get() == &segment; });
  if (found == producer.segments.end()) return;
  retired_.push_back(std::move(*found));
  producer.segments.erase(found);
  free_retired();
}

void Spool::release_delivered() {
  const SteadyTime now = clock_.steady();
  for (const auto& producer : producers_) {
    for (std::size_t i = 0; i < producer->segments.size();) {
      Segment& segment = *producer->segments[i];
      if (segment.sealed() && segment.records() == 0) {
        remove(*producer, segment);
        continue;
      }
      const bool stored = segment.sealed() && segment.last() <= producer->verified;
      if (stored && !segment.delivered_at) segment.delivered_at = now;
      // An answer that came this much later shows that the server did not die before it had saved.
      const bool safe =
          stored && confirmed_at_ && *confirmed_at_ - *segment.delivered_at >= settings_.hold_delivered;
      if (safe && !producer->in_use(segment)) {
        remove(*producer, segment);
      } else {
        ++i;
      }
    }
  }
}

void Spool::keep() {
  std::unique_lock hold(mutex_);
  while (!ending_) {
    close_old();
    drop_expired();
    release_delivered();
    free_retired();
    for (const auto& writer : writers_) {
      if (writer->spare_.load(std::memory_order_relaxed)) continue;
      writer->spare_.store(add_segment(writer->producer_), std::memory_order_release);
    }
    sync_if_due(hold);
    wake_.wait_for(hold, kKeeperWait);
  }
}

/// At the end: what holds no record need not be kept.
void Spool::drop_unused() {
  for (const auto& producer : producers_) {
    for (const auto& segment : producer->segments) {
      std::error_code code;
      if (segment->records() == 0) fs::remove(segment->path(), code);
    }
  }
}

}  // namespace portvakt::logs

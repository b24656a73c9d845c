// A file mapped into memory, shared, so that what is written to it outlives the process at once. The whole
// size is reserved on the disk first: a full disk is an error here and not a bus error at some later store.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "proxy/base/result.h"

namespace portvakt::logs {

class MappedFile {
 public:
  enum class Access { ReadOnly, ReadWrite };

  /// A new file of `size` zero bytes, readable by its owner alone, with its pages already in memory. Fails if
  /// it exists; leaves nothing behind when it fails.
  static Result<std::unique_ptr<MappedFile>> create(const std::filesystem::path& path, std::size_t size);
  static Result<std::unique_ptr<MappedFile>> open(const std::filesystem::path& path, Access access);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  char* data() { return data_; }
  const char* data() const { return data_; }
  std::size_t size() const { return size_; }
  const std::filesystem::path& path() const { return path_; }

  /// Waits until the disk has it: only for what must survive a loss of power.
  void sync();

 private:
  MappedFile(std::filesystem::path path, char* data, std::size_t size)
      : path_(std::move(path)), data_(data), size_(size) {}

  std::filesystem::path path_;
  char* data_;
  std::size_t size_;
};

}  // namespace portvakt::logs

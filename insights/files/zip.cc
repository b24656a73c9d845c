#include "insights/files/zip.h"

#include <array>
#include <cstdint>

namespace portvakt::insights {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50, kCentralHeader = 0x02014b50, kEnd = 0x06054b50;
constexpr std::uint16_t kVersion = 20, kUtf8 = 0x0800, kNewYear1980 = 0x0021;

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest & 1U) != 0 ? 0xedb88320U ^ (rest >> 1U) : rest >> 1U;
    table[byte] = rest;
  }
  return table;
}

/// ISO 3309, as ZIP asks for it.
std::uint32_t crc32(std::string_view bytes) {
  static constexpr auto kTable = crc_table();
  std::uint32_t rest = 0xffffffffU;
  for (const char c : bytes) rest = kTable[(rest ^ static_cast<unsigned char>(c)) & 0xffU] ^ (rest >> 8U);
  return rest ^ 0xffffffffU;
}

void put16(std::string& out, std::uint16_t number) {
  out += static_cast<char>(number & 0xff);
  out += static_cast<char>(number >> 8);
}
void put32(std::string& out, std::uint32_t number) {
  put16(out, static_cast<std::uint16_t>(number & 0xffff));
  put16(out, static_cast<std::uint16_t>(number >> 16));
}

/// What local and central headers have in common.
void put_facts(std::string& out, const std::string& name, std::string_view content) {
  put16(out, kVersion);
  put16(out, kUtf8);
  put16(out, 0);  // stored
  put16(out, 0);  // midnight
  put16(out, kNewYear1980);
  put32(out, crc32(content));
  put32(out, static_cast<std::uint32_t>(content.size()));
  put32(out, static_cast<std::uint32_t>(content.size()));
  put16(out, static_cast<std::uint16_t>(name.size()));
  put16(out, 0);  // no extra field
}

}  // namespace

std::string zip_archive(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string out, directory;
  for (const auto& [name, content] : files) {
    const auto offset = static_cast<std::uint32_t>(out.size());
    put32(out, kLocalHeader);
    put_facts(out, name, content);
    out.append(name).append(content);
    put32(directory, kCentralHeader);
    put16(directory, kVersion);
    put_facts(directory, name, content);
    put16(directory, 0);  // no comment
    put16(directory, 0);  // disk
    put16(directory, 0);  // internal attributes
    put32(directory, 0);  // external ones
    put32(directory, offset);
    directory.append(name);
  }
  const auto begins = static_cast<std::uint32_t>(out.size());
  const auto count = static_cast<std::uint16_t>(files.size());
  out.append(directory);
  put32(out, kEnd);
  put32(out, 0);  // disks
  put16(out, count);
  put16(out, count);
  put32(out, static_cast<std::uint32_t>(directory.size()));
  put32(out, begins);
  put16(out, 0);
  return out;
}

}  // namespace portvakt::insights

// HTTP/2 frames by hand, so that a test says every byte: also those that no library would send. Header blocks
// are literal fields without indexing, which need no state; what came back is told a line a frame.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portvakt::test::h2 {

enum Type : std::uint8_t {
  Data,
  Headers,
  Priority,
  RstStream,
  Settings,
  PushPromise,
  Ping,
  Goaway,
  WindowUpdate,
  Continuation,
  PriorityUpdate = 0x10
};
enum Flag : std::uint8_t {
  NoFlag = 0,
  EndStream = 1,
  Ack = 1,
  EndHeaders = 4,
  Padded = 8,
  WithPriority = 32
};
using Fields = std::vector<std::pair<std::string, std::string>>;

inline const std::string kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

inline std::string number(std::uint64_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    text.push_back(static_cast<char>(value >> shift & 0xff));
  return text;
}

/// The length field as told, which may be a lie.
inline std::string frame_of_length(std::size_t length, int type, int flags, std::uint32_t stream,
                                   std::string_view payload) {
  return number(length, 3) + number(static_cast<unsigned>(type), 1) +
         number(static_cast<unsigned>(flags), 1) + number(stream, 4) + std::string(payload);
}
inline std::string frame(int type, int flags, std::uint32_t stream, std::string_view payload = {}) {
  return frame_of_length(payload.size(), type, flags, stream, payload);
}

/// A length as HPACK writes it (RFC 7541 section 5.1) with 7 bits of prefix.
inline std::string hpack_text(std::string_view text) {
  std::string out;
  std::size_t left = text.size();
  if (left < 127) {
    out.push_back(static_cast<char>(left));
  } else {
    out.push_back(127);
    for (left -= 127; left >= 128; left /= 128) out.push_back(static_cast<char>(left % 128 + 128));
    out.push_back(static_cast<char>(left));
  }
  return out + std::string(text);
}
inline std::string block(const Fields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) out += std::string(1, '\0') + hpack_text(name) + hpack_text(value);
  return out;
}

inline Fields request(std::string_view path = "/", std::string_view method = "GET", Fields more = {}) {
  Fields fields = {{":method", std::string(method)},
                   {":scheme", "http"},
                   {":authority", "a.test"},
                   {":path", std::string(path)}};
  for (auto& field : more) fields.push_back(std::move(field));
  return fields;
}
inline std::string headers(std::uint32_t stream, const Fields& fields, int flags = EndStream) {
  return frame(Headers, flags | EndHeaders, stream, block(fields));
}
inline std::string get(std::uint32_t stream, std::string_view path = "/") {
  return headers(stream, request(path));
}
inline std::string data(std::uint32_t stream, std::string_view bytes, int flags = NoFlag) {
  return frame(Data, flags, stream, bytes);
}
inline std::string settings(const std::vector<std::pair<int, std::uint32_t>>& entries = {}) {
  std::string payload;
  for (const auto& [id, value] : entries) payload += number(static_cast<unsigned>(id), 2) + number(value, 4);
  return frame(Settings, NoFlag, 0, payload);
}
inline std::string window_update(std::uint32_t stream, std::uint32_t by) {
  return frame(WindowUpdate, NoFlag, stream, number(by, 4));
}
inline std::string rst(std::uint32_t stream, std::uint32_t code) {
  return frame(RstStream, NoFlag, stream, number(code, 4));
}
inline std::string ping(std::string_view bytes = "12345678", int flags = NoFlag) {
  return frame(Ping, flags, 0, bytes);
}
/// What every client sends first.
inline std::string opening() {
  return kPreface + settings();
}

inline std::string code_name(std::uint32_t code) {
  static const std::vector<std::string> kNames = {
      "NO_ERROR",           "PROTOCOL_ERROR",   "INTERNAL_ERROR",
      "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
      "FRAME_SIZE_ERROR",   "REFUSED_STREAM",   "CANCEL",
      "COMPRESSION_ERROR",  "CONNECT_ERROR",    "ENHANCE_YOUR_CALM",
      "INADEQUATE_SECURITY"};
  return code < kNames.size() ? kNames[code] : std::to_string(code);
}

struct Frame {
  int type = 0;
  int flags = 0;
  std::uint32_t stream = 0;
  std::string payload;

  std::uint32_t word(std::size_t at) const {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + 4 && i < payload.size(); ++i)
      value = value << 8 | static_cast<unsigned char>(payload[i]);
    return value;
  }
  bool ends() const { return (flags & EndStream) != 0; }
};

inline std::vector<Frame> frames_of(std::string_view bytes) {
  std::vector<Frame> frames;
  const auto byte = [&](std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at]));
  };
  while (bytes.size() >= 9) {
    const std::size_t length = byte(0) << 16 | byte(1) << 8 | byte(2);
    const std::uint32_t stream = (byte(5) & 0x7f) << 24 | byte(6) << 16 | byte(7) << 8 | byte(8);
    frames.push_back(
        {static_cast<int>(byte(3)), static_cast<int>(byte(4)), stream, std::string(bytes.substr(9, length))});
    bytes.remove_prefix(std::min(bytes.size(), 9 + length));
  }
  return frames;
}

/// What a peer is told that matters to it: resets, goodbyes, and where answers begin and end.
inline std::string story_of(std::string_view bytes) {
  std::string story;
  for (const auto& one : frames_of(bytes)) {
    const auto stream = std::to_string(one.stream);
    const std::string end = one.ends() ? " end" : "";
    if (one.type == Headers) story += "headers " + stream + end + "\n";
    if (one.type == Data) story += "data " + stream + " " + std::to_string(one.payload.size()) + end + "\n";
    if (one.type == RstStream) story += "reset " + stream + " " + code_name(one.word(0)) + "\n";
    if (one.type == Goaway)
      story += "goaway " + std::to_string(one.word(0)) + " " + code_name(one.word(4)) + "\n";
    if (one.type == Ping) story += one.ends() ? "pong\n" : "ping\n";
  }
  return story;
}

}  // namespace portvakt::test::h2

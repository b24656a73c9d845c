// The first two bytes choose the role and the cuts, the rest is what a peer sends. Whatever the cuts, the
// events are those of the whole; nothing is told after an error; and every request that was read is read the
// same way again from what we write of it, so that no reader behind us can see two requests, or other ones,
// in its place.
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "proxy/http/http1_codec.h"
#include "tests/support/codec_recorder.h"

namespace {

using portvakt::http::BodyLength;
using portvakt::http::Http1Codec;
using portvakt::http::RequestHead;
using portvakt::http::StreamId;
using Role = Http1Codec::Role;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Answers every request at once when it is whole, so that the next one behind it is read.
class Answering : public portvakt::test::CodecRecorder {
 public:
  void on_request(StreamId stream, RequestHead&& head, BodyLength length) override {
    check(head, length);
    CodecRecorder::on_request(stream, std::move(head), length);
  }
  void on_end(StreamId stream, portvakt::http::HeaderMap&& trailers) override {
    CodecRecorder::on_end(stream, std::move(trailers));
    ended = stream;
  }
  StreamId ended = 0;

 private:
  /// What we would write to an upstream is one request with the same meaning.
  static void check(const RequestHead& head, BodyLength length) {
    require(!head.headers.has("Host") && !head.headers.has("Content-Length") &&
            !head.headers.has("Transfer-Encoding"));
    CodecRecorder nobody;
    Http1Codec writer(Role::Client, nobody, {}, "http");
    const auto stream = writer.send_request(head, length);
    if (length.none) writer.send_end(stream, {});
    if (head.authority.empty()) return;  // HTTP/1.0 without a host: routed by rule, never written so
    CodecRecorder again;
    Http1Codec reader(Role::Server, again,
                      {.max_line = 64 * 1024, .max_header_bytes = 256 * 1024, .max_header_count = 200},
                      "http");
    const auto used = reader.receive(writer.output().view());
    require(used && *used == writer.output().size());
    const auto expected = "request " + head.method + " http://" + head.authority + head.target + ",";
    require(again.log().starts_with(expected));
    require(again.log().find("\nrequest ") == std::string::npos);
  }
};

void answer_if_whole(Http1Codec& codec, Answering& events) {
  if (events.ended == 0) return;
  const StreamId stream = std::exchange(events.ended, 0);
  codec.send_response(stream, {}, {.none = true, .bytes = 0});
  codec.send_end(stream, {});
}

std::string play(Role role, std::string_view text, std::size_t first, std::size_t piece) {
  Answering events;
  Http1Codec codec(role, events, {}, "http");
  RequestHead head;
  head.method = "GET";
  head.authority = "a.test";
  head.target = "/";
  if (role == Role::Client) codec.send_end(codec.send_request(head, {.none = true, .bytes = {}}), {});
  std::string rest;
  for (std::size_t at = 0; at < text.size();) {
    const auto part = text.substr(at, at == 0 ? first : piece);
    at += part.size();
    rest.append(part);
    for (std::size_t before = rest.size() + 1; before != rest.size() && !rest.empty();) {
      before = rest.size();
      const auto used = codec.receive(rest);
      if (!used) return events.log() + "error " + std::to_string(static_cast<int>(used.error().kind));
      rest.erase(0, *used);
      if (role == Role::Server) answer_if_whole(codec, events);
    }
  }
  return events.log() + (codec.receive_end() ? "" : "cut short");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const Role role = (data[0] & 1) != 0 ? Role::Client : Role::Server;
  const std::size_t first = 1 + (data[0] >> 1);
  const std::size_t piece = 1 + data[1];
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  require(play(role, text, first, piece) == play(role, text, text.size() + 1, 1));
  return 0;
}

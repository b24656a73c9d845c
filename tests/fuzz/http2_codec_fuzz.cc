// The first two bytes choose the role and the cuts, the rest is what a peer sends, with or without the
// preface that it owes. Whatever comes: no crash, no event after the connection has failed, what we say is
// whole frames, and on a server's side every request that was told is one request, written as HTTP/1 and read
// again.
#include <cstdlib>
#include <string>
#include <string_view>

#include "proxy/http/http1_codec.h"
#include "proxy/http/http2_codec.h"
#include "tests/support/codec_recorder.h"
#include "tests/support/http2_frames.h"

namespace {

using portvakt::http::BodyLength;
using portvakt::http::HeaderMap;
using portvakt::http::Http1Codec;
using portvakt::http::Http2Codec;
using portvakt::http::RequestHead;
using portvakt::http::StreamId;
namespace h2 = portvakt::test::h2;

void require(bool holds) {
  if (!holds) std::abort();
}

/// What we would write to an upstream is one request with the same meaning.
void check_request(const RequestHead& head, BodyLength length) {
  require(!head.headers.has("Host") && !head.headers.has("Content-Length") &&
          !head.headers.has("Transfer-Encoding") && head.headers.count("Cookie") <= 1);
  portvakt::test::CodecRecorder nobody;
  Http1Codec writer(Http1Codec::Role::Client, nobody, {}, "http");
  const auto stream = writer.send_request(head, length);
  if (length.none) writer.send_end(stream, {});
  portvakt::test::CodecRecorder again;
  Http1Codec reader(Http1Codec::Role::Server, again,
                    {.max_line = 64 * 1024, .max_header_bytes = 256 * 1024, .max_header_count = 200}, "http");
  const auto used = reader.receive(writer.output().view());
  require(used && *used == writer.output().size());
  require(
      again.log().starts_with("request " + head.method + " http://" + head.authority + head.target + ","));
  require(again.log().find("\nrequest ") == std::string::npos);
}

/// Answers every request at once when it is whole, and lets bodies flow.
class Answering : public portvakt::test::CodecRecorder {
 public:
  void on_request(StreamId stream, RequestHead&& head, BodyLength length) override {
    require(!over);
    check_request(head, length);
    CodecRecorder::on_request(stream, std::move(head), length);
  }
  void on_body(StreamId stream, std::string_view bytes) override {
    require(!over);
    CodecRecorder::on_body(stream, bytes);
    codec->consumed(stream, bytes.size());
  }
  void on_end(StreamId stream, HeaderMap&& trailers) override {
    require(!over);
    CodecRecorder::on_end(stream, std::move(trailers));
    codec->send_response(stream, {}, {});
    codec->send_body(stream, "an answer of some length");
    codec->send_end(stream, {});
  }
  Http2Codec* codec = nullptr;
  bool over = false;
};

/// Everything that was said is whole frames. A client's preface is not a frame.
void check_output(Http2Codec& codec, std::string_view said) {
  if (said.starts_with(h2::kPreface)) said.remove_prefix(h2::kPreface.size());
  std::size_t length = 0;
  for (const auto& frame : h2::frames_of(said)) length += 9 + frame.payload.size();
  require(length == said.size());
  require(codec.output().size() <= 2 * portvakt::http::kSendMark);
}

void play(Http2Codec::Role role, std::string_view text, std::size_t piece) {
  Answering events;
  Http2Codec codec(role, events, {}, "http");
  events.codec = &codec;
  RequestHead head;
  head.method = "GET";
  head.authority = "a.test";
  head.target = "/";
  if (role == Http2Codec::Role::Client) codec.send_request(head, {.none = true, .bytes = {}});
  while (!text.empty()) {
    codec.fill();
    check_output(codec, codec.output().view());
    codec.output().clear();
    const auto used = codec.receive(text.substr(0, piece));
    if (!used) events.over = true;
    text.remove_prefix(std::min(piece, text.size()));
  }
  codec.fill();
  check_output(codec, codec.output().view());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const bool client = (data[0] & 1) != 0;
  std::string text(reinterpret_cast<const char*>(data) + 2, size - 2);
  if ((data[0] & 2) == 0) text = (client ? h2::settings() : h2::opening()) + text;
  play(client ? Http2Codec::Role::Client : Http2Codec::Role::Server, text, 1 + std::size_t{data[1]} * 8);
  return 0;
}

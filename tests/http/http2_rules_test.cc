// The rules of RFC 9113, broken one by one with frames that no library would send: what the peer is told, and
// that what stands behind it is (or is not) served.
#include <gtest/gtest.h>

#include "proxy/http/http2_codec.h"
#include "tests/support/codec_recorder.h"
#include "tests/support/http2_frames.h"

namespace portvakt::http {
namespace {

namespace h2 = test::h2;

struct Case {
  const char* name;
  std::string bytes;
  const char* story;  // after the server's settings and window
};

/// What a server's side says to these bytes, cut where `cut` says.
std::string play(const std::string& bytes, std::size_t cut) {
  test::CodecRecorder recorder;
  Http2Codec codec(Http2Codec::Role::Server, recorder, {}, "http");
  std::string said;
  const std::string_view view = bytes;
  for (const auto part : {view.substr(0, cut), view.substr(std::min(cut, view.size()))}) {
    const bool well = codec.receive(part).has_value();
    said += codec.output().view();
    codec.output().clear();
    if (!well) break;
  }
  return h2::story_of(said) + (recorder.log().find("/after") != std::string::npos ? "served\n" : "");
}

void expect_all(const std::vector<Case>& cases, const std::string& opening) {
  for (const auto& one : cases) {
    const auto bytes = opening + one.bytes + h2::get(99, "/after");
    EXPECT_EQ(play(bytes, bytes.size()), one.story) << one.name;
    const auto whole = play(bytes, bytes.size());
    for (std::size_t cut = opening.size(); cut < bytes.size(); cut += bytes.size() > 2000 ? 997 : 1) {
      EXPECT_EQ(play(bytes, cut), whole) << one.name << " cut at " << cut;
    }
  }
}

std::string post(std::uint32_t stream, h2::Fields more = {}) {
  return h2::headers(stream, h2::request("/", "POST", std::move(more)), h2::NoFlag);
}
std::string bad(const h2::Fields& more) {
  return h2::headers(1, h2::request("/", "GET", more));
}
std::string without(std::size_t pseudo) {
  auto fields = h2::request();
  fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(pseudo));
  return h2::headers(1, fields);
}

TEST(Http2Rules, OfTheConnectionEndItWithTheRightCode) {
  const std::string half = h2::block(h2::request()).substr(0, 5);
  expect_all(
      {
          {"5.1 DATA on an idle stream", h2::data(1, "x"), "goaway 0 PROTOCOL_ERROR\n"},
          {"5.1 RST_STREAM on an idle stream", h2::rst(1, 8), "goaway 0 PROTOCOL_ERROR\n"},
          {"5.1 WINDOW_UPDATE on an idle stream", h2::window_update(1, 1), "goaway 0 PROTOCOL_ERROR\n"},
          {"5.1 CONTINUATION on an idle stream", h2::frame(h2::Continuation, h2::EndHeaders, 1, "x"),
           "goaway 0 PROTOCOL_ERROR\n"},
          {"5.1 DATA after the stream's end", h2::get(1) + h2::data(1, "x"), "goaway 1 STREAM_CLOSED\n"},
          {"5.1 HEADERS after the stream's end", h2::get(1) + h2::get(1), "goaway 1 STREAM_CLOSED\n"},
          {"5.1.1 a stream with an even number", h2::get(2), "goaway 0 PROTOCOL_ERROR\n"},
          {"6.1 DATA on stream 0", h2::data(0, "x"), "goaway 0 PROTOCOL_ERROR\n"},
          {"6.1 padding longer than the frame",
           post(1) + h2::frame(h2::Data, h2::Padded, 1,
                               "\x05"
                               "abc"),
           "goaway 1 PROTOCOL_ERROR\n"},
          {"6.2 HEADERS on stream 0", h2::get(0), "goaway 0 PROTOCOL_ERROR\n"},
          {"6.2 padding longer than the block",
           h2::frame(h2::Headers, h2::Padded | h2::EndHeaders, 1,
                     "\x09"
                     "abc"),
           "goaway 0 PROTOCOL_ERROR\n"},
          {"6.3 PRIORITY on stream 0", h2::frame(h2::Priority, h2::NoFlag, 0, "12345"),
           "goaway 0 PROTOCOL_ERROR\n"},
          {"6.3 PRIORITY of four bytes", h2::frame(h2::Priority, h2::NoFlag, 1, "1234"),
           "goaway 0 FRAME_SIZE_ERROR\n"},
          {"6.4 RST_STREAM on stream 0", h2::rst(0, 8), "goaway 0 PROTOCOL_ERROR\n"},
          {"6.4 RST_STREAM of three bytes", h2::get(1) + h2::frame(h2::RstStream, h2::NoFlag, 1, "123"),
           "goaway 1 FRAME_SIZE_ERROR\n"},
          {"6.5 SETTINGS on a stream", h2::frame(h2::Settings, h2::NoFlag, 1), "goaway 0 PROTOCOL_ERROR\n"},
          {"6.5 SETTINGS of five bytes", h2::frame(h2::Settings, h2::NoFlag, 0, "12345"),
           "goaway 0 FRAME_SIZE_ERROR\n"},
          {"6.5 an acknowledgement with a payload", h2::frame(h2::Settings, h2::Ack, 0, "123456"),
           "goaway 0 FRAME_SIZE_ERROR\n"},
          {"6.5.2 ENABLE_PUSH of 2", h2::settings({{2, 2}}), "goaway 0 PROTOCOL_ERROR\n"},
          {"6.5.2 a window over 2^31-1", h2::settings({{4, 0x80000000U}}), "goaway 0 FLOW_CONTROL_ERROR\n"},
          {"6.5.2 a frame size of 16383", h2::settings({{5, 16383}}), "goaway 0 PROTOCOL_ERROR\n"},
          {"6.5.2 a frame size of 2^24", h2::settings({{5, 1U << 24}}), "goaway 0 PROTOCOL_ERROR\n"},
          {"6.6 PUSH_PROMISE from a client", h2::frame(h2::PushPromise, h2::EndHeaders, 1, h2::number(2, 4)),
           "goaway 0 PROTOCOL_ERROR\n"},
          {"6.7 PING on a stream", h2::frame(h2::Ping, h2::NoFlag, 1, "12345678"),
           "goaway 0 PROTOCOL_ERROR\n"},
          {"6.7 PING of seven bytes", h2::frame(h2::Ping, h2::NoFlag, 0, "1234567"),
           "goaway 0 FRAME_SIZE_ERROR\n"},
          {"6.8 GOAWAY on a stream", h2::frame(h2::Goaway, h2::NoFlag, 1, std::string(8, '\0')),
           "goaway 0 PROTOCOL_ERROR\n"},
          {"6.9 an increment of 0", h2::window_update(0, 0), "goaway 0 PROTOCOL_ERROR\n"},
          {"6.9 WINDOW_UPDATE of three bytes", h2::frame(h2::WindowUpdate, h2::NoFlag, 0, "123"),
           "goaway 0 FRAME_SIZE_ERROR\n"},
          {"6.9.1 a connection's window over 2^31-1", h2::window_update(0, 0x7fffffff),
           "goaway 0 FLOW_CONTROL_ERROR\n"},
          {"6.10 CONTINUATION after the block's end",
           h2::get(1) + h2::frame(h2::Continuation, h2::EndHeaders, 1, "x"), "goaway 1 PROTOCOL_ERROR\n"},
          {"6.10 another frame inside a block", h2::frame(h2::Headers, h2::EndStream, 1, half) + h2::ping(),
           "goaway 1 PROTOCOL_ERROR\n"},
          {"6.10 CONTINUATION of another stream",
           h2::frame(h2::Headers, h2::EndStream, 1, half) +
               h2::frame(h2::Continuation, h2::EndHeaders, 3, "x"),
           "goaway 1 PROTOCOL_ERROR\n"},
          {"4.2 a frame over 16384 bytes",
           h2::get(1) + h2::frame(h2::Data, h2::NoFlag, 1, std::string(16385, 'x')),
           "goaway 1 FRAME_SIZE_ERROR\n"},
          {"4.3 a block that is no HPACK",
           h2::frame(h2::Headers, h2::EndHeaders | h2::EndStream, 1, "\xff\xff\xff\xff\xff"),
           "goaway 1 COMPRESSION_ERROR\n"},
          {"4.3 an index that does not exist",
           h2::frame(h2::Headers, h2::EndHeaders | h2::EndStream, 1, "\xfe"), "goaway 1 COMPRESSION_ERROR\n"},
      },
      h2::opening());
}

TEST(Http2Rules, APrefaceMustComeFirst) {
  EXPECT_EQ(play("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", 99), "goaway 0 PROTOCOL_ERROR\n");
  EXPECT_EQ(play(h2::kPreface + h2::get(1, "/after"), 999), "goaway 0 PROTOCOL_ERROR\n");
}

TEST(Http2Rules, OfAStreamEndThatStreamOnly) {
  expect_all(
      {
          {"8.2.1 an upper-case name", bad({{"X-Upper", "y"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.2.1 a space in a name", bad({{"a b", "y"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.2.1 a colon in a name", bad({{"a:b", "y"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.2.1 an empty name", bad({{"", "y"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.2.1 NUL in a value", bad({{"x", std::string("a\0b", 3)}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.2.1 a line's end in a value", bad({{"x", "a\r\nb"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.2.1 a value with a space before it", bad({{"x", " a"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.2.2 Connection", bad({{"connection", "x"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.2.2 Keep-Alive", bad({{"keep-alive", "1"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.2.2 Proxy-Connection", bad({{"proxy-connection", "x"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.2.2 Transfer-Encoding", bad({{"transfer-encoding", "chunked"}}),
           "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.2.2 Upgrade", bad({{"upgrade", "h2c"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.2.2 TE other than trailers", bad({{"te", "gzip"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.3 a pseudo-field after a field", bad({{"x", "y"}, {":path", "/"}}),
           "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.3 an unknown pseudo-field", bad({{":what", "y"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.3 a response's pseudo-field", bad({{":status", "200"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.3.1 no :method", without(0), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.3.1 no :scheme", without(1), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.3.1 no :authority and no Host", without(2), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.3.1 no :path", without(3), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.3.1 an empty :path", h2::headers(1, h2::request("")), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.3.1 a :path without a slash", h2::headers(1, h2::request("a")),
           "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.3.1 :path twice", bad({{":path", "/b"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.3.1 :method twice", bad({{":method", "PUT"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.1 a pseudo-field in trailers", post(1) + h2::headers(1, {{":path", "/"}}),
           "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.1 trailers that do not end the stream", post(1) + h2::headers(1, {{"x", "y"}}, h2::NoFlag),
           "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.1.1 a body shorter than its length",
           post(1, {{"content-length", "5"}}) + h2::data(1, "abc", h2::EndStream),
           "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.1.1 a body longer than its length", post(1, {{"content-length", "2"}}) + h2::data(1, "abc"),
           "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.1.1 a length and no body", bad({{"content-length", "5"}}), "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.1.1 a length that is no number", post(1, {{"content-length", "5x"}}),
           "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"8.1.1 two lengths", post(1, {{"content-length", "5"}, {"content-length", "5"}}),
           "reset 1 PROTOCOL_ERROR\nserved\n"},
          {"6.9.1 a stream's window over 2^31-1", h2::get(1) + h2::window_update(1, 0x7fffffff),
           "reset 1 FLOW_CONTROL_ERROR\nserved\n"},
      },
      h2::opening());
}

TEST(Http2Rules, WhatMayBeThereIsPassedOver) {
  expect_all(
      {
          {"5.5 an unknown frame", h2::frame(0x55, 0xff, 0, "whatever"), "served\n"},
          {"5.5 an unknown frame on a stream", h2::get(1) + h2::frame(0x55, 0, 1, "x"), "served\n"},
          {"6.5.2 an unknown setting", h2::settings({{0x99, 7}}), "served\n"},
          {"6.7 PING is answered", h2::ping(), "pong\nserved\n"},
          {"6.3 PRIORITY", h2::frame(h2::Priority, h2::NoFlag, 1, std::string(5, '\0')), "served\n"},
          {"5.1 WINDOW_UPDATE after the request's end", h2::get(1) + h2::window_update(1, 1), "served\n"},
          {"6.1 padded DATA",
           post(1) + h2::frame(h2::Data, h2::Padded | h2::EndStream, 1,
                               std::string("\x02"
                                           "ab\0\0",
                                           5)),
           "served\n"},
          {"6.2 HEADERS with a priority",
           h2::frame(h2::Headers, h2::WithPriority | h2::EndHeaders | h2::EndStream, 1,
                     std::string(5, '\0') + h2::block(h2::request())),
           "served\n"},
          {"8.2.2 TE: trailers", bad({{"te", "trailers"}}), "served\n"},
      },
      h2::opening());
}

struct Refused {
  const char* name;
  h2::Fields fields;
  const char* log;
};

TEST(Http2Rules, WhatCannotBeServedIsRefusedOnItsStream) {
  h2::Fields other_host = h2::request("/", "GET", {{"host", "b.test"}});
  h2::Fields ftp = h2::request();
  ftp[1].second = "ftp";
  h2::Fields user = h2::request();
  user[2].second = "u@a.test";
  h2::Fields port = h2::request();
  port[2].second = "a.test:99999";
  h2::Fields many = h2::request();
  for (int i = 0; i < 101; ++i) many.emplace_back("cookie", "a=b");
  const std::vector<Refused> cases = {
      {"Host that differs", other_host, "refused Host differs from :authority\n"},
      {"a scheme that is not ours", ftp, "refused bad :scheme\n"},
      {"user information", user, "refused bad :authority\n"},
      {"a bad port", port, "refused bad :authority\n"},
      {"a fragment", h2::request("/a#b"), "refused bad character in :path\n"},
      {"CONNECT",
       {{":method", "CONNECT"}, {":authority", "a.test:443"}},
       "refused a method that is not served here\n"},
      {"TRACE", h2::request("/", "TRACE"), "refused a method that is not served here\n"},
      {"crumbs without end", many, "refused too many header fields\n"},
      {"a long path", h2::request("/" + std::string(9000, 'a')), "refused :path too long\n"},
  };
  for (const auto& one : cases) {
    test::CodecRecorder recorder;
    Http2Codec codec(Http2Codec::Role::Server, recorder, {}, "http");
    EXPECT_TRUE(codec.receive(h2::opening() + h2::headers(1, one.fields) + h2::get(3, "/after"))) << one.name;
    EXPECT_EQ(recorder.log(), one.log + std::string("request GET http://a.test/after, no body\nend\n"))
        << one.name;
  }
}

}  // namespace
}  // namespace portvakt::http

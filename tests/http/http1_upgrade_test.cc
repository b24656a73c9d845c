#include <gtest/gtest.h>

#include "proxy/http/http1_codec.h"
#include "tests/support/chunked_feed.h"
#include "tests/support/codec_recorder.h"

namespace portvakt::http {
namespace {

using test::CodecRecorder;
using Role = Http1Codec::Role;

constexpr std::string_view kAsked =
    "GET /s HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: WebSocket\r\n\r\n";
constexpr std::string_view kAgreed =
    "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";

/// A client's bytes; the request is answered with `status` once it is known and all bytes so far were
/// offered.
std::string serve(const std::vector<std::string_view>& parts, int status) {
  CodecRecorder recorder;
  Http1Codec codec(Role::Server, recorder, {}, "http");
  std::string rest;
  for (const auto part : parts) {
    if (!test::feed(codec, recorder, rest, part)) return recorder.log();
    if (!codec.received_whole() || codec.tunnel()) continue;
    ResponseHead answer;
    answer.status = status;
    const bool opens = status == 101;
    codec.send_response(1, answer, {.none = !opens, .bytes = {}});
    if (!opens) codec.send_end(1, {});
    if (!test::feed(codec, recorder, rest, "")) return recorder.log();
  }
  if (!codec.receive_end()) recorder.line("error at the end");
  return recorder.log();
}

TEST(Http1Upgrade, WhatFollowsAnAgreedHandshakeIsTheTunnels) {
  const std::string text = std::string(kAsked) + std::string("\x81\0GET / HTTP/1.1\r\n\r\n", 20);
  const auto play = [](const std::vector<std::string_view>& parts) { return serve(parts, 101); };
  EXPECT_EQ(
      play({text}),
      "request GET http://a/s, body of unknown length\n  Connection: upgrade\n  Upgrade: WebSocket\nbody " +
          std::string("\x81\0GET / HTTP/1.1\r\n\r\n", 20) + "\nend\n");
  for (const auto& difference : test::differing_outcomes(text, play)) ADD_FAILURE() << difference;
}

TEST(Http1Upgrade, WhatFollowsARefusedHandshakeIsTheNextRequest) {
  const std::string text = std::string(kAsked) + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(serve({text}, 200),
            "request GET http://a/s, body of unknown length\n  Connection: upgrade\n  Upgrade: WebSocket\n"
            "request GET http://a/2, no body\nend\n");
}

std::string ask(const std::vector<std::string_view>& parts, std::string protocol) {
  CodecRecorder recorder;
  Http1Codec codec(Role::Client, recorder, {}, "http");
  RequestHead head;
  head.method = "GET";
  head.authority = "a";
  head.target = "/s";
  head.protocol = std::move(protocol);
  codec.send_request(head, {});
  std::string rest;
  for (const auto part : parts) {
    if (!test::feed(codec, recorder, rest, part)) return recorder.log();
  }
  if (!codec.receive_end()) recorder.line("error at the end");
  return recorder.log();
}

TEST(Http1Upgrade, ReadsAnAgreementAndThenBytes) {
  const std::string text = std::string(kAgreed) + "HTTP/1.1 200 OK\r\n\r\n";
  const auto play = [](const std::vector<std::string_view>& parts) { return ask(parts, "websocket"); };
  EXPECT_EQ(play({text}),
            "response 101, body of unknown length\n  Connection: upgrade\n  Upgrade: websocket\n"
            "body HTTP/1.1 200 OK\r\n\r\n\nend\n");
  for (const auto& difference : test::differing_outcomes(text, play)) ADD_FAILURE() << difference;
}

TEST(Http1Upgrade, RefusesAnAgreementThatNobodyAskedFor) {
  EXPECT_EQ(ask({kAgreed}, ""), "error an upgrade that nobody asked for\n");
}

TEST(Http1Upgrade, ATunnelIsOverWhenBothSidesHaveEnded) {
  CodecRecorder recorder;
  Http1Codec codec(Role::Server, recorder, {}, "http");
  ASSERT_TRUE(codec.receive(kAsked));
  ResponseHead answer;
  answer.status = 101;
  codec.send_response(1, answer, {});
  EXPECT_EQ(codec.output().view(),
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  EXPECT_FALSE(codec.sending_over());
  codec.send_end(1, {});
  EXPECT_TRUE(codec.sending_over());
  EXPECT_FALSE(codec.finished());
  ASSERT_TRUE(codec.receive("more"));
  ASSERT_TRUE(codec.receive_end());
  EXPECT_TRUE(codec.finished());
  EXPECT_TRUE(recorder.log().ends_with("body more\nend\n"));
}

}  // namespace
}  // namespace portvakt::http

#include "proxy/http/http2_codec.h"

#include <gtest/gtest.h>

#include "tests/support/chunked_feed.h"
#include "tests/support/codec_recorder.h"
#include "tests/support/http2_frames.h"

namespace portvakt::http {
namespace {

namespace h2 = test::h2;
using test::CodecRecorder;
using Role = Http2Codec::Role;

/// A server's side with what it was told, and what it said since the last look.
struct Server {
  explicit Server(const Http2Limits& limits = {})
      : codec(Role::Server, recorder, limits, "http"), opening(take()) {}

  bool feed(std::string_view bytes) { return codec.receive(bytes).has_value(); }
  std::string take() {
    std::string all;
    for (codec.fill(); !codec.output().empty(); codec.fill()) {
      all += codec.output().view();
      codec.output().clear();
    }
    return all;
  }
  std::string story() { return h2::story_of(take()); }
  /// Answers with a body; gives back how much of it was taken.
  std::size_t answer(StreamId stream, std::string_view body) {
    codec.send_response(stream, {}, {.none = false, .bytes = body.size()});
    const auto taken = codec.send_body(stream, body);
    if (taken == body.size()) codec.send_end(stream, {});
    return taken;
  }

  CodecRecorder recorder;
  Http2Codec codec;
  std::string opening;  // its settings
};

std::string play_requests(const std::vector<std::string_view>& parts) {
  Server server;
  for (const auto part : parts) {
    if (!server.feed(part)) server.recorder.line("failed");
  }
  return server.recorder.log();
}

TEST(Http2Codec, ReadsARequestWithoutBody) {
  EXPECT_EQ(
      play_requests({h2::opening() + h2::headers(1, h2::request("/a?b=c", "GET", {{"accept", "*/*"}}))}),
      "request GET http://a.test/a?b=c, no body\n  accept: */*\nend\n");
}

TEST(Http2Codec, ReadsABodyWithTrailersHoweverItIsCut) {
  const std::string text = h2::opening() +
                           h2::headers(1, h2::request("/f", "POST", {{"content-length", "5"}}), h2::NoFlag) +
                           h2::data(1, "hel") + h2::ping() + h2::data(1, "lo") +
                           h2::headers(1, {{"x-sum", "7"}, {"content-type", "text/x"}}) + h2::get(3, "/n");
  EXPECT_EQ(play_requests({text}),
            "request POST http://a.test/f, body of 5\nbody hello\nend\n  x-sum: 7\n"
            "request GET http://a.test/n, no body\nend\n");
  for (const auto& difference : test::differing_outcomes(text, play_requests)) ADD_FAILURE() << difference;
}

TEST(Http2Codec, JoinsCookieCrumbs) {
  EXPECT_EQ(play_requests({h2::opening() +
                           h2::headers(1, h2::request("/", "GET",
                                                      {{"cookie", "a=1"}, {"x", "y"}, {"cookie", "b=2"}}))}),
            "request GET http://a.test/, no body\n  x: y\n  cookie: a=1; b=2\nend\n");
}

TEST(Http2Codec, TakesHostForAnAbsentAuthority) {
  const h2::Fields fields = {{":method", "GET"}, {":scheme", "http"}, {":path", "/"}, {"host", "b.test"}};
  EXPECT_EQ(play_requests({h2::opening() + h2::headers(1, fields)}),
            "request GET http://b.test/, no body\nend\n");
}

TEST(Http2Codec, AnswersManyStreamsFromOneBuffer) {
  Server server;
  ASSERT_TRUE(server.feed(h2::opening() + h2::get(1) + h2::get(3)));
  server.take();
  server.answer(1, "one");
  server.answer(3, "three");
  EXPECT_EQ(server.story(), "headers 1\nheaders 3\ndata 1 3 end\ndata 3 5 end\n");
}

TEST(Http2Codec, SendsTrailersAndInformationalHeads) {
  Server server;
  ASSERT_TRUE(server.feed(h2::opening() + h2::get(1)));
  server.take();
  ResponseHead early;
  early.status = 103;
  server.codec.send_response(1, early, {});
  server.codec.send_response(1, {}, {});
  server.codec.send_body(1, "x");
  HeaderMap trailers;
  trailers.add("X-Sum", "1");
  server.codec.send_end(1, trailers);
  EXPECT_EQ(server.story(), "headers 1\nheaders 1\ndata 1 1\nheaders 1 end\n");
}

TEST(Http2Codec, TakesNoMoreBodyThanThePeersWindow) {
  Server server;
  ASSERT_TRUE(server.feed(h2::kPreface + h2::settings({{4, 100}}) + h2::get(1)));
  server.take();
  EXPECT_EQ(server.answer(1, std::string(1000, 'x')), 100U);
  EXPECT_EQ(server.story(), "headers 1\ndata 1 100\n");
  std::vector<StreamId> roomy;
  server.codec.take_roomy(roomy);
  EXPECT_TRUE(roomy.empty());
  EXPECT_EQ(server.codec.send_body(1, "more"), 0U);
  ASSERT_TRUE(server.feed(h2::window_update(1, 50)));
  server.codec.take_roomy(roomy);
  EXPECT_EQ(roomy, std::vector<StreamId>{1});
  EXPECT_EQ(server.codec.send_body(1, std::string(900, 'x')), 50U);
  EXPECT_EQ(server.story(), "data 1 50\n");
}

TEST(Http2Codec, AStreamThatIsNotReadLeavesTheOthersTheirTurn) {
  Server server;
  ASSERT_TRUE(server.feed(h2::kPreface + h2::settings({{4, 10}}) + h2::get(1) + h2::get(3)));
  server.take();
  server.answer(1, std::string(1000, 'x'));
  ASSERT_TRUE(server.feed(h2::window_update(3, 1000)));
  server.answer(3, std::string(500, 'y'));
  EXPECT_EQ(server.story(), "headers 1\ndata 1 10\nheaders 3\ndata 3 500 end\n");
}

TEST(Http2Codec, OpensWindowsOnlyForWhatWasConsumed) {
  Server server;
  ASSERT_TRUE(server.feed(h2::opening() + h2::headers(1, h2::request("/", "POST"), h2::NoFlag)));
  server.take();
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(server.feed(h2::data(1, std::string(16000, 'x'))));
  EXPECT_TRUE(h2::frames_of(server.take()).empty());
  server.codec.consumed(1, 64000);
  const auto frames = h2::frames_of(server.take());
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].type, h2::WindowUpdate);
  EXPECT_EQ(frames[0].stream, 1U);
  EXPECT_EQ(frames[0].word(0), 64000U);
}

TEST(Http2Codec, GivesTheConnectionBackWhatAClosedStreamHadNotConsumed) {
  Server server;
  ASSERT_TRUE(server.feed(h2::opening()));
  server.take();
  std::uint32_t given = 0;
  for (std::uint32_t i = 0; i < 40; ++i) {
    const auto stream = 2 * i + 1;
    ASSERT_TRUE(server.feed(h2::headers(stream, h2::request("/", "POST"), h2::NoFlag) +
                            h2::data(stream, std::string(16000, 'x')) + h2::rst(stream, 8)));
    for (const auto& frame : h2::frames_of(server.take()))
      if (frame.type == h2::WindowUpdate && frame.stream == 0) given += frame.word(0);
  }
  EXPECT_GE(given, 40 * 16000 - 256 * 1024U);
}

TEST(Http2Codec, AnEarlyAnswerEndsTheUpload) {
  Server server;
  ASSERT_TRUE(server.feed(h2::opening() + h2::headers(1, h2::request("/", "POST"), h2::NoFlag)));
  server.take();
  server.answer(1, "no");
  EXPECT_EQ(server.story(), "headers 1\ndata 1 2 end\nreset 1 NO_ERROR\n");
  EXPECT_TRUE(server.feed(h2::data(1, "still under way") + h2::get(3)));
  EXPECT_EQ(
      server.recorder.log(),
      "request POST http://a.test/, body of unknown length\nrequest GET http://a.test/, no body\nend\n");
}

TEST(Http2Codec, TellsOfAResetAlsoAfterTheRequestWasWhole) {
  Server server;
  ASSERT_TRUE(server.feed(h2::opening() + h2::get(1) + h2::rst(1, 8)));
  EXPECT_EQ(server.recorder.log(), "request GET http://a.test/, no body\nend\nreset the stream was reset\n");
}

TEST(Http2Codec, SaysGoodbyeInTwoSteps) {
  Server server;
  ASSERT_TRUE(server.feed(h2::opening() + h2::get(1)));
  server.take();
  server.codec.start_shutdown();
  EXPECT_EQ(server.story(), "goaway 2147483647 NO_ERROR\nping\n");
  EXPECT_TRUE(server.feed(h2::get(3) + h2::ping(std::string(8, '\0'), h2::Ack)));
  EXPECT_EQ(server.story(), "goaway 3 NO_ERROR\n");
  EXPECT_TRUE(server.feed(h2::get(5)));
  EXPECT_FALSE(server.codec.finished());
  server.answer(1, "a");
  server.answer(3, "b");
  server.take();
  EXPECT_TRUE(server.codec.finished());
  EXPECT_FALSE(server.codec.failed());
  EXPECT_EQ(server.recorder.log().find("/5"), std::string::npos);
}

TEST(Http2Codec, ServesTheUrgentStreamFirst) {
  Server server;
  ASSERT_TRUE(server.feed(h2::opening() + h2::headers(1, h2::request("/", "GET", {{"priority", "u=7"}})) +
                          h2::headers(3, h2::request("/", "GET", {{"priority", "u=1"}}))));
  server.take();
  server.answer(1, std::string(5000, 'l'));
  server.answer(3, std::string(5000, 'u'));
  EXPECT_EQ(server.story(), "headers 1\nheaders 3\ndata 3 5000 end\ndata 1 5000 end\n");
}

TEST(Http2Codec, HearsOfACutConnection) {
  Server server;
  ASSERT_TRUE(server.feed(h2::opening()));
  EXPECT_TRUE(server.codec.receive_end());
  ASSERT_TRUE(server.feed(h2::get(1)));
  EXPECT_FALSE(server.codec.receive_end());
}

TEST(Http2Codec, BothRolesUnderstandEachOther) {
  Server server;
  CodecRecorder client_told;
  Http2Codec client(Role::Client, client_told, {}, "http");
  const auto pass = [](Http2Codec& from, Http2Codec& to) {
    for (from.fill(); !from.output().empty(); from.fill()) {
      ASSERT_TRUE(to.receive(std::string(from.output().view())));
      from.output().clear();
    }
  };
  RequestHead head;
  head.method = "POST";
  head.authority = "a.test";
  head.target = "/up";
  head.headers.add("X-One", "1");
  ASSERT_TRUE(client.receive(server.opening));
  const auto stream = client.send_request(head, {.none = false, .bytes = 3});
  client.send_body(stream, "abc");
  client.send_end(stream, {});
  pass(client, server.codec);
  pass(server.codec, client);
  EXPECT_EQ(server.recorder.log(), "request POST http://a.test/up, body of 3\n  x-one: 1\nbody abc\nend\n");
  ResponseHead early;
  early.status = 103;
  server.codec.send_response(stream, early, {});
  server.answer(stream, "done");
  pass(server.codec, client);
  EXPECT_EQ(client_told.log(), "response 103, no body\nresponse 200, body of 4\nbody done\nend\n");
}

TEST(Http2Codec, NeverWritesAFieldThatBreaksTheRules) {
  Server server;
  CodecRecorder client_told;
  Http2Codec client(Role::Client, client_told, {}, "http");
  RequestHead head;
  head.method = "GET";
  head.authority = "a.test";
  head.target = "/";
  const auto stream = client.send_request(head, {.none = true, .bytes = {}});
  ASSERT_TRUE(client.receive(server.opening));
  client.fill();
  ASSERT_TRUE(server.feed(client.output().view()));
  ResponseHead answer;
  answer.headers.add("X", "a\r\nb");
  answer.headers.add("Y:", "b");
  answer.headers.add("Connection", "X");
  answer.headers.add("Transfer-Encoding", "chunked");
  answer.headers.add("Kept", "1");
  server.codec.send_response(stream, answer, {.none = true, .bytes = 0});
  ASSERT_TRUE(client.receive(server.take()));
  EXPECT_EQ(client_told.log(), "response 200, no body of 0\n  kept: 1\nend\n");
}

}  // namespace
}  // namespace portvakt::http

#include "proxy/http/http1_codec.h"

#include <gtest/gtest.h>

#include "tests/support/chunked_feed.h"
#include "tests/support/codec_recorder.h"

namespace portvakt::http {
namespace {

using test::CodecRecorder;
using Role = Http1Codec::Role;

std::string play_requests(const std::vector<std::string_view>& parts) {
  CodecRecorder recorder;
  Http1Codec codec(Role::Server, recorder, {}, "http");
  std::string rest;
  for (const auto part : parts) {
    if (!test::feed(codec, recorder, rest, part)) break;
  }
  return recorder.log();
}

std::string play_response(const std::vector<std::string_view>& parts, std::string_view method = "GET") {
  CodecRecorder recorder;
  Http1Codec codec(Role::Client, recorder, {}, "http");
  RequestHead head;
  head.method = method;
  head.authority = "example.test";
  head.target = "/";
  const auto stream = codec.send_request(head, {.none = true, .bytes = {}});
  codec.send_end(stream, {});
  std::string rest;
  for (const auto part : parts) {
    if (!test::feed(codec, recorder, rest, part)) return recorder.log();
  }
  if (const auto ended = codec.receive_end(); !ended) recorder.line("error " + ended.error().detail);
  return recorder.log();
}

void expect_uncut(std::string_view text,
                  const std::function<std::string(const std::vector<std::string_view>&)>& play) {
  for (const auto& difference : test::differing_outcomes(text, play)) ADD_FAILURE() << difference;
}

TEST(Http1Codec, ReadsARequestWithoutBody) {
  EXPECT_EQ(play_requests({"GET /a?b=c HTTP/1.1\r\nHost: example.test\r\nAccept: text/html\r\n\r\n"}),
            "request GET http://example.test/a?b=c, no body\n  Accept: text/html\nend\n");
}

TEST(Http1Codec, ReadsACountedBody) {
  constexpr std::string_view kText = "POST /f HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello";
  EXPECT_EQ(play_requests({kText}), "request POST http://a.test/f, body of 5\nbody hello\nend\n");
  expect_uncut(kText, play_requests);
}

TEST(Http1Codec, ReadsAChunkedBodyWithExtensionsAndTrailers) {
  constexpr std::string_view kText =
      "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;name=value\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 7\r\nContent-Length: 9\r\n\r\n";
  EXPECT_EQ(play_requests({kText}),
            "request POST http://a.test/, body of unknown length\nbody hello!\nend\n  X-Sum: 7\n");
  expect_uncut(kText, play_requests);
}

TEST(Http1Codec, TakesTheAuthorityOfAnAbsoluteTarget) {
  EXPECT_EQ(play_requests({"GET http://a.test?x HTTP/1.1\r\nHost: a.test\r\n\r\n"}),
            "request GET http://a.test/?x, no body\nend\n");
}

TEST(Http1Codec, PercentEncodesBytesAbove7FInTheTarget) {
  EXPECT_EQ(play_requests({"GET /\xc3\xa5 HTTP/1.1\r\nHost: a.test\r\n\r\n"}),
            "request GET http://a.test/%c3%a5, no body\nend\n");
}

TEST(Http1Codec, LeavesAPipelinedRequestUntilTheAnswerIsSent) {
  CodecRecorder recorder;
  Http1Codec codec(Role::Server, recorder, {}, "http");
  const std::string two = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
  const auto used = codec.receive(two);
  ASSERT_TRUE(used);
  EXPECT_EQ(*used, two.size() / 2);
  ResponseHead answer;
  codec.send_response(1, answer, {.none = false, .bytes = 2});
  EXPECT_EQ(codec.send_body(1, "ok"), 2U);
  codec.send_end(1, {});
  EXPECT_EQ(codec.receive(two.substr(*used)).value(), two.size() / 2);
  EXPECT_EQ(recorder.log(), "request GET http://a/1, no body\nend\nrequest GET http://a/2, no body\nend\n");
  EXPECT_EQ(codec.output().view(), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

struct Hostile {
  const char* name;
  std::string bytes;
};

std::vector<Hostile> hostile_requests() {
  const std::string host = "Host: a\r\n";
  const std::string post = "POST / HTTP/1.1\r\n" + host;
  return {
      {"Content-Length and Transfer-Encoding",
       post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"Transfer-Encoding and Content-Length",
       post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"},
      {"two lengths that differ", post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd"},
      {"two equal lengths", post + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd"},
      {"a list of lengths", post + "Content-Length: 4, 4\r\n\r\nabcd"},
      {"a signed length", post + "Content-Length: +4\r\n\r\nabcd"},
      {"a negative length", post + "Content-Length: -4\r\n\r\nabcd"},
      {"a length with a blank", post + "Content-Length: 4 4\r\n\r\nabcd"},
      {"an empty length", post + "Content-Length: \r\n\r\n"},
      {"a length too large", post + "Content-Length: 99999999999999999999\r\n\r\n"},
      {"a hexadecimal length", post + "Content-Length: 0x4\r\n\r\nabcd"},
      {"chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"chunked, chunked", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"},
      {"chunked, identity", post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"},
      {"identity, chunked", post + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n"},
      {"xchunked", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
      {"gzip, chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
      {"quoted chunked", post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"},
      {"vertical tab before chunked", post + "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n"},
      {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"space before the colon", post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"},
      {"space before an ordinary colon", "GET / HTTP/1.1\r\n" + host + "X : y\r\n\r\n"},
      {"a folded line", "GET / HTTP/1.1\r\n" + host + "X: y\r\n z\r\n\r\n"},
      {"a folded first line", "GET / HTTP/1.1\r\n X: y\r\n" + host + "\r\n"},
      {"an empty field name", "GET / HTTP/1.1\r\n" + host + ": y\r\n\r\n"},
      {"no colon", "GET / HTTP/1.1\r\n" + host + "Xy\r\n\r\n"},
      {"NUL in a value", std::string("GET / HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n", 36)},
      {"CR in a value", "GET / HTTP/1.1\r\n" + host + "X: y\rTransfer-Encoding: chunked\r\n\r\n"},
      {"high byte in a name", "GET / HTTP/1.1\r\n" + host + "X\xff: y\r\n\r\n"},
      {"bare line feeds", "GET / HTTP/1.1\nHost: a\n\n"},
      {"one bare line feed", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"},
      {"no Host", "GET / HTTP/1.1\r\n\r\n"},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
      {"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
      {"a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
      {"a Host with user information", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
      {"a Host with a bad port", "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n"},
      {"a target that differs from Host", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a fragment in the target", "GET /#x HTTP/1.1\r\n" + host + "\r\n"},
      {"a control character in the target", "GET /\x01 HTTP/1.1\r\n" + host + "\r\n"},
      {"a space in the target", "GET /a b HTTP/1.1\r\n" + host + "\r\n"},
      {"two spaces in the first line", "GET  / HTTP/1.1\r\n" + host + "\r\n"},
      {"a tab in the first line", "GET\t/ HTTP/1.1\r\n" + host + "\r\n"},
      {"no version", "GET /\r\n" + host + "\r\n"},
      {"HTTP/1.10", "GET / HTTP/1.10\r\n" + host + "\r\n"},
      {"HTTP/2.0", "GET / HTTP/2.0\r\n" + host + "\r\n"},
      {"HTTP/1.2", "GET / HTTP/1.2\r\n" + host + "\r\n"},
      {"lower-case http", "GET / http/1.1\r\n" + host + "\r\n"},
      {"CONNECT", "CONNECT a:443 HTTP/1.1\r\n" + host + "\r\n"},
      {"a bad method", "G(T / HTTP/1.1\r\n" + host + "\r\n"},
      {"a TLS hello", "\x16\x03\x01"},
      {"chunk size 0x5", post + "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n"},
      {"chunk size +5", post + "Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n"},
      {"chunk size with a blank", post + "Transfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n"},
      {"an empty chunk size", post + "Transfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n"},
      {"17 digits of chunk size",
       post + "Transfer-Encoding: chunked\r\n\r\n00000000000000005\r\nhello\r\n0\r\n\r\n"},
      {"LF after the chunk size", post + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n"},
      {"LF in a chunk extension", post + "Transfer-Encoding: chunked\r\n\r\n5;a\nb\r\nhello\r\n0\r\n\r\n"},
      {"no CRLF after a chunk", post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n"},
      {"LF after a chunk", post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n"},
      {"a folded trailer", post + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n z\r\n\r\n"},
  };
}

TEST(Http1Codec, RefusesEveryAmbiguousRequest) {
  for (const auto& hostile : hostile_requests()) {
    const auto log = play_requests({hostile.bytes});
    EXPECT_NE(log.find("error "), std::string::npos) << hostile.name << " was accepted:\n" << log;
    EXPECT_EQ(log.find("\nend\n"), std::string::npos) << hostile.name << " was taken for whole:\n" << log;
    expect_uncut(hostile.bytes, play_requests);
  }
}

TEST(Http1Codec, SkipsEmptyLinesBeforeARequestHoweverTheyAreCut) {
  constexpr std::string_view kText = "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(play_requests({kText}), "request GET http://a/, no body\nend\n");
  expect_uncut(kText, play_requests);
}

TEST(Http1Codec, BoundsATrailerSectionAtTheSamePlaceHoweverItIsCut) {
  const std::string open = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ";
  for (const std::size_t more : {0U, 1U}) {
    const std::string text = open + std::string(kMaxTrailerBytes - 3 + more, 'y') + "\r\n\r\n";
    const auto whole = play_requests({text});
    EXPECT_EQ(whole.find("error") == std::string::npos, more == 0);
    for (std::size_t cut = text.size() - 6; cut < text.size(); ++cut) {
      const std::string_view view = text;
      EXPECT_EQ(play_requests({view.substr(0, cut), view.substr(cut)}), whole) << text.size() - cut;
    }
  }
}

TEST(Http1Codec, RefusesEveryAmbiguousResponse) {
  const std::vector<Hostile> responses = {
      {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"},
      {"length and chunked",
       "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"a coding other than chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"},
      {"a body with 204", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc"},
      {"an upgrade nobody asked for", "HTTP/1.1 101 Switching Protocols\r\n\r\n"},
      {"bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 0\n\n"},
      {"a status of two digits", "HTTP/1.1 20 OK\r\n\r\n"},
      {"a status of 600", "HTTP/1.1 600 Odd\r\n\r\n"},
      {"HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n"},
      {"a length too short", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc"},
      {"a length too long", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"},
      {"a chunked body cut short", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"},
  };
  const auto play = [](const std::vector<std::string_view>& parts) { return play_response(parts); };
  for (const auto& hostile : responses) {
    EXPECT_NE(play({hostile.bytes}).find("error "), std::string::npos) << hostile.name;
    expect_uncut(hostile.bytes, play);
  }
}

TEST(Http1Codec, ReadsAResponseThatEndsWithTheConnection) {
  EXPECT_EQ(play_response({"HTTP/1.1 200 OK\r\nServer: x\r\n\r\nall of it"}),
            "response 200, body of unknown length\n  Server: x\nbody all of it\nend\n");
}

TEST(Http1Codec, ReadsInformationalResponsesBeforeTheFinalOne) {
  EXPECT_EQ(play_response({"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"}),
            "response 103, no body\n  Link: </a>\nresponse 204, no body\nend\n");
}

TEST(Http1Codec, ExpectsNoBodyAfterHead) {
  EXPECT_EQ(play_response({"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"}, "HEAD"),
            "response 200, no body of 1000\nend\n");
}

TEST(Http1Codec, NeverWritesAFieldThatCouldEndALine) {
  CodecRecorder recorder;
  Http1Codec codec(Role::Server, recorder, {}, "http");
  ASSERT_TRUE(codec.receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  ResponseHead head;
  head.headers.add("X", "a\r\nSet-Cookie: b");
  head.headers.add("Y:", "b");
  codec.send_response(1, head, {.none = true, .bytes = 0});
  codec.send_end(1, {});
  EXPECT_EQ(codec.output().view(), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

TEST(Http1Codec, WritesUnknownLengthsAsChunksAndClosesForHttp10) {
  for (const bool http11 : {true, false}) {
    CodecRecorder recorder;
    Http1Codec codec(Role::Server, recorder, {}, "http");
    ASSERT_TRUE(codec.receive(http11 ? "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
                                     : "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    codec.send_response(1, {}, {});
    codec.send_body(1, "hello");
    codec.send_end(1, {});
    EXPECT_EQ(codec.output().view(),
              http11 ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
                     : "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello");
    EXPECT_EQ(codec.finished(), !http11);
  }
}

TEST(Http1Codec, ClosesAfterAnAnswerThatCameBeforeTheRequestWasWhole) {
  CodecRecorder recorder;
  Http1Codec codec(Role::Server, recorder, {}, "http");
  ASSERT_TRUE(codec.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab"));
  codec.send_response(1, {}, {.none = true, .bytes = 0});
  codec.send_end(1, {});
  EXPECT_TRUE(codec.finished());
  EXPECT_NE(codec.output().view().find("Connection: close"), std::string_view::npos);
}

TEST(Http1Codec, TakesNoMoreBodyThanItsMark) {
  CodecRecorder recorder;
  Http1Codec codec(Role::Server, recorder, {}, "http");
  ASSERT_TRUE(codec.receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  codec.send_response(1, {}, {.none = false, .bytes = 1 << 20});
  const std::string large(1 << 20, 'x');
  EXPECT_LE(codec.send_body(1, large), kSendMark);
  EXPECT_EQ(codec.send_body(1, large), 0U);
}

TEST(Http1Codec, TellsLimitsApart) {
  const auto error_of = [](const std::string& bytes) {
    CodecRecorder recorder;
    Http1Codec codec(Role::Server, recorder, {}, "http");
    const auto used = codec.receive(bytes);
    return used ? ErrorKind::Internal : used.error().kind;
  };
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 200; ++i) many += "X: y\r\n";
  EXPECT_EQ(error_of("GET /" + std::string(9000, 'a')), ErrorKind::TargetTooLong);
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(40000, 'a')), ErrorKind::HeadTooLarge);
  EXPECT_EQ(error_of(many + "\r\n"), ErrorKind::TooManyFields);
  EXPECT_EQ(error_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
            ErrorKind::Unsupported);
}

}  // namespace
}  // namespace portvakt::http

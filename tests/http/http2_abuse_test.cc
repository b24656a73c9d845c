// What attackers send: each pattern, repeated without end, meets its limit before it has cost much memory,
// and the peer is told with the right code. Nothing is ever read by the attacker, unless the pattern needs
// it.
#include <gtest/gtest.h>
#include <malloc.h>

#include <functional>

#include "proxy/http/http2_codec.h"
#include "tests/support/http2_frames.h"

namespace portvakt::http {
namespace {

namespace h2 = test::h2;

/// A busy server: bodies are consumed, nothing is answered.
class Silent : public CodecEvents {
 public:
  void on_body(StreamId stream, std::string_view bytes) override { codec->consumed(stream, bytes.size()); }
  void on_end(StreamId, HeaderMap&&) override {}
  void on_reset(StreamId, const Error&) override {}
  Http2Codec* codec = nullptr;
};

struct Attack {
  const char* name;
  std::function<std::string(std::uint32_t round)> piece;  // stream 2 * round + 1 is new
  const char* code;
  const char* kind;         // what is counted; empty: a rule that nghttp2 holds
  unsigned most = 6000;     // rounds until the end at the latest
  std::string before = {};  // once, after the opening
};

std::uint32_t id(std::uint32_t round) {
  return 2 * round + 1;
}

std::string post(std::uint32_t stream, h2::Fields more = {}) {
  return h2::headers(stream, h2::request("/", "POST", std::move(more)), h2::NoFlag);
}

/// An entry of 4000 bytes for the header table, and a block that names it again and again.
std::string table_bomb(std::uint32_t round) {
  const std::string entry =
      std::string("\x40", 1) + h2::hpack_text("x") + h2::hpack_text(std::string(3900, 'b'));
  const std::string block = h2::block(h2::request()) + (round == 0 ? entry : "") + std::string(12000, '\xbe');
  return h2::frame(h2::Headers, h2::EndHeaders | h2::EndStream, id(round), block);
}

std::string many_crumbs(std::uint32_t round) {
  std::string block = h2::block(h2::request());
  block += std::string("\x40", 1) + h2::hpack_text("cookie") + h2::hpack_text("");
  block += std::string(16000, '\xbe');
  return h2::frame(h2::Headers, h2::EndHeaders | h2::EndStream, id(round), block);
}

std::vector<Attack> attacks() {
  const auto& get = [](std::uint32_t round) { return h2::get(id(round)); };
  const std::string priority = std::string("\0\0\0\0", 4) + "\x10";
  std::vector<Attack> list = {
      {"requests that are reset at once", [=](auto n) { return get(n) + h2::rst(id(n), 8); },
       "ENHANCE_YOUR_CALM", "resets_received"},
      {"uploads that are reset at once", [](auto n) { return post(id(n)) + h2::rst(id(n), 8); },
       "ENHANCE_YOUR_CALM", "resets_received"},
      {"requests that are reset for no reason", [=](auto n) { return get(n) + h2::rst(id(n), 0); },
       "ENHANCE_YOUR_CALM", "resets_received"},
      {"resets of streams long gone", [](auto) { return h2::rst(1, 8); }, "ENHANCE_YOUR_CALM",
       "resets_received", 6000, h2::get(1)},
      {"window overflows that make us reset",
       [=](auto n) { return get(n) + h2::window_update(id(n), 0x7fffffff); }, "ENHANCE_YOUR_CALM",
       "resets_sent"},
      {"bodies too long that make us reset",
       [](auto n) { return post(id(n), {{"content-length", "1"}}) + h2::data(id(n), "ab"); },
       "ENHANCE_YOUR_CALM", "resets_sent"},
      {"bodies too short that make us reset",
       [](auto n) { return post(id(n), {{"content-length", "9"}}) + h2::data(id(n), "ab", h2::EndStream); },
       "ENHANCE_YOUR_CALM", "resets_sent"},
      {"malformed fields that make us reset",
       [](auto n) { return h2::headers(id(n), h2::request("/", "GET", {{"UP", "x"}})); }, "ENHANCE_YOUR_CALM",
       "resets_sent"},
      {"missing pseudo-fields that make us reset",
       [](auto n) { return h2::headers(id(n), {{":method", "GET"}}); }, "ENHANCE_YOUR_CALM", "resets_sent"},
      {"trailers without end that make us reset",
       [](auto n) { return post(id(n)) + h2::headers(id(n), {{"x", "y"}}, h2::NoFlag); }, "ENHANCE_YOUR_CALM",
       "resets_sent"},
      {"pseudo-fields in trailers that make us reset",
       [](auto n) { return post(id(n)) + h2::headers(id(n), {{":path", "/"}}); }, "ENHANCE_YOUR_CALM",
       "resets_sent"},
      {"more streams than allowed", [](auto n) { return post(id(n)); }, "ENHANCE_YOUR_CALM", "resets_sent"},
      {"data behind the end of a request", [=](auto n) { return get(n) + h2::data(id(n), "x"); },
       "STREAM_CLOSED", ""},
      {"updates of 0", [=](auto n) { return get(n) + h2::window_update(id(n), 0); }, "PROTOCOL_ERROR", ""},
      {"SETTINGS", [](auto) { return h2::settings(); }, "ENHANCE_YOUR_CALM", "settings", 100},
      {"windows that go up and down",
       [](auto n) { return h2::settings({{4, n % 2 == 0 ? 0 : 0x7fffffffU}}); }, "ENHANCE_YOUR_CALM",
       "settings", 100},
      {"header tables that grow and shrink",
       [](auto n) { return h2::settings({{1, n % 2 == 0 ? 0 : 4096}}); }, "ENHANCE_YOUR_CALM", "settings",
       100},
      {"acknowledgements of nothing", [](auto) { return h2::frame(h2::Settings, h2::Ack, 0); },
       "PROTOCOL_ERROR", ""},
      {"PING", [](auto) { return h2::ping(); }, "ENHANCE_YOUR_CALM", "pings", 200},
      {"answers to no PING", [](auto) { return h2::ping("12345678", h2::Ack); }, "ENHANCE_YOUR_CALM",
       "empty_frames"},
      {"PRIORITY", [=](auto n) { return h2::frame(h2::Priority, h2::NoFlag, id(n), priority); },
       "ENHANCE_YOUR_CALM", "empty_frames"},
      {"PRIORITY_UPDATE",
       [](auto n) { return h2::frame(h2::PriorityUpdate, h2::NoFlag, 0, h2::number(id(n), 4) + "u=1"); },
       "ENHANCE_YOUR_CALM", "empty_frames"},
      {"empty DATA", [](auto) { return h2::data(1, ""); }, "ENHANCE_YOUR_CALM", "empty_frames", 6000,
       post(1)},
      {"GOAWAY again and again",
       [](auto) { return h2::frame(h2::Goaway, h2::NoFlag, 0, std::string(8, '\0')); }, "ENHANCE_YOUR_CALM",
       "empty_frames", 6000, post(1)},
      {"a connection's window byte by byte", [](auto) { return h2::window_update(0, 1); },
       "ENHANCE_YOUR_CALM", "window_updates"},
      {"a stream's window byte by byte", [](auto) { return h2::window_update(1, 1); }, "ENHANCE_YOUR_CALM",
       "window_updates", 6000, h2::get(1)},
      {"a connection's window too far", [](auto) { return h2::window_update(0, 0x40000000); },
       "FLOW_CONTROL_ERROR", ""},
      {"a header block in endless pieces",
       [](auto n) {
         return h2::frame(n == 0 ? h2::Headers : h2::Continuation, h2::NoFlag, 1,
                          n == 0 ? h2::block(h2::request()) : h2::block({{"x", "y"}}));
       },
       "ENHANCE_YOUR_CALM", "continuations", 20},
      {"a header block in empty pieces",
       [](auto n) { return h2::frame(n == 0 ? h2::Headers : h2::Continuation, h2::NoFlag, 1); },
       "ENHANCE_YOUR_CALM", "continuations", 20},
      {"a header table that unpacks a bomb", table_bomb, "ENHANCE_YOUR_CALM", "header_bytes", 3},
      {"empty cookie crumbs", many_crumbs, "ENHANCE_YOUR_CALM", "header_bytes", 3},
  };
  return list;
}

struct Outcome {
  std::string code;
  std::string kind;
  unsigned rounds = 0;
  std::size_t grown = 0;
};

std::size_t allocated() {
  return ::mallinfo2().uordblks;
}

Outcome suffer(const Attack& attack, bool reads) {
  Silent events;
  Http2Counters counters;
  Http2Codec codec(Http2Codec::Role::Server, events, {}, "http", &counters);
  events.codec = &codec;
  codec.tell_time(SteadyTime{} + std::chrono::hours(1));
  EXPECT_TRUE(codec.receive(h2::opening() + attack.before)) << attack.name;
  Outcome outcome;
  const auto before = allocated();
  std::string last;
  while (outcome.rounds < attack.most && !codec.failed()) {
    if (reads) codec.output().clear();
    const bool well = codec.receive(attack.piece(outcome.rounds++)).has_value();
    EXPECT_EQ(well, !codec.failed()) << attack.name;
    outcome.grown = std::max(outcome.grown, allocated() - std::min(before, allocated()));
  }
  for (const auto& frame : h2::frames_of(codec.output().view())) {
    if (frame.type == h2::Goaway) outcome.code = h2::code_name(frame.word(4));
  }
  for (std::size_t i = 0; i < kHttp2Abuses; ++i) {
    if (counters.abuse[i].value() > 0) outcome.kind += name_of(static_cast<Http2Abuse>(i));
  }
  return outcome;
}

TEST(Http2Abuse, EveryPatternMeetsItsLimit) {
  for (const auto& attack : attacks()) {
    for (const bool reads : {true, false}) {
      const auto outcome = suffer(attack, reads);
      EXPECT_EQ(outcome.code, attack.code) << attack.name << (reads ? "" : ", unread");
      EXPECT_EQ(outcome.kind, attack.kind) << attack.name << (reads ? "" : ", unread");
      EXPECT_LT(outcome.grown, 4U << 20) << attack.name << (reads ? "" : ", unread");
    }
  }
}

TEST(Http2Abuse, IsNoMatterOfPatience) {
  // The same frames at the pace of a long-lived, busy page are welcome.
  Silent events;
  Http2Codec codec(Http2Codec::Role::Server, events, {}, "http");
  events.codec = &codec;
  SteadyTime now = SteadyTime{} + std::chrono::hours(1);
  codec.tell_time(now);
  ASSERT_TRUE(codec.receive(h2::opening()));
  for (std::uint32_t i = 0; i < 2000; ++i) {
    codec.tell_time(now += std::chrono::milliseconds(500));
    ASSERT_TRUE(codec.receive(h2::get(id(i)) + h2::rst(id(i), 8) + h2::ping() + h2::window_update(0, 1) +
                              h2::frame(h2::PriorityUpdate, h2::NoFlag, 0, h2::number(id(i), 4) + "u=1")))
        << i;
    codec.output().clear();
  }
}

TEST(Http2Abuse, StreamsThatAreNeverReadAreResetAndThenTheConnectionEnds) {
  Silent events;
  Http2Counters counters;
  Http2Codec codec(Http2Codec::Role::Server, events, {}, "http", &counters);
  events.codec = &codec;
  SteadyTime now = SteadyTime{} + std::chrono::hours(1);
  codec.tell_time(now);
  std::string bytes = h2::kPreface + h2::settings({{4, 0}});
  for (std::uint32_t i = 0; i < 30; ++i) bytes += h2::get(id(i));
  ASSERT_TRUE(codec.receive(bytes));
  const std::string body(1 << 20, 'x');
  for (std::uint32_t i = 0; i < 30; ++i) {
    codec.send_response(id(i), {}, {.none = false, .bytes = body.size()});
    EXPECT_EQ(codec.send_body(id(i), body), 0U);
  }
  codec.fill();
  EXPECT_TRUE(codec.reset_stalled(now));
  codec.tell_time(now += std::chrono::seconds(61));
  EXPECT_FALSE(codec.reset_stalled(now - std::chrono::seconds(60)));
  EXPECT_TRUE(codec.failed());
  EXPECT_EQ(counters.abuse[static_cast<std::size_t>(Http2Abuse::Stalls)].value(), 1U);
}

}  // namespace
}  // namespace portvakt::http

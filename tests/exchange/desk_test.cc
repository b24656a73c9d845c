// Filters that ask a desk: the worker goes on meanwhile, and whatever happens to desk or client, there is one
// answer and one record.
#include "tests/exchange/exchange_fixture.h"

namespace portvakt::exchange {
namespace {

using filters::Answer;

/// A desk that keeps what it is asked until the test answers.
class HeldDesk : public filters::Desk {
 public:
  bool ask(filters::Question question, std::weak_ptr<const void> asker, Tell tell) override {
    if (full) return false;
    questions.push_back(std::move(question));
    askers.push_back(std::move(asker));
    tells.push_back(std::move(tell));
    return true;
  }
  void answer(std::size_t which, std::string text) {
    tells[which]({Answer::Outcome::Done, {{"text", std::move(text)}}, {}, false});
  }
  bool full = false;
  std::vector<filters::Question> questions;
  std::vector<std::weak_ptr<const void>> askers;
  std::vector<Tell> tells;
};

/// Asks once for `/ask`, twice for `/ask-twice`, for ever for `/ask-on`; of a POST it wants the body first.
class AskingFilter : public filters::Filter {
 public:
  filters::Step on_request(filters::RequestContext& context) const override {
    const auto path = context.head.path();
    if (!path.starts_with("/ask")) return filters::Step::Continue;
    if (context.head.method == "POST" && !context.body) return filters::Step::CollectBody;
    const bool again = context.answer && (path == "/ask-on" || (path == "/ask-twice" && first(context)));
    if (!context.answer || again) {
      context.question.emplace();
      context.question->key = again ? "again" : "first";
      context.question->facts = {{"body", context.body.value_or("none")}};
      return filters::Step::Ask;
    }
    if (path == "/ask-pass") return filters::Step::Continue;
    const bool done = context.answer->outcome == Answer::Outcome::Done;
    context.reply.head.status = done ? 200 : 503;
    context.reply.body = "answer=" + context.answer->fact("text") + " body=" + context.body.value_or("none");
    return filters::Step::Replied;
  }

 private:
  static bool first(const filters::RequestContext& context) { return context.answer->fact("text") == "one"; }
};

class DeskTest : public test::ExchangeTest {
 protected:
  DeskTest() {
    add_filters = [](Site& site) { site.filters.push_back(std::make_unique<AskingFilter>()); };
    worker_->desk = &desk_;
    use_limits();
  }
  static std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n";
  }
  HeldDesk desk_;
};

TEST_F(DeskTest, OthersAreServedWhileAnAnswerIsAwaited) {
  auto& asking = connect();
  asking.send(get("/ask"));
  auto& other = connect();
  other.send(test::kGet);
  EXPECT_TRUE(until_got(other, "ok"));
  EXPECT_EQ(asking.wire.written, "");
  ASSERT_EQ(desk_.questions.size(), 1U);
  desk_.answer(0, "x");
  EXPECT_TRUE(until_got(asking, "answer=x body=none"));
  EXPECT_EQ(records(), "GET 200 2\nGET 200 18\n");
}

TEST_F(DeskTest, TheBodyIsThereBeforeTheQuestionAndAfterTheAnswer) {
  auto& client = connect();
  client.send("POST /ask HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\na");
  client.send("=1");
  ASSERT_TRUE(until([&] { return desk_.questions.size() == 1; }));
  EXPECT_EQ(desk_.questions[0].facts[0].second, "a=1");
  desk_.answer(0, "x");
  EXPECT_TRUE(until_got(client, "answer=x body=a=1"));
}

TEST_F(DeskTest, AFilterMayAskAgainButNotForEver) {
  auto& client = connect();
  client.send(get("/ask-twice"));
  ASSERT_TRUE(until([&] { return desk_.questions.size() == 1; }));
  desk_.answer(0, "one");
  ASSERT_TRUE(until([&] { return desk_.questions.size() == 2; }));
  EXPECT_EQ(desk_.questions[1].key, "again");
  desk_.answer(1, "two");
  EXPECT_TRUE(until_got(client, "answer=two"));
  auto& endless = connect();
  endless.send(get("/ask-on"));
  for (std::size_t i = 2; i < 2 + kMaxQuestions; ++i) {
    ASSERT_TRUE(until([&] { return desk_.questions.size() == i + 1; }));
    desk_.answer(i, "more");
  }
  EXPECT_TRUE(until_got(endless, "500 Internal Server Error"));
}

TEST_F(DeskTest, AnAnswerAfterTheClientLeftFindsNobody) {
  auto& client = connect();
  client.send(get("/ask"));
  ASSERT_TRUE(until([&] { return desk_.questions.size() == 1; }));
  EXPECT_FALSE(desk_.askers[0].expired());
  client.vanish();
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(desk_.askers[0].expired());
  desk_.answer(0, "x");
  turns();
  EXPECT_EQ(records(), "GET 499\n");
}

TEST_F(DeskTest, SilenceIsAnAnswerInTime) {
  limits_.answer_timeout = std::chrono::milliseconds(30);
  use_limits();
  auto& client = connect();
  client.send(get("/ask"));
  EXPECT_TRUE(until_got(client, "503 Service Unavailable"));
  EXPECT_TRUE(until_got(client, "answer= body=none"));
  desk_.answer(0, "late");
  turns();
  EXPECT_FALSE(client.got("late"));
  EXPECT_EQ(records(), "GET 503\n");
}

TEST_F(DeskTest, AFullDeskOrNoneIsAnsweredAtOnce) {
  desk_.full = true;
  auto& client = connect();
  client.send(get("/ask"));
  EXPECT_TRUE(until_got(client, "503 Service Unavailable"));
  worker_->desk = nullptr;
  auto& another = connect();
  another.send(get("/ask"));
  EXPECT_TRUE(until_got(another, "503 Service Unavailable"));
}

TEST_F(DeskTest, AnExchangeKeepsTheSnapshotThatItAskedWith) {
  auto& client = connect();
  client.send(get("/ask"));
  ASSERT_TRUE(until([&] { return desk_.questions.size() == 1; }));
  add_filters = nullptr;
  use_limits();  // a reload: the asking filter is gone for new requests
  desk_.answer(0, "x");
  EXPECT_TRUE(until_got(client, "answer=x"));
}

TEST_F(DeskTest, ADrainWaitsForTheAnswer) {
  auto& client = connect();
  client.send(get("/ask"));
  ASSERT_TRUE(until([&] { return desk_.questions.size() == 1; }));
  worker_->draining = true;
  client.connection->drain();
  turns();
  EXPECT_FALSE(client.closed);
  desk_.answer(0, "x");
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(client.got("answer=x"));
}

TEST_F(DeskTest, ARequestThatWasAskedAboutNeverReachesTheUpstream) {
  auto& client = connect();
  client.send(get("/ask-pass"));
  ASSERT_TRUE(until([&] { return desk_.questions.size() == 1; }));
  desk_.answer(0, "x");
  EXPECT_TRUE(until_got(client, "500 Internal Server Error"));
}

TEST_F(DeskTest, AnsweredFromAnotherThread) {
  auto& client = connect();
  client.send(get("/ask"));
  ASSERT_TRUE(until([&] { return desk_.questions.size() == 1; }));
  std::thread desk([&] { desk_.answer(0, "x"); });
  EXPECT_TRUE(until_got(client, "answer=x"));
  desk.join();
}

}  // namespace
}  // namespace portvakt::exchange

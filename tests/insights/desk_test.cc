#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "insights/accounts/account_database.h"
#include "insights/desk/forms.h"
#include "insights/desk/insights_server.h"
#include "proxy/net/socket.h"
#include "tests/insights/made_reports.h"
#include "tests/logs/scratch_folder.h"
#include "tests/support/fake_clock.h"

namespace portvakt::insights {
namespace {

using http_server::Answer;
using http_server::Request;

constexpr std::string_view kPassword = "correct horse battery";

std::string header_of(const Answer& answer, std::string_view name) {
  for (const auto& [one, value] : answer.headers) {
    if (one == name) return value;
  }
  return {};
}

class ClosedDesk : public testing::Test {
 protected:
  explicit ClosedDesk(bool open = false) {
    settings_.sites = {"a", "b"};
    settings_.gate.open = open;
    settings_.gate.sign_on_header = "X-Remote-User";
    settings_.gate.sign_on_from = {*IpNetwork::parse("192.0.2.7")};
    settings_.gate.trusted_proxies = {*IpNetwork::parse("192.0.2.0/24")};
    settings_.proposals = folder_.path() / "proposals";
    Accounts accounts(*database_);
    for (const auto& [name, grants] :
         {std::pair<std::string, std::vector<Grant>>{"vera", {{"a", Role::Viewer}}},
          {"eva", {{"a", Role::Editor}}},
          {"ada", {{"*", Role::Admin}}}}) {
      EXPECT_TRUE(accounts.add(name, grants));
    }
    auto fd = net::listen_on({*IpAddress::parse("127.0.0.1"), 0, {}}, false);
    server_ =
        std::make_unique<InsightsServer>(loop_, std::move(*fd), reports_, *database_, clock_, settings_);
  }

  using Headers = std::vector<std::pair<std::string, std::string>>;
  Answer ask(const std::string& target, Headers headers = {}, const std::string& body = "\x01",
             const std::string& peer = "127.0.0.1", const std::string& host = "127.0.0.1:9902") {
    Request request;
    request.method = body == "\x01" ? "GET" : "POST";
    request.body = body == "\x01" ? "" : body;
    request.target = target;
    request.authority = host;
    request.peer = IpAddress::parse(peer);
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    return server_->answer(request);
  }
  /// Of a session of its own.
  Headers signed_in(const std::string& name) {
    return {{"Cookie", "portvakt_insights=" + *Sessions(*database_).begin(name, clock_.wall())},
            {"Origin", "http://127.0.0.1:9902"}};
  }
  std::string token_on(const Answer& page) {
    const auto at = page.body.find("name=\"token\" value=\"");
    return at == std::string::npos ? "" : page.body.substr(at + 20, page.body.find('"', at + 20) - at - 20);
  }

  logs::ScratchFolder folder_;
  std::unique_ptr<Database> database_ = std::move(*open_account_database(folder_.path() / "accounts.db"));
  MadeReports reports_;
  FakeClock clock_;
  net::EventLoop loop_;
  InsightsSettings settings_;
  std::unique_ptr<InsightsServer> server_;
};

class OpenDesk : public ClosedDesk {
 protected:
  OpenDesk() : ClosedDesk(true) {}
};

TEST_F(OpenDesk, AnswersUnderThisMachinesOwnNamesOnly) {
  for (const char* host : {"127.0.0.1:9902", "localhost", "LOCALHOST:1", "[::1]:9902", "127.8.9.1"})
    EXPECT_EQ(ask("/overview", {}, "\x01", "127.0.0.1", host).status, 200) << host;
  for (const char* host : {"evil.example", "evil.example:9902", "localhost.evil.example", "192.0.2.1", ""})
    EXPECT_EQ(ask("/api/v1/overview", {}, "\x01", "127.0.0.1", host).status, 421) << host;
}

TEST_F(OpenDesk, AnswersEveryScreenUnderThePolicy) {
  for (const char* target :
       {"/", "/overview", "/consent", "/held", "/goals", "/realtime", "/bots", "/notes", "/shares",
        "/table?site=a&table=page", "/overview?site=b", "/overview?site=nobody", "/nowhere", "/accounts"}) {
    const auto answer = ask(target);
    const std::string text(target);
    const bool missing = text.ends_with("nobody") || text == "/nowhere" || text == "/accounts";
    EXPECT_EQ(answer.status, missing ? 404 : 200) << target;
    EXPECT_TRUE(
        header_of(answer, "Content-Security-Policy").starts_with("default-src 'none'; style-src 'self'"))
        << target;
    EXPECT_EQ(answer.body.find("style=\""), std::string::npos) << "no inline style passes that policy";
    for (const char* handler : {" onclick", " onload", "<script>", "javascript:"})
      EXPECT_EQ(answer.body.find(handler), std::string::npos) << target;
  }
}

TEST_F(OpenDesk, AnswersTheApiWithTheScreensFigures) {
  for (const char* screen : {"overview", "consent", "held", "goals", "bots", "realtime"}) {
    const auto answer = ask("/api/v1/" + std::string(screen) + "?site=a");
    EXPECT_EQ(answer.status, 200) << screen;
    EXPECT_FALSE(nlohmann::json::parse(answer.body)["tables"].empty()) << screen;
  }
  const auto tree = nlohmann::json::parse(ask("/api/v1/overview?site=a&period=7d").body);
  EXPECT_EQ(tree["tables"]["totals"]["rows"][0]["visits"], 1200);
  EXPECT_EQ(tree["period"]["from"], "2026-11-16");
  EXPECT_EQ(ask("/api/v1/overview?site=nobody").status, 404);
}

TEST_F(OpenDesk, ExportsATable) {
  const auto answer = ask("/export?site=a&table=country&format=csv");
  EXPECT_EQ(header_of(answer, "Content-Disposition"),
            "attachment; filename=\"a-2026-10-24-2026-11-22-country.csv\"");
  EXPECT_TRUE(ask("/export?site=a&screen=consent&sheet=purposes&format=json").body.starts_with("{\"title\""));
  EXPECT_EQ(ask("/export?site=a&screen=consent&sheet=nonsense").status, 404);
  EXPECT_TRUE(ask("/archive?site=a").body.starts_with("PK"));
}

TEST_F(OpenDesk, CompressesForThoseWhoSaySo) {
  const auto plain = ask("/overview?site=a"),
             packed = ask("/overview?site=a", {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(header_of(packed, "Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.size() * 3, plain.body.size());
}

TEST_F(ClosedDesk, ShowsNothingToWhomNobodyKnows) {
  for (const char* target :
       {"/", "/overview?site=a", "/export?site=a&table=page", "/archive?site=a", "/accounts"}) {
    const auto answer = ask(target, {{"Cookie", "portvakt_insights=forged"},
                                     {"Authorization", "Bearer forged"},
                                     {"X-Remote-User", "ada"}});
    EXPECT_EQ(answer.status, 303) << target;
    EXPECT_TRUE(header_of(answer, "Location").starts_with("/sign-in")) << target;
  }
  EXPECT_EQ(ask("/api/v1/overview?site=a").status, 401);
  EXPECT_EQ(ask("/metrics").status, 401);
  EXPECT_EQ(ask("/share/forged.signature").status, 404);
  EXPECT_EQ(ask("/welcome?token=forged").status, 404);
}

TEST_F(ClosedDesk, ShowsAnotherSitesViewerNothing) {
  const auto vera = signed_in("vera");
  EXPECT_EQ(ask("/overview?site=a", vera).status, 200);
  EXPECT_EQ(ask("/overview?site=a", vera).body.find("site=b"), std::string::npos);
  for (const char* target : {"/overview?site=b", "/export?site=b&table=page", "/archive?site=b",
                             "/api/v1/overview?site=b", "/api/v1/realtime/stream?site=b", "/shares?site=b"}) {
    EXPECT_EQ(ask(target, vera).status, 404) << target;
  }
  EXPECT_EQ(ask("/api/v1/sites", vera).body, "{\"sites\":[\"a\"]}\n");
}

TEST_F(ClosedDesk, SignsInWithTheRightPasswordOnOurOwnPage) {
  ASSERT_TRUE(Accounts(*database_).set_password("vera", kPassword));
  const std::string right = "name=vera&password=correct+horse+battery&back=%2Foverview%3Fsite%3Da";
  const Headers own = {{"Sec-Fetch-Site", "same-origin"}};
  for (const Headers& foreign :
       {Headers{}, Headers{{"Origin", "https://evil.example"}}, Headers{{"Origin", "null"}},
        Headers{{"Sec-Fetch-Site", "same-site"}},
        Headers{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://127.0.0.1:9902"}}}) {
    EXPECT_EQ(ask("/sign-in", foreign, right).status, 403);
  }
  EXPECT_EQ(ask("/sign-in", own, "name=vera&password=wrong").status, 403);
  const auto in = ask("/sign-in", own, right);
  EXPECT_EQ(in.status, 303);
  EXPECT_EQ(header_of(in, "Location"), "/overview?site=a");
  const auto cookie = header_of(in, "Set-Cookie");
  EXPECT_NE(cookie.find("; Path=/; HttpOnly; SameSite=Lax"), std::string::npos) << "cookie attributes";
  const Headers session = {{"Cookie", cookie.substr(0, cookie.find(';'))},
                           {"Origin", "http://127.0.0.1:9902"}};
  const auto page = ask("/overview?site=a", session);
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(ask("/sign-out", session, "token=" + token_on(page)).status, 303);
  EXPECT_EQ(ask("/overview?site=a", session).status, 303) << "the session is over, whoever kept its cookie";
}

TEST_F(ClosedDesk, StopsGuessingAndLeadsNobodyAway) {
  ASSERT_TRUE(Accounts(*database_).set_password("vera", kPassword));
  const Headers own = {{"Sec-Fetch-Site", "same-origin"}};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("/sign-in", own, "name=vera&password=guess").status, 403) << i;
  EXPECT_EQ(ask("/sign-in", own, "name=vera&password=correct+horse+battery").status, 429)
      << "not even the right one";
  clock_.advance(std::chrono::minutes(1));
  const auto in = ask("/sign-in", own, "name=vera&password=correct+horse+battery&back=//evil.example");
  EXPECT_EQ(header_of(in, "Location"), "/");
  EXPECT_EQ(own_path("/\\evil.example"), "/");
  EXPECT_EQ(own_path("https://evil.example"), "/");
  EXPECT_EQ(own_path("/a\r\nX: y"), "/");
}

TEST_F(ClosedDesk, ChangesNothingWithoutRoleOriginAndToken) {
  const auto eva = signed_in("eva"), vera = signed_in("vera");
  const auto page = ask("/notes?site=a", eva);
  const auto body = "text=Campaign&from=2026-11-20&to=2026-11-21&token=" + token_on(page);
  EXPECT_EQ(ask("/notes?site=a", {eva[0]}, body).status, 403) << "no origin";
  EXPECT_EQ(ask("/notes?site=a", {eva[0], {"Origin", "https://evil.example"}}, body).status, 403);
  EXPECT_EQ(ask("/notes?site=a", eva, "text=Campaign&from=2026-11-20").status, 403) << "no token";
  EXPECT_EQ(ask("/notes?site=a", eva,
                "text=x&from=2026-11-20&token=" + token_on(ask("/notes?site=a", signed_in("ada"))))
                .status,
            403)
      << "another session's token";
  EXPECT_EQ(ask("/notes?site=b", eva, body).status, 404) << "another site";
  const auto veras = "text=x&from=2026-11-20&token=" + token_on(ask("/overview?site=a", vera));
  EXPECT_EQ(ask("/notes?site=a", vera, veras).status, 404) << "a viewer";
  EXPECT_TRUE(reports_.definitions().annotations("a", {})->empty());
  EXPECT_EQ(ask("/notes?site=a", eva, body).status, 303);
  EXPECT_EQ(reports_.definitions().annotations("a", {})->size(), 1U);
  EXPECT_NE(token_on(page), token_on(ask("/notes?site=a", eva))) << "masked anew in each page";
}

TEST_F(ClosedDesk, SharesOneScreenUntilRevoked) {
  const auto eva = signed_in("eva");
  const auto path = "/shares?site=a&period=7d&f=country%3D%3DNO";
  EXPECT_EQ(ask(path, eva, "days=7&token=" + token_on(ask(path, eva))).status, 303);
  const auto list = ask("/shares?site=a", eva).body;
  const auto at = list.find("/share/");
  const auto link = list.substr(at, list.find('"', at) - at);
  const auto shared = ask(link);
  EXPECT_EQ(shared.status, 200);
  EXPECT_EQ(reports_.last_query.filters.size(), 1U);
  EXPECT_EQ(reports_.last_query.period.days(), 7);
  ask(link + "?site=b&period=90d");
  EXPECT_EQ(reports_.last_query.site, "a");
  EXPECT_EQ(reports_.last_query.period.days(), 7) << "what a link shows is not in the address";
  EXPECT_EQ(ask(link, {}, "days=7").status, 404);
  EXPECT_EQ(ask("/shares?site=a", signed_in("vera")).body.find("/share/"), std::string::npos);
  const auto id = link.substr(7, link.find('.') - 7);
  EXPECT_EQ(
      ask("/shares?site=a", eva, "revoke=" + id + "&token=" + token_on(ask("/shares?site=a", eva))).status,
      303);
  EXPECT_EQ(ask(link).status, 404);
}

TEST_F(ClosedDesk, BelievesASignOnHeaderFromItsProxyAlone) {
  const Headers header = {{"X-Remote-User", "vera"}};
  EXPECT_EQ(ask("/overview?site=a", header, "\x01", "192.0.2.7").status, 200);
  EXPECT_EQ(ask("/overview?site=a", header, "\x01", "192.0.2.8").status, 303);
  EXPECT_EQ(ask("/overview?site=b", header, "\x01", "192.0.2.7").status, 404);
  EXPECT_EQ(ask("/overview?site=a", {{"X-Remote-User", "nobody"}}, "\x01", "192.0.2.7").status, 303);
  EXPECT_EQ(
      ask("/overview?site=a", {{"X-Remote-User", "vera"}, {"X-Remote-User", "ada"}}, "\x01", "192.0.2.7")
          .status,
      303);
}

TEST_F(ClosedDesk, MarksCookiesSecureBehindATlsProxyThatItTrusts) {
  ASSERT_TRUE(Accounts(*database_).set_password("vera", kPassword));
  const Headers https = {{"Sec-Fetch-Site", "same-origin"}, {"X-Forwarded-Proto", "https"}};
  const std::string right = "name=vera&password=correct+horse+battery";
  EXPECT_TRUE(header_of(ask("/sign-in", https, right, "192.0.2.9"), "Set-Cookie")
                  .starts_with("__Host-portvakt_insights="));
  EXPECT_NE(header_of(ask("/sign-in", https, right, "192.0.2.9"), "Set-Cookie").find("; Secure"),
            std::string::npos);
  EXPECT_TRUE(
      header_of(ask("/sign-in", https, right, "127.0.0.1"), "Set-Cookie").starts_with("portvakt_insights="));
}

TEST_F(ClosedDesk, WelcomesAnAccountToItsFirstPassword) {
  const auto token = *Accounts(*database_).make_welcome("eva", clock_.wall());
  const Headers own = {{"Sec-Fetch-Site", "same-origin"}};
  EXPECT_EQ(ask("/welcome?token=" + token).status, 200);
  EXPECT_EQ(ask("/welcome", {}, "welcome=" + token + "&password=long+enough+one").status, 403);
  EXPECT_EQ(ask("/welcome", own, "welcome=" + token + "&password=short").status, 422);
  EXPECT_EQ(ask("/welcome", own, "welcome=" + token + "&password=long+enough+one").status, 303);
  EXPECT_EQ(ask("/welcome", own, "welcome=" + token + "&password=long+enough+two").status, 404) << "spent";
  EXPECT_EQ(ask("/sign-in", own, "name=eva&password=long+enough+one").status, 303);
}

TEST_F(ClosedDesk, LetsAdminsAloneKeepAccounts) {
  const auto ada = signed_in("ada"), eva = signed_in("eva");
  const auto evas = token_on(ask("/accounts", eva));
  EXPECT_EQ(ask("/accounts", eva, "do=add&name=mallory&role=admin&for=*&token=" + evas).status, 404);
  EXPECT_EQ(ask("/accounts", eva, "do=link&name=ada&token=" + evas).status, 404);
  EXPECT_EQ(ask("/accounts", eva).body.find("vera"), std::string::npos);
  const auto added =
      ask("/accounts", ada, "do=add&name=nora&role=viewer&for=b&token=" + token_on(ask("/accounts", ada)));
  EXPECT_EQ(added.status, 200);
  EXPECT_NE(added.body.find("http://127.0.0.1:9902/welcome?token="), std::string::npos);
  EXPECT_EQ(ask("/accounts", ada, "do=remove&name=vera&token=" + token_on(added)).status, 303);
  EXPECT_EQ(Accounts(*database_).list()->size(), 3U);
}

TEST_F(ClosedDesk, GivesProgramsWhatTheKeysAccountMaySee) {
  const Headers key = {{"Authorization", "Bearer " + *ApiKeys(*database_).make("vera")}};
  EXPECT_EQ(ask("/api/v1/overview?site=a", key).status, 200);
  EXPECT_EQ(ask("/api/v1/overview?site=b", key).status, 404);
  const auto metrics = ask("/metrics", key).body;
  EXPECT_NE(metrics.find("portvakt_insights_today{site=\"a\",figure=\"page_views\"} 12000"),
            std::string::npos);
  EXPECT_EQ(metrics.find("site=\"b\""), std::string::npos);
  Headers sends = key;
  sends.emplace_back("Origin", "http://127.0.0.1:9902");
  EXPECT_EQ(ask("/notes?site=a", sends, "text=x&from=2026-11-20&token=").status, 403) << "a key only reads";
}

TEST_F(ClosedDesk, WritesProposalsForTheOperator) {
  const auto eva = signed_in("eva");
  const auto propose = [&](const std::string& what) {
    return ask("/held?site=a", eva, what + "&token=" + token_on(ask("/held?site=a", eva))).status;
  };
  EXPECT_EQ(propose("kind=host&name=cdn.unknown.example&purpose=marketing"), 303);
  EXPECT_EQ(propose("kind=cookie&name=_mystery&purpose=functional"), 303);
  EXPECT_EQ(propose("kind=host&name=a%22%5D%0Aevil&purpose=marketing"), 422);
  EXPECT_EQ(propose("kind=cookie&name=x&purpose=everything"), 422);
  const auto text = ask("/held?site=a", eva).body;
  EXPECT_NE(text.find("&quot;_mystery&quot;: functional"), std::string::npos) << text.substr(0, 0);
  EXPECT_TRUE(std::filesystem::exists(settings_.proposals / "proposed-a.yaml"));
  EXPECT_TRUE(std::filesystem::exists(settings_.proposals / "proposed-a-marketing.txt"));
}

}  // namespace
}  // namespace portvakt::insights

// One exchange as far as the consent filter sees it, and the browser's cookie from one exchange to the next.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "filters/consent/consent_filter.h"
#include "tests/filters/consent/site_settings.h"
#include "tests/support/fake_clock.h"

namespace portvakt::consent {

class FilterExchange : public testing::Test {
 protected:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  filters::Step request(std::string method, std::string target, const Headers& headers = {},
                        std::optional<std::string> body = std::nullopt) {
    head_ = {};
    head_.method = std::move(method);
    head_.target = std::move(target);
    head_.authority = "www.example.test";
    for (const auto& [name, value] : headers) head_.headers.add(name, value);
    if (!cookie_.empty()) head_.headers.add("Cookie", cookie_);
    notes_ = {};
    notes_.country = country_;
    std::optional<IpAddress> client;
    filters::RequestContext context{head_, notes_, clock_, client, tls_, std::nullopt, {}};
    auto step = filter_->on_request(context);
    if (step == filters::Step::CollectBody) {
      collected_ = true;
      context.body = std::move(body);
      step = filter_->on_request(context);
    }
    for (int i = 0; i < 4 && step == filters::Step::Ask; ++i) {
      asked_.push_back(*context.question);
      context.answer = desk_ ? desk_(*context.question) : filters::Answer{};
      step = filter_->on_request(context);
    }
    reply_ = std::move(context.reply);
    return step;
  }

  filters::Step page(const Headers& more = {}) {
    Headers headers = {{"Sec-Fetch-Dest", "document"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return request("GET", "/shop?item=1", headers);
  }

  /// Posts as a form of our own page does, and keeps the cookie.
  int choose(const std::string& body, Headers headers = {{"Sec-Fetch-Site", "same-origin"}}) {
    EXPECT_EQ(request("POST", "/.privacy/choice", headers, body), filters::Step::Replied);
    if (const auto set = reply_.head.headers.find("Set-Cookie")) {
      cookie_ = std::string(set->substr(0, set->find(';')));
    }
    return reply_.head.status;
  }

  std::string sent_purposes() const {
    return std::string(head_.headers.find("Consent-Purposes").value_or("none"));
  }
  std::string reply_header(std::string_view name) const {
    return std::string(reply_.head.headers.find(name).value_or("none"));
  }

  ConsentSettings settings_ = site_settings();
  std::optional<ConsentFilter> filter_{settings_};
  FakeClock clock_;
  http::RequestHead head_;
  filters::Notes notes_;
  filters::Reply reply_;
  std::string cookie_;
  std::string country_ = "NO";
  bool tls_ = true;
  bool collected_ = false;
  std::function<filters::Answer(const filters::Question&)> desk_;  // empty: unavailable
  std::vector<filters::Question> asked_;
};

}  // namespace portvakt::consent

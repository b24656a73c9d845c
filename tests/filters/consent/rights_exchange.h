// A visitor with a browser's cookies on the privacy pages, and a desk that keeps codes and requests.
#pragma once

#include <gmock/gmock.h>

#include <map>

#include "tests/filters/consent/filter_exchange.h"

namespace portvakt::consent {

using filters::Answer;
using filters::Asked;
using filters::Question;
using filters::Step;
using Outcome = filters::Answer::Outcome;

class RightsExchange : public FilterExchange {
 protected:
  RightsExchange() {
    desk_ = [this](const Question& question) { return serve(question); };
  }

  Answer serve(const Question& question) {
    switch (question.asked) {
      case Asked::KeepCode:
        kept_codes_[question.key] = question.facts.at(0).second;
        return {Outcome::Done, {}, {}, false};
      case Asked::TakeCode: {
        const auto found = kept_codes_.extract(question.key);
        if (found.empty()) return {Outcome::Missing, {}, {}, false};
        return {Outcome::Done, {{"text", found.mapped()}}, {}, false};
      }
      case Asked::FindRequest:
        if (question.key != filed_) return {Outcome::Missing, {}, {}, false};
        [[fallthrough]];
      case Asked::FileRequest:
        filed_ = question.key;
        return {Outcome::Done,
                {{"number", filed_},
                 {"kind", "access"},
                 {"state", "open"},
                 {"received", "2027-01-31"},
                 {"due", "2027-02-28"}},
                {},
                false};
      case Asked::Export:
        return {Outcome::Done,
                {},
                {{"requests",
                  {{"t", "1798761600000"}, {"method", "GET"}, {"path", "/a\"<b>"}, {"visitor", visitor()}}},
                 {"consents", {{"choice", "=accept-all"}, {"odd", "x,y"}}}},
                false};
      default:
        return {Outcome::Done, {}, {}, false};
    }
  }

  void keep_cookies() {
    for (const auto set : reply_.head.headers.all("Set-Cookie")) {
      const auto pair = set.substr(0, set.find(';'));
      const auto equals = pair.find('=');
      const std::string name(pair.substr(0, equals)), value(pair.substr(equals + 1));
      if (value.empty()) {
        jar_.erase(name);
      } else {
        jar_[name] = value;
      }
    }
    cookie_.clear();
    for (const auto& [name, value] : jar_) cookie_ += (cookie_.empty() ? "" : "; ") + name + "=" + value;
  }
  int get(const std::string& path, const Headers& headers = {}) {
    asked_.clear();
    EXPECT_EQ(request("GET", "/.privacy/" + path, headers), Step::Replied);
    return reply_.head.status;
  }
  int post(const std::string& path, const std::string& body = "",
           Headers headers = {{"Sec-Fetch-Site", "same-origin"}}) {
    asked_.clear();
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    EXPECT_EQ(request("POST", "/.privacy/" + path, headers, body), Step::Replied);
    keep_cookies();
    return reply_.head.status;
  }
  void accept() {
    choose("choice=accept-all");
    keep_cookies();
    page();
  }
  std::string visitor() const { return notes_.consent.visitor_id; }
  std::string shown_code() const {
    const auto at = reply_.body.find("<p class=\"c\">") + 13;
    return reply_.body.substr(at, 14);
  }

  std::map<std::string, std::string> jar_;
  std::map<std::string, std::string> kept_codes_;
  std::string filed_;
};

}  // namespace portvakt::consent

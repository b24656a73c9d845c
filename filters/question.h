// A question that only somebody outside the worker can answer, because the answer lies behind I/O, and its
// answer: values, so that a filter asks without knowing whom. A filter fills RequestContext::question and
// returns Step::Ask; the exchange takes it to the desk and calls the filter again with
// RequestContext::answer.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "proxy/base/clock.h"

namespace portvakt::filters {

/// What is asked for. All of them may be asked again without harm when no answer came.
enum class Asked : std::uint8_t {
  Export,       // everything kept of a visitor: rows
  Restrict,     // freeze a visitor's data: fact `since`
  Release,      // and the opposite
  FileRequest,  // a request that an operator must answer, under the number in `key`: facts as FindRequest
  FindRequest,  // facts: kind, state, received, due, answer
  KeepCode,     // puts `text` under `key` for a short time
  TakeCode,     // the text under `key`, once: fact `text`
};

/// True if nothing is changed by the asking: it need not be done for a visitor who is gone.
constexpr bool only_reads(Asked asked) {
  return asked == Asked::Export || asked == Asked::FindRequest;
}

/// Name and value.
using Fact = std::pair<std::string, std::string>;

struct Question {
  Asked asked = Asked::FindRequest;
  std::string site;
  std::string visitor;  // the visitor id, in memory only; empty where nobody is recognised
  std::string key;      // a request's number, or what a code is kept under
  std::string guesser;  // who guesses, as far as guesses are counted: a keyed hash
  std::vector<Fact> facts;
  WallTime now{};
};

/// One record kept of a visitor.
struct KeptRow {
  std::string stream;  // `requests`, `consents`, `events`
  std::vector<Fact> fields;
};

struct Answer {
  enum class Outcome : std::uint8_t {
    Done,
    Missing,      // there is nothing of that name
    TooMany,      // guesses, or open requests: not before some time has passed
    Unavailable,  // nobody could be asked, or nobody answered in time; what was asked may have happened
  };
  Outcome outcome = Outcome::Unavailable;
  std::vector<Fact> facts;
  std::vector<KeptRow> rows;
  bool cut = false;  // there are more rows than an answer holds

  std::string fact(std::string_view name) const {
    for (const auto& [key, value] : facts) {
      if (key == name) return value;
    }
    return {};
  }
};

}  // namespace portvakt::filters

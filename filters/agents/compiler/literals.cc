#include "filters/agents/compiler/literals.h"

#include <algorithm>
#include <array>

#include "filters/agents/rules.h"

namespace portvakt::agents {
namespace {

using Texts = std::set<std::string>;

constexpr std::size_t kMaxTexts = 600;  // of a choice
constexpr std::size_t kMaxJoined = 32;  // of texts multiplied out
constexpr std::size_t kMaxLength = 24;
constexpr std::size_t kMaxSetSize = 4;

// What nearly every browser says tells nothing.
constexpr std::array<std::string_view, 7> kOrdinary = {
    "mozilla/5.0 (windows nt 10.0; win64; x64) applewebkit/537.36 (khtml, like gecko) chrome/130.0.0.0 "
    "safari/537.36 edg/130.0.0.0",
    "mozilla/5.0 (linux; android 10; k) applewebkit/537.36 (khtml, like gecko) chrome/130.0.0.0 mobile "
    "safari/537.36",
    "mozilla/5.0 (linux; u; android 4.2.2; en-us; gt-i9100 build/jdq39) applewebkit/534.30 version/4.0 "
    "mobile",
    "mozilla/5.0 (iphone; cpu iphone os 18_1 like mac os x) applewebkit/605.1.15 (khtml, like gecko) "
    "version/18.1 mobile/15e148 safari/604.1",
    "mozilla/5.0 (macintosh; intel mac os x 10_15_7) applewebkit/605.1.15 (khtml, like gecko) version/18.1 "
    "safari/605.1.15",
    "mozilla/5.0 (x11; linux x86_64; rv:133.0) gecko/20100101 firefox/133.0",
    "mozilla/4.0 (compatible; msie 8.0; windows nt 6.1; trident/4.0)"};

struct Found {
  bool known = false;  // `exact` is everything that the node can take
  Texts exact;
  Texts best;  // one of these is in every match; empty: not known
};

int worth_of(const Texts& texts) {
  int worst = 1000;
  for (const auto& text : texts) {
    int worth = static_cast<int>(text.size()) * 4;
    if (text.size() < kLiteralKey) return -1000;
    for (const auto ordinary : kOrdinary) {
      if (ordinary.find(text) != std::string_view::npos) worth -= 200;
    }
    worst = std::min(worst, worth);
  }
  return texts.empty() ? -1000 : worst - static_cast<int>(texts.size()) / 8;
}

void offer(Texts& best, const Texts& texts) {
  if (worth_of(texts) > worth_of(best)) best = texts;
}

/// Multiplies out; false if that would be too much.
bool append(Texts& to, const Texts& more) {
  if (to.size() * more.size() > std::max(kMaxJoined, std::max(to.size(), more.size()))) return false;
  Texts joined;
  for (const auto& left : to) {
    for (const auto& right : more) {
      joined.insert(left + right);
      if (left.size() + right.size() > kMaxLength) return false;
    }
  }
  to = std::move(joined);
  return true;
}

Found find(const Node& node);

Found find_set(const Node& node) {
  Texts texts;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    if (!node.bytes[byte]) continue;
    const bool upper = byte >= 'A' && byte <= 'Z';
    texts.insert(std::string(1, static_cast<char>(upper ? byte + 32 : byte)));
    if (texts.size() > kMaxSetSize) return {};
  }
  return {true, texts, {}};
}

Found find_sequence(const Node& node) {
  Found all;
  bool whole = true;
  Texts run{""};
  const auto close = [&] {
    offer(all.best, run);
    run = {""};
  };
  for (const auto& part : node.parts) {
    Found found = find(*part);
    if (found.known && append(run, found.exact)) continue;
    whole = false;
    close();
    offer(all.best, found.best);
    if (found.known) run = found.exact;
  }
  all.known = whole;
  if (whole) all.exact = run;
  close();
  return all;
}

Found find_choice(const Node& node) {
  Found all;
  all.known = true;
  bool best_known = true;
  for (const auto& part : node.parts) {
    const Found found = find(*part);
    all.known = all.known && found.known && all.exact.size() <= kMaxTexts;
    if (all.known) all.exact.insert(found.exact.begin(), found.exact.end());
    const bool exact_better = found.known && worth_of(found.exact) > worth_of(found.best);
    const Texts& one = exact_better ? found.exact : found.best;
    best_known = best_known && worth_of(one) > -1000;
    all.best.insert(one.begin(), one.end());
  }
  if (!best_known) all.best.clear();
  return all;
}

Found find(const Node& node) {
  switch (node.kind) {
    case Node::Kind::Set:
      return find_set(node);
    case Node::Kind::Sequence:
      return find_sequence(node);
    case Node::Kind::Choice:
      return find_choice(node);
    case Node::Kind::Group:
      return find(*node.parts[0]);
    case Node::Kind::Repeat: {
      Found found = find(*node.parts[0]);
      if (node.least == 0) {
        found.best.clear();
        found.known = found.known && node.most == 1;
        found.exact.insert("");
        return found;
      }
      if (node.most == 1) return found;
      if (found.known) offer(found.best, found.exact);
      found.known = false;
      return found;
    }
    default:
      return {true, Texts{""}, {}};
  }
}

}  // namespace

Texts required_literals(const Node& node) {
  Found found = find(node);
  if (found.known) offer(found.best, found.exact);
  return worth_of(found.best) > -1000 ? found.best : Texts();
}

bool takes_known_texts(const Node& node) {
  return find(node).known;
}

}  // namespace portvakt::agents

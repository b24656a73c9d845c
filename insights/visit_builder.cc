#include "insights/visit_builder.h"

#include <algorithm>
#include <span>
#include <tuple>

#include "insights/campaign.h"

namespace portvakt::insights {
namespace {

/// Collects one visit after the other into the day's columns.
class Builder {
 public:
  Builder(DaySpan span, const VisitWords& words, VisitColumns& visits)
      : span_(span), words_(words), out_(visits) {
    out_.views.push_back(0);
    out_.events.push_back(0);
  }

  /// All of one visitor, in the order of time.
  void visitor(std::span<const Hit> hits) {
    std::size_t first = 0;
    std::int64_t last_view = 0;
    bool open = false;
    for (std::size_t i = 0; i < hits.size(); ++i) {
      if (!hits[i].is_view() || (open && hits[i].time - last_view < kVisitGap)) {
        if (hits[i].is_view()) last_view = hits[i].time;
        continue;
      }
      if (open) visit(hits.subspan(first, i - first));
      first = i;
      last_view = hits[i].time;
      open = true;
    }
    if (open) visit(hits.subspan(first));
  }

  std::int64_t needed() const { return needed_; }

 private:
  struct View {
    const Hit* hit;
    std::int64_t left = -1;  // as its page's script told
  };

  /// It begins with a view; events may follow that come too late to belong to it.
  void visit(std::span<const Hit> hits) {
    const auto& first = hits.front();
    if (first.time < span_.begins || first.time >= span_.ends) return;
    views_.clear();
    deeds_.clear();
    screen_ = kEmptyWord;
    for (const auto& hit : hits) {
      if (hit.time >= span_.ends + kVisitReach) break;
      if (hit.is_view()) {
        views_.push_back({&hit});
      } else if (hit.time - views_.back().hit->time < kVisitGap) {
        event(hit);
      }
    }
    needed_ = std::max(needed_, std::min(views_.back().hit->time + kVisitGap, span_.ends + kVisitReach));
    write(first);
  }

  void event(const Hit& hit) {
    if (screen_ == kEmptyWord) screen_ = hit.words[Hit::Screen];
    if (hit.kind != HitKind::Leave) {
      deeds_.push_back(&hit);
      return;
    }
    // Of several views of the page, the latest that was not left yet.
    for (auto view = views_.rbegin(); view != views_.rend(); ++view) {
      if (view->left >= 0 || view->hit->words[Hit::Path] != hit.words[Hit::Path]) continue;
      view->left = hit.milliseconds;
      return;
    }
  }

  static std::uint32_t narrow(std::int64_t milliseconds) {
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(milliseconds, 0, kUnknownTime - 1));
  }

  void write(const Hit& first) {
    const auto& last = views_.back();
    out_.start.push_back(narrow(first.time - span_.begins));
    out_.length.push_back(narrow(last.hit->time - first.time + std::max<std::int64_t>(last.left, 0)));
    out_.subject.push_back(first.subject);
    out_.bounce.push_back(views_.size() == 1 && deeds_.empty() ? 1 : 0);
    const auto came = first.words[Hit::Referrer];
    const auto referrer = came == words_.own_site ? kEmptyWord : came;
    entry_.add(first.words[Hit::Path]);
    exit_.add(last.hit->words[Hit::Path]);
    referrer_.add(referrer);
    campaign_.add(first.words[Hit::Campaign]);
    channel_.add(words_.channel(words_.context, referrer, first.words[Hit::Campaign]));
    country_.add(first.words[Hit::Country]);
    organisation_.add(first.words[Hit::Organisation]);
    browser_.add(first.words[Hit::Browser]);
    version_.add(first.words[Hit::Version]);
    system_.add(first.words[Hit::System]);
    device_.add(first.words[Hit::Device]);
    screen_column_.add(screen_);
    write_rows(first.time);
  }

  void write_rows(std::int64_t begin) {
    for (std::size_t i = 0; i < views_.size(); ++i) {
      const auto& view = views_[i];
      path_.add(view.hit->words[Hit::Path]);
      out_.view_time.push_back(narrow(view.hit->time - begin));
      const bool is_last = i + 1 == views_.size();
      const auto next = is_last ? std::int64_t{-1} : views_[i + 1].hit->time - view.hit->time;
      const auto stayed = view.left >= 0 ? view.left : next;
      out_.view_length.push_back(stayed < 0 ? kUnknownTime : narrow(stayed));
    }
    for (const auto* deed : deeds_) {
      out_.event_kind.push_back(static_cast<std::uint8_t>(deed->kind));
      out_.event_time.push_back(narrow(deed->time - begin));
      target_.add(deed->words[Hit::Target]);
    }
    out_.views.push_back(static_cast<std::uint32_t>(out_.view_time.size()));
    out_.events.push_back(static_cast<std::uint32_t>(out_.event_time.size()));
  }

  const DaySpan span_;
  const VisitWords& words_;
  VisitColumns& out_;
  std::int64_t needed_ = 0;
  std::vector<View> views_;
  std::vector<const Hit*> deeds_;
  std::uint32_t screen_ = kEmptyWord;
  ColumnWriter entry_{out_.entry}, exit_{out_.exit}, referrer_{out_.referrer}, campaign_{out_.campaign},
      channel_{out_.channel}, country_{out_.country}, organisation_{out_.organisation},
      browser_{out_.browser}, version_{out_.version}, system_{out_.system}, device_{out_.device},
      screen_column_{out_.screen}, path_{out_.path}, target_{out_.target};
};

}  // namespace

void ColumnWriter::add(std::uint32_t word) {
  if (codes_.size() + 1 >= kMaxCodes && !codes_.contains(word)) word = kOverflowWord;
  const auto [known, made] = codes_.emplace(word, static_cast<std::uint16_t>(column_.words.size()));
  if (made) column_.words.push_back(word);
  column_.codes.push_back(known->second);
}

std::int64_t build_visits(std::vector<Hit>& hits, DaySpan span, const VisitWords& words,
                          VisitColumns& visits) {
  std::ranges::sort(hits, {},
                    [](const Hit& hit) { return std::tuple(hit.subject, hit.time, hit.kind, hit.key); });
  Builder builder(span, words, visits);
  for (std::size_t first = 0, next = 0; first < hits.size(); first = next) {
    while (next < hits.size() && hits[next].subject == hits[first].subject) ++next;
    builder.visitor(std::span<const Hit>(hits).subspan(first, next - first));
  }
  return std::max(builder.needed(), span.ends);
}

}  // namespace portvakt::insights

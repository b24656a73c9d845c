#include "insights/campaign.h"

#include <algorithm>
#include <string>

#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

constexpr std::array<std::string_view, kChannels> kNames = {"direct", "search",   "social",   "mail",
                                                            "paid",   "campaign", "referral", "internal"};

/// Names of hosts whose last parts differ by country: `google.no`, `news.google.com`.
constexpr std::array<std::string_view, 14> kSearch = {"google", "bing",   "duckduckgo", "ecosia", "yahoo",
                                                      "qwant",  "yandex", "baidu",      "kvasir", "startpage",
                                                      "brave",  "eniro",  "naver",      "seznam"};
constexpr std::array<std::string_view, 16> kSocial = {
    "facebook", "instagram", "linkedin",  "lnkd",    "twitter",  "x",        "t",    "reddit",
    "youtube",  "tiktok",    "pinterest", "threads", "mastodon", "snapchat", "bsky", "whatsapp"};
constexpr std::array<std::string_view, 6> kMail = {"mail",  "outlook", "webmail",
                                                   "gmail", "email",   "newsletter"};
constexpr std::array<std::string_view, 11> kPaidMedia = {"cpc",         "ppc",         "paid",  "paidsearch",
                                                         "cpm",         "display",     "cpv",   "paid-search",
                                                         "paid_social", "paid-social", "banner"};
constexpr std::array<std::string_view, 4> kSocialMedia = {"social", "social-media", "social_media", "some"};
constexpr std::array<std::string_view, 4> kMailMedia = {"email", "e-mail", "mail", "newsletter"};

bool is_one_of(std::string_view text, const auto& known) {
  return std::ranges::find(known, text) != known.end();
}

/// Whether one of the host's labels but the last is known: `www.google.co.uk`, `mail.example.com`.
bool has_label(std::string_view host, const auto& known) {
  const auto labels = ascii::split(host, '.');
  for (std::size_t i = 0; i + 1 < labels.size(); ++i) {
    // Short names are only meant as `t.co` and `x.com`.
    if (is_one_of(labels[i], known) && (labels[i].size() > 1 || labels.size() == 2)) return true;
  }
  return false;
}

Channel channel_of_host(std::string_view host) {
  if (host.empty()) return Channel::Direct;
  if (host == "/") return Channel::Internal;
  if (has_label(host, kMail)) return Channel::Mail;
  if (has_label(host, kSearch)) return Channel::Search;
  return has_label(host, kSocial) ? Channel::Social : Channel::Referral;
}

}  // namespace

Campaign read_campaign(std::string_view field) {
  Campaign campaign;
  for (const auto pair : ascii::split(field, '&')) {
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = pair.substr(0, equals), value = pair.substr(equals + 1);
    if (name == "source") campaign.source = value;
    if (name == "medium") campaign.medium = value;
    if (name == "campaign") campaign.name = value;
  }
  return campaign;
}

std::string_view channel_name(Channel channel) {
  return kNames[static_cast<std::size_t>(channel)];
}

Channel channel_of(std::string_view referrer, std::string_view campaign) {
  if (campaign.empty()) return channel_of_host(referrer);
  const auto medium = ascii::lower(read_campaign(campaign).medium);
  if (is_one_of(medium, kPaidMedia)) return Channel::Paid;
  if (is_one_of(medium, kMailMedia)) return Channel::Mail;
  if (is_one_of(medium, kSocialMedia)) return Channel::Social;
  return Channel::Campaign;
}

}  // namespace portvakt::insights

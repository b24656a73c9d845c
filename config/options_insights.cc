#include <utility>

#include "config/option.h"

namespace portvakt::config {
namespace {

constexpr Option kOptions[] = {
    {.path = "insights",
     .help = "The reports, `portvakt insights`. Accounts are made with `portvakt insights user add`."},
    {.path = "insights.hosts",
     .shape = Shape::List,
     .kind = Kind::Host,
     .help = "Names under which browsers reach the reports, such as that of the TLS proxy before them. "
             "Without it: "
             "this machine's own alone, and only loopback addresses can be listened on.",
     .open = [](Model& m) { m.insights.hosts.clear(); },
     .set = [](Model& m, Value&& v) { m.insights.hosts.push_back(std::move(v.text)); }},
    {.path = "insights.sign_on", .help = "Sign-on by a proxy of yours that has asked the reader already."},
    {.path = "insights.sign_on.header",
     .kind = Kind::Text,
     .required = true,
     .help =
         "The header field with the account's name, which that proxy always sets itself. The account and its "
         "roles have to exist.",
     .set = [](Model& m, Value&& v) { m.insights.sign_on_header = std::move(v.text); }},
    {.path = "insights.sign_on.from",
     .shape = Shape::List,
     .kind = Kind::Network,
     .required = true,
     .help = "Whose header is believed; from anybody else it is ignored.",
     .set = [](Model& m, Value&& v) { m.insights.sign_on_from.push_back(v.network); }},
};

}  // namespace

std::span<const Option> insights_options() {
  return kOptions;
}

}  // namespace portvakt::config

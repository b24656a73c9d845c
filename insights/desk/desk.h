// What the parts of the reports' server share: the figures, the accounts, the settings; and one question as
// it is being answered. Lives on the reports' loop.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "insights/accounts/proposals.h"
#include "insights/accounts/shares.h"
#include "insights/desk/gate.h"
#include "insights/pages/frame.h"
#include "insights/reports.h"
#include "proxy/base/clock.h"
#include "proxy/http_server/http_server.h"

namespace portvakt::insights {

struct InsightsSettings {
  std::vector<std::string> sites;  // shown in this order, also before they have records
  std::vector<std::string> hosts;  // names that browsers may use besides this machine's own
  bool demo = false;
  GateSettings gate;
  std::filesystem::path proposals;  // a folder
};

struct Desk {
  Desk(Reports& figures, Database& accounts_file, const Clock& the_clock, InsightsSettings chosen)
      : reports(figures),
        clock(the_clock),
        settings(std::move(chosen)),
        gate(accounts_file, the_clock, settings.gate),
        accounts(accounts_file),
        sessions(accounts_file),
        shares(accounts_file),
        proposals(accounts_file, settings.proposals) {}

  Reports& reports;
  const Clock& clock;
  const InsightsSettings settings;
  Gate gate;
  Accounts accounts;
  Sessions sessions;
  Shares shares;
  Proposals proposals;
};

/// One request of a reader that is known.
struct Visit {
  const http_server::Request& request;
  std::string_view path;
  Reader reader;
  Words words;
  ScreenState state;
  std::vector<std::string> sites;  // that the reader may see
};

inline constexpr std::string_view kHtml = "text/html; charset=utf-8";
inline constexpr std::string_view kJson = "application/json";

http_server::Answer html(int status, std::string body);
http_server::Answer notice(const Words& words, int status, Text title, Text text);
http_server::Answer not_found(const Words& words);

Frame make_frame(Desk& desk, const Visit& visit, Screen screen);

/// Sites with settings or records that these grants allow to see.
Result<std::vector<std::string>> sites_of(Desk& desk, const Reader& reader);
Words words_of(const http_server::Request& request, const ScreenState& state);
/// `https://reports.example.test`, as the reader's browser names us.
std::string own_address(const Desk& desk, const http_server::Request& request);

}  // namespace portvakt::insights

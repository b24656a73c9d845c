#include "insights/accounts/proposals.h"

#include <algorithm>
#include <array>
#include <map>
#include <system_error>

#include "insights/accounts/account_database.h"
#include "proxy/base/ascii.h"
#include "proxy/base/file.h"

namespace portvakt::insights {
namespace {

constexpr std::array<std::string_view, 4> kPurposes = {"necessary", "functional", "analytics", "marketing"};

/// What can stand between quotes in YAML, and in a line of a filter list, without meaning anything else
/// there.
bool is_plain(std::string_view name, std::string_view also) {
  return !name.empty() && name.size() <= 255 && std::ranges::all_of(name, [also](char c) {
    return ascii::is_alnum(c) || also.find(c) != std::string_view::npos;
  });
}

bool makes_sense(const Proposal& proposal) {
  if (std::ranges::find(kPurposes, proposal.purpose) == kPurposes.end()) return false;
  if (proposal.kind == "host") return is_plain(proposal.name, ".-");
  return proposal.kind == "cookie" && is_plain(proposal.name, "!#$%&'*+-.^_`|~");
}

std::string list_name(std::string_view site, std::string_view purpose) {
  return "proposed-" + std::string(site) + "-" + std::string(purpose) + ".txt";
}

/// The hosts as network filters (Adblock syntax).
std::string filter_list(const std::vector<Proposal>& all, std::string_view purpose) {
  std::string out;
  for (const auto& one : all) {
    if (one.kind == "host" && one.purpose == purpose) out += "||" + one.name + "^\n";
  }
  return out;
}

}  // namespace

Result<void> Proposals::propose(std::string_view site, const Proposal& proposal) {
  if (!makes_sense(proposal)) return failure(ErrorKind::Invalid, "no host or cookie has such a name");
  const auto all = list(site);
  if (!all) return tl::unexpected(all.error());
  if (all->size() >= kMaxProposals) return failure(ErrorKind::Invalid, "there are too many proposals");
  auto put = change(database_, "INSERT OR REPLACE INTO proposals VALUES (?, ?, ?, ?)", site, proposal.kind,
                    proposal.name, proposal.purpose);
  return put ? write_files(site) : put;
}

Result<std::vector<Proposal>> Proposals::list(std::string_view site) {
  auto rows =
      ask(database_, "SELECT kind, name, purpose FROM proposals WHERE site = ? ORDER BY kind, name", site);
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Proposal> all;
  for (auto more = rows->step();; more = rows->step()) {
    if (!more) return tl::unexpected(more.error());
    if (!*more) return all;
    all.push_back({rows->text(0), rows->text(1), rows->text(2)});
  }
}

Result<std::string> Proposals::snippet(std::string_view site) {
  const auto all = list(site);
  if (!all) return tl::unexpected(all.error());
  if (all->empty()) return std::string();
  std::string cookies, lists;
  for (const auto& one : *all) {
    if (one.kind == "cookie") cookies += "  \"" + one.name + "\": " + one.purpose + "\n";
  }
  for (const auto purpose : kPurposes) {
    const auto hosts = filter_list(*all, purpose);
    if (hosts.empty()) continue;
    lists += "  # " + list_name(site, purpose) + ":\n";
    for (const auto line : ascii::split(hosts, '\n')) lists += "  #   " + std::string(line) + "\n";
    lists += "  - {file: " + list_name(site, purpose) + ", purpose: " + std::string(purpose) + "}\n";
  }
  std::string out = "# sites[].name: " + std::string(site) + "\n";
  if (!cookies.empty()) out += "cookies:\n" + cookies;
  if (!lists.empty()) out += "lists:\n" + lists;
  return out;
}

Result<void> Proposals::write_files(std::string_view site) {
  std::error_code code;
  std::filesystem::create_directories(folder_, code);
  if (code) return failure(ErrorKind::Io, "cannot make " + folder_.string() + ": " + code.message());
  const auto all = list(site);
  if (!all) return tl::unexpected(all.error());
  for (const auto purpose : kPurposes) {
    if (auto written = write_private_file(folder_ / list_name(site, purpose), filter_list(*all, purpose));
        !written)
      return written;
  }
  const auto text = snippet(site);
  if (!text) return tl::unexpected(text.error());
  return write_private_file(folder_ / ("proposed-" + std::string(site) + ".yaml"), *text);
}

}  // namespace portvakt::insights

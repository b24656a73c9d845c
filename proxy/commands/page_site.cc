#include "proxy/commands/page_site.h"

#include <cstdio>

#include "config/load.h"
#include "filters/tags/catalogue_reader.h"
#include "proxy/base/ascii.h"
#include "proxy/server/shipped_files.h"
#include "proxy/server/site_compiler.h"

namespace portvakt::commands {
namespace {

std::unique_ptr<PageSite> complain(const std::string& text, int code, int& exit_code) {
  std::fprintf(stderr, "portvakt: %s\n", text.c_str());
  exit_code = code;
  return nullptr;
}

/// The site that was named, or the only one. Null: neither.
const config::Site* choose_site(const config::Model& model, const std::string& name) {
  if (name.empty()) return model.sites.size() == 1 ? &model.sites.front() : nullptr;
  for (const auto& site : model.sites) {
    if (site.name == name) return &site;
  }
  return nullptr;
}

std::optional<config::Model> read_model(const PageOptions& options, Diagnostics& diagnostics) {
  if (!options.config.empty()) return config::load(options.config, diagnostics);
  config::Model model;
  config::Site site;
  site.name = options.site.empty() ? "site" : options.site;
  site.hosts = {"*"};
  model.sites.push_back(std::move(site));
  return model;
}

bool grant(PageSite& page, const std::string& purposes) {
  for (const auto name : ascii::split(purposes, ',')) {
    const auto purpose = page.policy->rules().purposes.find(name);
    if (!purpose) return false;
    page.consent.granted.add(*purpose);
  }
  page.consent.chosen = !purposes.empty();
  return true;
}

}  // namespace

std::unique_ptr<PageSite> open_page_site(const PageOptions& options, int& exit_code) {
  Diagnostics diagnostics;
  const auto model = read_model(options, diagnostics);
  if (!model)
    return complain("the configuration has errors:\n" + diagnostics.format(), kExitFaults, exit_code);
  const auto* site = choose_site(*model, options.site);
  if (site == nullptr)
    return complain("name one of the configuration's sites with --site", kExitUsage, exit_code);
  auto page = std::make_unique<PageSite>();
  page->site = *site;
  auto file = model->vendors_file.empty() ? server::find_shipped("vendors.yaml")
                                          : Result<std::filesystem::path>(model->vendors_file);
  if (!file) return complain(file.error().detail, kExitFaults, exit_code);
  page->catalogue = tags::read_catalogue(*file, diagnostics);
  if (!page->catalogue) return complain(diagnostics.format(), kExitFaults, exit_code);
  auto rules = server::tag_rules(*model, *site, *page->catalogue);
  if (!rules) return complain(rules.error().detail, kExitFaults, exit_code);
  page->policy = std::make_unique<tags::TagPolicy>(*page->catalogue, std::move(*rules));
  if (!grant(*page, options.purposes))
    return complain("--purposes names a purpose that the site does not have", kExitUsage, exit_code);
  page->url = http::parse_url(options.url);
  if (!page->url.is_network())
    return complain("--url is not an absolute http or https address", kExitUsage, exit_code);
  return page;
}

}  // namespace portvakt::commands

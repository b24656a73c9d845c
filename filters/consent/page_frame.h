// What all pages under the consent path have in common: the frame around their text, one style, and the head
// of their answers. No script, no third party. No state.
#pragma once

#include <string>
#include <string_view>

#include "filters/consent/consent_settings.h"
#include "filters/filter.h"

namespace portvakt::consent {

/// The pages that visitors find in the navigation.
enum class PagePlace : std::uint8_t { Choice, Declaration, MyData, Requests, Device };

/// Where a page is written and for whom. Both outlive it.
struct PageView {
  const ConsentSettings& settings;
  const Locale& locale;
};

/// From the doctype to the end of the `h1`.
std::string page_start(const PageView& view, PagePlace place);
/// What closes it.
std::string_view page_end();

/// The answer that carries a whole page.
filters::Reply page_reply(int status, const Locale& locale, std::string page);
/// The answer that carries any other document of ours: never cached, never sniffed, for this site alone.
filters::Reply document_reply(int status, std::string_view type, std::string body);
/// To be kept as a file.
filters::Reply download_reply(std::string_view type, std::string_view file, std::string body);
/// `303` to a path of ours.
filters::Reply see_other(std::string_view location);

// Small pieces of markup. Texts are escaped.
std::string heading(std::string_view text);
std::string paragraph(std::string_view text);
/// A sentence that says what has just happened.
std::string notice(std::string_view text);
std::string link(std::string_view url, std::string_view text);
/// A pair of a `dl`.
std::string term(std::string_view name, std::string_view value);
std::string day(std::string_view iso_day);

}  // namespace portvakt::consent

// What each family of elements can fetch, and how it is taken out. Called by the tag handler, one function a
// family; each asks the judge and changes the element. No state.
#pragma once

#include "filters/html/element.h"
#include "filters/html/rewriter.h"
#include "filters/tags/page_judge.h"

namespace portvakt::tags {

/// `script` in HTML and SVG, with its text.
void visit_script(PageJudge& judge, html::Element& element, html::InlineText& text);
/// A script that browsers do not run: JSON, templates, `text/plain`.
bool is_data_block(html::Element& element);
/// `style` with its text.
void visit_style(PageJudge& judge, html::Element& element, html::InlineText& text);
/// iframe, frame, embed, object, applet, portal, fencedframe. Not srcdoc: the handler reads that with itself.
void visit_frame(PageJudge& judge, html::Element& element);
/// img, source, picture, video, audio, track, input, and SVG's image, use, feImage, animate, set.
void visit_media(PageJudge& judge, html::Element& element);
/// link, meta, base.
void visit_link(PageJudge& judge, html::Element& element);
void visit_meta(PageJudge& judge, html::Element& element);
void visit_base(PageJudge& judge, html::Element& element);
/// Attributes that mean the same on every element: style, background, ping, lazy-loading data-…, on….
void visit_attributes(PageJudge& judge, html::Element& element);

/// Takes the element out; one that scripts may look for, by id or name, stays without `attribute` instead.
void take_out(html::Element& element, std::string_view attribute);
/// Removes the attribute if its address is held back.
bool drop_if_held(PageJudge& judge, html::Element& element, std::string_view attribute);
/// Removes the held candidates of a srcset; the whole attribute when none is left.
void filter_candidates(PageJudge& judge, html::Element& element, std::string_view attribute);
/// The element is marked for a consent tool of the site, which is to activate it later.
bool has_dialect_mark(const html::Element& element);

}  // namespace portvakt::tags

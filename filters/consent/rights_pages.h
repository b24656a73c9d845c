// The pages on which visitors use their rights: my data, erasure, requests, another device. Written from
// values, without a script and without I/O; what came from outside is escaped. No state.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "filters/consent/frozen_cookie.h"
#include "filters/consent/page_frame.h"
#include "filters/question.h"

namespace portvakt::consent {

/// What a visitor may do with what is kept.
struct DataPage {
  std::string said;                // what has just happened; may be empty
  std::optional<WallTime> frozen;  // since when
  bool may_release = false;        // analytics is granted, so that the number may be used again
};

/// For a visitor with an id; `kept` is all that is kept.
std::string my_data_page(const PageView& view, const DataPage& page, const filters::Answer& kept);
/// For one without.
std::string no_data_page(const PageView& view, std::string_view said);
/// Asks before anything is erased.
std::string erase_page(const PageView& view);

/// A request as it is being written.
struct RequestDraft {
  std::string number;  // under which it will be filed: sent twice, it is filed once
  std::string kind = "rectification";
  std::string words;
  std::string contact;
};
/// `said` may be empty.
std::string request_form_page(const PageView& view, const RequestDraft& draft, std::string_view said);
/// A request that was looked up; `fresh`: it has just been filed.
std::string request_page(const PageView& view, const filters::Answer& request, bool fresh);

struct DevicePage {
  std::string said;
  bool may_make = false;  // there is a choice to take over
  std::string code;       // made just now
  std::string address;    // where the other device types it
};
std::string device_page(const PageView& view, const DevicePage& page);

/// Nobody could be asked; `retry` is a page to go to.
std::string unavailable_page(const PageView& view, PagePlace place, std::string_view retry);

}  // namespace portvakt::consent

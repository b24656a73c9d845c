// What is served under the consent path beside the choice itself: the pages and forms by which visitors use
// their rights. Reads cookie, path and form; asks the desk what lies in Redis; changes the visitor's cookies.
// Forms count only from a page of this site. Enforcing: a visitor is who the signed cookie says, and nobody
// else. Const, shared by all workers.
//
// What a right does here: freezing takes the visitor id out of the consent cookie, so that the edge cannot
// link another record, and hides what is kept. Objecting switches analytics off and freezes. Erasing switches
// analytics off as well: whoever asks to be forgotten does not expect to be counted anew a second later; it
// needs no answer from Redis, because the notice travels through the spool like every record.
#pragma once

#include <optional>
#include <string_view>

#include "filters/consent/consent_cookie.h"
#include "filters/consent/device_code.h"
#include "filters/consent/frozen_cookie.h"
#include "filters/consent/rights_pages.h"
#include "filters/filter.h"

namespace portvakt::consent {

class RightsPaths {
 public:
  /// The settings outlive it.
  RightsPaths(const ConsentSettings& settings, const ConsentCookie& cookie);

  /// `name` is the path behind the consent path. Empty: there is nothing of that name. The notes hold the
  /// visitor's consent.
  std::optional<filters::Step> answer(filters::RequestContext& context, std::string_view name,
                                      std::size_t language) const;

  /// A visitor whose data is frozen gets no new id.
  bool is_frozen(const filters::RequestContext& context) const;

 private:
  struct Call;
  using Handler = filters::Step (RightsPaths::*)(Call&) const;
  struct Route;
  static const Route* find_route(std::string_view name);

  filters::Step declaration(Call& call) const;
  filters::Step my_data(Call& call) const;
  filters::Step my_json(Call& call) const;
  filters::Step my_csv(Call& call) const;
  filters::Step json_schema(Call& call) const;
  filters::Step csv_metadata(Call& call) const;
  filters::Step erase_question(Call& call) const;
  filters::Step erase(Call& call) const;
  filters::Step restrict_data(Call& call) const;
  filters::Step release(Call& call) const;
  filters::Step object(Call& call) const;
  filters::Step requests(Call& call) const;
  filters::Step file_request(Call& call) const;
  filters::Step device(Call& call) const;
  filters::Step make_code(Call& call) const;
  filters::Step use_code(Call& call) const;

  filters::Step ask(Call& call, filters::Asked asked, std::string visitor) const;
  filters::Step unavailable(Call& call, PagePlace place, std::string_view retry) const;
  /// The new state in cookies, receipt and notes; and back to the page that says so.
  filters::Step done(Call& call, ConsentState state, std::string_view choice, std::string_view said) const;
  void freeze(Call& call, const std::string& visitor, ConsentState& state) const;

  const ConsentSettings& settings_;
  const ConsentCookie& cookie_;
  FrozenCookie frozen_;
  DeviceCodeSeal seal_;
};

}  // namespace portvakt::consent

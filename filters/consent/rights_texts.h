// The texts of the pages on which visitors use their rights: the `rights` part of a locale file, and how many
// bytes each has room for. Part of Locale; const after loading.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace portvakt::consent {

struct RightsTexts {
  // the pages' names
  std::string my_data;
  std::string declaration;
  std::string requests;
  std::string device;

  // my data
  std::string no_data;  // for visitors without an id
  std::string kept;
  std::string entries;
  std::string as_json;
  std::string as_csv;
  std::string fields;
  std::string restrict;
  std::string restrict_text;
  std::string frozen;  // followed by a date
  std::string release;
  std::string object;
  std::string object_text;
  std::string erase;
  std::string erase_text;
  std::string erase_confirm;
  std::string cancel;
  std::string erased;
  std::string objected;

  // when nobody answers
  std::string unavailable;
  std::string try_again;

  // requests
  std::string requests_text;
  std::string kind;
  std::string kind_rectification;
  std::string kind_access;
  std::string kind_other;
  std::string words;
  std::string contact;
  std::string send;
  std::string number;
  std::string keep_number;
  std::string look_up;
  std::string received;
  std::string due;  // followed by a date
  std::string state;
  std::string open;
  std::string extended;
  std::string answered;
  std::string answer;
  std::string no_request;

  // another device
  std::string device_text;
  std::string make_code;
  std::string code;
  std::string code_text;  // followed by the code
  std::string use_code;
  std::string code_wrong;
  std::string too_many;
  std::string device_done;

  // the declaration
  std::string declaration_text;
  std::string partners;
  std::string none_seen;
  std::string cookies;
  std::string unknown;
  std::string last_seen;
  std::string times;  // followed by a number
  std::string held;
  std::string lifetime;
  std::string session;
  std::string days;  // after a number
  std::string storage;
  std::string all_partners;
  std::string agreement;
  std::string agreement_signed;
  std::string agreement_missing;
};

/// One text: its key, where it goes, and how many bytes its place has room for.
struct RightsTextField {
  std::string_view key;
  std::string RightsTexts::* text;
  std::size_t most;
};
std::span<const RightsTextField> rights_text_fields();

}  // namespace portvakt::consent

// What a campaign's parameters and a referrer say of how somebody came. Pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace portvakt::insights {

/// Views into a record's `campaign` field, `source=…&medium=…&campaign=…`.
struct Campaign {
  std::string_view source;
  std::string_view medium;
  std::string_view name;
};
Campaign read_campaign(std::string_view field);

/// Never renumber: prepared days hold the numbers.
enum class Channel : std::uint8_t { Direct, Search, Social, Mail, Paid, Campaign, Referral, Internal };
inline constexpr std::size_t kChannels = 8;

/// The numbers that the store gives to no text and to the channels' names.
inline constexpr std::uint32_t kEmptyWord = 1;
inline constexpr std::uint32_t channel_word(Channel channel) {
  return 2 + static_cast<std::uint32_t>(channel);
}

/// `direct`, `search` …
std::string_view channel_name(Channel channel);

/// A campaign's medium tells more than the site it came from. `referrer` is a host, `/` for the site itself.
Channel channel_of(std::string_view referrer, std::string_view campaign);

}  // namespace portvakt::insights

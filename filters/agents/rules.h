// The rules by which a User-Agent text is read, as the compiler in `compiler/` made them from uap-core's
// data: constant tables in the program, so that neither the data nor a start-up is needed to use them. Each
// rule is a regular expression as code for the matcher; an index of literals tells which rules can match at
// all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace portvakt::agents {

/// One word of code names the step, words after it are its operands. Addresses count from the rule's begin.
enum Step : std::uint16_t {
  kMatch,
  kText,          // length, then its bytes, two in a word
  kSet,           // a character out of a set
  kRepeat,        // set, least, most, greedy (1) or lazy (0)
  kSplit,         // first choice, second choice
  kJump,          // where to
  kSave,          // which of the four places
  kBegin,         // of the text
  kEnd,           // of the text
  kWordBoundary,  // as \b
  kDispatch,      // a table of choices by the next byte
};

inline constexpr std::uint16_t kNoBound = 0xffff;

/// 256 bits, one a byte value.
struct ByteSet {
  std::uint64_t bits[4];
  constexpr bool has(unsigned char byte) const { return (bits[byte >> 6U] >> (byte & 63U) & 1U) != 0; }
};

/// Where the choices begin that the next byte leaves, in a list of addresses that ends with 0; place 256 is
/// for the text's end.
struct DispatchTable {
  std::uint16_t first[257];
};

struct Rule {
  std::uint32_t code = 0;
  std::uint16_t first_set = 0;  // of bytes that a match may begin with
  bool anchored = false;        // begins at the text's begin only
  bool ignore_case = false;
  bool open_name = false;         // the first group takes what the sender wrote, not one of the data's words
  const char* name = nullptr;     // with $1; null: the first group
  const char* version = nullptr;  // with $2; null: the second group
};

/// A text in lower case that some rules cannot match without, and those rules.
struct Literal {
  std::uint32_t text = 0;  // in `literal_texts`
  std::uint16_t length = 0;
  std::uint16_t rule_count = 0;
  std::uint32_t rules = 0;  // in `literal_rules`
};

/// Rules of one kind stand together, in the data's order.
struct RuleSet {
  std::span<const std::uint16_t> code;
  std::span<const ByteSet> sets;
  std::span<const DispatchTable> tables;
  std::span<const std::uint16_t> choices;
  std::span<const Rule> rules;
  std::size_t systems = 0;  // the first rule of systems
  std::size_t devices = 0;
  std::size_t spiders = 0;                // so many of the first device rules name robots
  std::size_t late_spider = 0;            // the last one that does, after the rules of models
  std::span<const std::uint64_t> always;  // rules without a literal
  std::span<const Literal> literals;      // by `key_of` their first three bytes
  std::span<const std::uint16_t> keys;    // kKeys + 1: where a key's literals begin
  std::string_view literal_texts;
  std::span<const std::uint16_t> literal_rules;
};

inline constexpr std::size_t kLiteralKey = 3;
inline constexpr std::size_t kKeys = 4096;

constexpr std::size_t key_of(const char* bytes) {
  const auto a = static_cast<unsigned char>(bytes[0]), b = static_cast<unsigned char>(bytes[1]),
             c = static_cast<unsigned char>(bytes[2]);
  return (a * 961U ^ b * 31U ^ c * 7U) % kKeys;
}

/// Upper bound of rules; the sets of candidates have this many bits.
inline constexpr std::size_t kMaxRules = 1536;

/// The compiled rules; the definition is written by the build.
extern const RuleSet kRules;

}  // namespace portvakt::agents

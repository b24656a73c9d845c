#include "filters/agents/compiler/assembler.h"

#include <cstdio>

namespace portvakt::agents {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

/// In hexadecimal and broken into short pieces: any byte, any length.
std::string bytes_of(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char piece[8];
    std::snprintf(piece, sizeof piece, "\\%03o", static_cast<unsigned>(static_cast<unsigned char>(text[i])));
    if (i % 24 == 0) out += i == 0 ? "\"" : "\"\n\"";
    out += piece;
  }
  return (out.empty() ? "\"" : out) + "\"";
}

template <typename Values>
void write_list(std::ostream& out, const char* declaration, const Values& values) {
  out << "constexpr " << declaration << "[] = {";
  std::size_t column = 0;
  for (const auto value : values) out << (column++ % 24 == 0 ? "\n" : "") << value << ",";
  out << "};\n";
}

}  // namespace

void Assembler::write(std::ostream& out, const Bounds& bounds) const {
  out << "// Written by the build from uap-core's regexes.yaml (Apache License 2.0).\n"
         "#include \"filters/agents/rules.h\"\n\n#include <bit>\n\n"
         "static_assert(std::endian::native == std::endian::little, \"texts lie in code words\");\n\n"
         "namespace portvakt::agents {\nnamespace {\n\n";
  write_code(out);
  write_tables(out);
  write_rules(out);
  write_literals(out);
  out << "\n}  // namespace\n\nextern const RuleSet kRules = {\n  kCode, kSets, kTables, kChoices, "
         "kRuleList, "
      << bounds.systems << ", " << bounds.devices << ", " << bounds.spiders << ", " << bounds.late_spider
      << ",\n  kAlways, kLiterals, kKeyPlaces, {kTexts, sizeof kTexts - 1}, kLiteralRules};\n\n"
         "}  // namespace portvakt::agents\n";
}

void Assembler::write_code(std::ostream& out) const {
  write_list(out, "std::uint16_t kCode", code_);
  write_list(out, "std::uint16_t kChoices", choices_);
}

void Assembler::write_tables(std::ostream& out) const {
  out << "constexpr ByteSet kSets[] = {\n";
  for (const auto& bytes : sets_) {
    out << "{{";
    for (std::size_t part = 0; part < 4; ++part) {
      std::uint64_t bits = 0;
      for (std::size_t i = 0; i < 64; ++i) bits |= std::uint64_t{bytes[64 * part + i]} << i;
      out << bits << "ULL,";
    }
    out << "}},\n";
  }
  out << "};\nconstexpr DispatchTable kTables[] = {\n";
  for (const auto& table : tables_) {
    out << "{{";
    for (const auto first : table.first) out << first << ",";
    out << "}},\n";
  }
  out << "};\n";
}

void Assembler::write_rules(std::ostream& out) const {
  out << "constexpr Rule kRuleList[] = {\n" << std::boolalpha;
  for (const auto& [rule, entry] : rules_) {
    out << "{" << rule.code << "," << rule.first_set << "," << rule.anchored << "," << rule.ignore_case << ","
        << rule.open_name << "," << (entry.has_name ? quoted(entry.name) : "nullptr") << ","
        << (entry.has_version ? quoted(entry.version) : "nullptr") << "},\n";
  }
  out << "};\n";
  write_list(out, "std::uint64_t kAlways", always_);
}

void Assembler::write_literals(std::ostream& out) const {
  std::vector<std::vector<const std::string*>> by_key(kKeys);
  for (const auto& literal : literals_) by_key[key_of(literal.first.data())].push_back(&literal.first);
  std::string texts;
  std::vector<std::uint16_t> rules, places;
  out << "constexpr Literal kLiterals[] = {\n";
  std::size_t count = 0;
  for (const auto& bucket : by_key) {
    places.push_back(static_cast<std::uint16_t>(count));
    for (const std::string* text : bucket) {
      const auto& numbers = literals_.at(*text);
      out << "{" << texts.size() << "," << text->size() << "," << numbers.size() << "," << rules.size()
          << "},\n";
      texts += *text;
      rules.insert(rules.end(), numbers.begin(), numbers.end());
      ++count;
    }
  }
  places.push_back(static_cast<std::uint16_t>(count));
  out << "};\n";
  write_list(out, "std::uint16_t kLiteralRules", rules);
  write_list(out, "std::uint16_t kKeyPlaces", places);
  out << "constexpr char kTexts[] =\n" << bytes_of(texts) << ";\n";
}

}  // namespace portvakt::agents

#include "filters/agents/compiler/assembler.h"

#include <cstdio>
#include <cstdlib>

#include "filters/agents/compiler/literals.h"

namespace portvakt::agents {
namespace {

constexpr std::size_t kDispatchFrom = 4;  // choices; fewer are tried one after the other

[[noreturn]] void refuse(const char* why) {
  std::fprintf(stderr, "agents: %s\n", why);
  std::exit(1);
}

const Node* find_group(const Node& node, int number) {
  if (node.kind == Node::Kind::Group && node.group == number) return &node;
  for (const auto& part : node.parts) {
    if (const Node* found = find_group(*part, number)) return found;
  }
  return nullptr;
}

bool is_literal(const Node& node) {
  return node.kind == Node::Kind::Set && node.bytes.count() == 1;
}
/// Of a set of one byte; a set of both cases of a letter is not one.
unsigned char only_byte(const Node& node) {
  for (std::size_t byte = 0; byte < 256; ++byte) {
    if (node.bytes[byte]) return static_cast<unsigned char>(byte);
  }
  return 0;
}

/// Over text in lower case, capitals in a set mean nothing.
void drop_capitals(Node& node) {
  for (std::size_t c = 'A'; c <= 'Z'; ++c) node.bytes[c] = false;
  for (auto& part : node.parts) drop_capitals(*part);
}

bool begins_at_begin(const Node& node) {
  if (node.kind == Node::Kind::Begin) return true;
  const bool inside = node.kind == Node::Kind::Sequence || node.kind == Node::Kind::Group;
  return inside && !node.parts.empty() && begins_at_begin(*node.parts[0]);
}

}  // namespace

void Assembler::add(const Entry& entry) {
  const auto tree = parse_expression(entry.expression, entry.ignore_case);
  if (entry.ignore_case) drop_capitals(*tree);
  const auto number = static_cast<std::uint16_t>(rules_.size());
  if (number >= kMaxRules) refuse("more rules than kMaxRules");
  begin_ = code_.size();
  groups_ = entry.groups;
  Rule rule;
  rule.code = static_cast<std::uint32_t>(begin_);
  rule.first_set = set_number(first_bytes(*tree));
  rule.anchored = begins_at_begin(*tree);
  rule.ignore_case = entry.ignore_case;
  const Node* first = find_group(*tree, 1);
  const bool takes = !entry.has_name || entry.name.find("$1") != std::string::npos;
  rule.open_name = takes && first != nullptr && !takes_known_texts(*first);
  emit(*tree);
  word(kMatch);
  if (here() >= kNoBound) refuse("an expression is too long");
  rules_.push_back({rule, entry});
  const auto literals = required_literals(*tree);
  for (const auto& literal : literals) literals_[literal].insert(number);
  if (literals.empty()) always_[number / 64U] |= std::uint64_t{1} << (number % 64U);
}

void Assembler::word(std::size_t value) {
  code_.push_back(static_cast<std::uint16_t>(value));
}

std::uint16_t Assembler::set_number(const Bytes& bytes) {
  const auto [found, fresh] =
      set_numbers_.emplace(bytes.to_string(), static_cast<std::uint16_t>(sets_.size()));
  if (fresh) sets_.push_back(bytes);
  return found->second;
}

void Assembler::emit(const Node& node) {
  switch (node.kind) {
    case Node::Kind::Empty:
      return;
    case Node::Kind::Set:
      word(kSet);
      word(set_number(node.bytes));
      return;
    case Node::Kind::Sequence:
      return emit_sequence(node);
    case Node::Kind::Choice:
      return emit_choice(node);
    case Node::Kind::Repeat:
      return emit_repeat(node);
    case Node::Kind::Group:
      return emit_group(node);
    case Node::Kind::Begin:
      return word(kBegin);
    case Node::Kind::End:
      return word(kEnd);
    case Node::Kind::WordBoundary:
      return word(kWordBoundary);
  }
}

/// Single bytes in a row become one text.
void Assembler::emit_sequence(const Node& node) {
  std::string text;
  const auto close = [&] {
    if (text.empty()) return;
    word(kText);
    word(text.size());
    for (std::size_t i = 0; i < text.size(); i += 2) {
      const auto low = static_cast<unsigned char>(text[i]);
      const auto high = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
      word(low | static_cast<std::size_t>(high) << 8U);
    }
    text.clear();
  };
  for (const auto& part : node.parts) {
    if (is_literal(*part)) {
      text.push_back(static_cast<char>(only_byte(*part)));
      continue;
    }
    close();
    emit(*part);
  }
  close();
}

/// `greedy`: first `place`, then `other`; else the other way.
void Assembler::emit_split(bool greedy, std::size_t place, std::size_t other) {
  word(kSplit);
  word(greedy ? place : other);
  word(greedy ? other : place);
}

void Assembler::emit_choice(const Node& node) {
  const bool dispatch = node.parts.size() >= kDispatchFrom;
  std::vector<std::size_t> begins, jumps;
  if (dispatch) {
    word(kDispatch);
    word(tables_.size());
    tables_.emplace_back();
  }
  const std::size_t table = tables_.size() - 1;
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    const bool last = i + 1 == node.parts.size();
    const std::size_t split = code_.size();
    if (!dispatch && !last) emit_split(true, here() + 3, 0);
    begins.push_back(here());
    emit(*node.parts[i]);
    if (!last) {
      word(kJump);
      jumps.push_back(code_.size());
      word(0);
      if (!dispatch) code_[split + 2] = static_cast<std::uint16_t>(here());
    }
  }
  for (const std::size_t jump : jumps) code_[jump] = static_cast<std::uint16_t>(here());
  if (!dispatch) return;
  std::map<std::vector<std::uint16_t>, std::uint16_t> lists{{{}, 0}};
  for (std::size_t byte = 0; byte <= 256; ++byte) {
    std::vector<std::uint16_t> list;
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
      const bool fits = byte == 256 ? may_be_empty(*node.parts[i]) : first_bytes(*node.parts[i])[byte];
      if (fits) list.push_back(static_cast<std::uint16_t>(begins[i]));
    }
    const auto [found, fresh] = lists.emplace(list, static_cast<std::uint16_t>(choices_.size()));
    if (fresh) {
      if (choices_.size() + list.size() >= kNoBound) refuse("too many choices");
      choices_.insert(choices_.end(), list.begin(), list.end());
      choices_.push_back(0);
    }
    tables_[table].first[byte] = found->second;
  }
}

void Assembler::emit_repeat(const Node& node) {
  const Node& part = *node.parts[0];
  if (part.kind == Node::Kind::Set) {
    for (const std::size_t value :
         {std::size_t{kRepeat}, std::size_t{set_number(part.bytes)}, std::size_t{node.least},
          std::size_t{node.most}, std::size_t{node.greedy ? 1U : 0U}}) {
      word(value);
    }
    return;
  }
  for (int i = 0; i < node.least; ++i) emit(part);
  if (node.most == kNoBound) {
    const std::size_t loop = here(), split = code_.size();
    emit_split(node.greedy, loop + 3, 0);
    emit(part);
    word(kJump);
    word(loop);
    code_[split + (node.greedy ? 2 : 1)] = static_cast<std::uint16_t>(here());
    return;
  }
  std::vector<std::size_t> exits;
  for (int i = node.least; i < node.most; ++i) {
    exits.push_back(code_.size() + (node.greedy ? 2 : 1));
    emit_split(node.greedy, here() + 3, 0);
    emit(part);
  }
  for (const std::size_t exit : exits) code_[exit] = static_cast<std::uint16_t>(here());
}

void Assembler::emit_group(const Node& node) {
  const bool kept = node.group > 0 && node.group <= groups_;
  const auto first = static_cast<std::size_t>(2 * node.group - 2);
  if (kept) {
    word(kSave);
    word(first);
  }
  emit(*node.parts[0]);
  if (kept) {
    word(kSave);
    word(first + 1);
  }
}

}  // namespace portvakt::agents

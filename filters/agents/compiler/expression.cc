#include "filters/agents/compiler/expression.h"

#include <cctype>
#include <cstdio>
#include <cstdlib>

#include "filters/agents/rules.h"

namespace portvakt::agents {
namespace {

using Pointer = std::unique_ptr<Node>;

Pointer make(Node::Kind kind) {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  return node;
}

Bytes range(int from, int to) {
  Bytes bytes;
  for (int byte = from; byte <= to; ++byte) bytes.set(static_cast<std::size_t>(byte));
  return bytes;
}
Bytes one(char c) {
  return Bytes().set(static_cast<unsigned char>(c));
}

class Parser {
 public:
  Parser(std::string_view text, bool ignore_case) : text_(text), ignore_case_(ignore_case) {}

  Pointer parse() {
    auto node = choice();
    if (at_ != text_.size()) refuse("a bracket too many");
    return node;
  }

 private:
  [[noreturn]] void refuse(const char* why) const {
    std::fprintf(stderr, "%s at %zu in the expression %.*s\n", why, at_, static_cast<int>(text_.size()),
                 text_.data());
    std::exit(1);
  }
  bool ended() const { return at_ == text_.size(); }
  bool take(char c) {
    if (ended() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  char next() {
    if (ended()) refuse("it ends too soon");
    return text_[at_++];
  }

  Pointer choice() {
    auto node = make(Node::Kind::Choice);
    do node->parts.push_back(sequence());
    while (take('|'));
    return node->parts.size() == 1 ? std::move(node->parts[0]) : std::move(node);
  }

  Pointer sequence() {
    auto node = make(Node::Kind::Sequence);
    while (!ended() && text_[at_] != '|' && text_[at_] != ')') node->parts.push_back(repeated(atom()));
    return node;
  }

  Pointer atom() {
    const char c = next();
    if (c == '(') return group();
    if (c == '[') return set(bracket());
    if (c == '^') return make(Node::Kind::Begin);
    if (c == '$') return make(Node::Kind::End);
    if (c == '.') return set(~one('\n'));
    if (c == '\\' && !ended() && text_[at_] == 'b') {
      ++at_;
      return make(Node::Kind::WordBoundary);
    }
    if (c == '*' || c == '+' || c == '?') refuse("nothing to repeat");
    return set(folded(c == '\\' ? escape() : one(c)));
  }

  Pointer group() {
    auto node = make(Node::Kind::Group);
    if (take('?')) {
      if (!take(':')) refuse("a kind of group that is not known");
    } else {
      node->group = ++groups_;
    }
    node->parts.push_back(choice());
    if (!take(')')) refuse("a group without an end");
    return node;
  }

  Pointer set(const Bytes& bytes) {
    auto node = make(Node::Kind::Set);
    node->bytes = bytes;
    return node;
  }

  /// Both cases of every letter in it: what is matched is in lower case.
  Bytes folded(Bytes bytes) const {
    if (!ignore_case_) return bytes;
    for (std::size_t c = 'A'; c <= 'Z'; ++c) {
      const bool has = bytes[c] || bytes[c + 32];
      bytes[c] = has;
      bytes[c + 32] = has;
    }
    return bytes;
  }

  Bytes escape() {
    const char c = next();
    const Bytes digits = range('0', '9');
    const Bytes words = digits | range('a', 'z') | range('A', 'Z') | one('_');
    const Bytes spaces = one(' ') | range('\t', '\r');
    switch (c) {
      case 'd':
        return digits;
      case 'D':
        return ~digits;
      case 'w':
        return words;
      case 'W':
        return ~words;
      case 's':
        return spaces;
      case 'S':
        return ~spaces;
      case 't':
        return one('\t');
      default:
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) refuse("an escape that is not known");
        return one(c);
    }
  }

  Bytes bracket() {
    const bool negated = take('^');
    Bytes bytes;
    bool first = true;
    while (first || !take(']')) {
      first = false;
      const char c = next();
      if (c == '\\') {
        bytes |= escape();
        continue;
      }
      const bool ranged = at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']';
      if (!ranged) {
        bytes |= one(c);
        continue;
      }
      ++at_;
      const char to = next();
      bytes |= range(static_cast<unsigned char>(c), static_cast<unsigned char>(to));
    }
    bytes = folded(bytes);
    return negated ? ~bytes : bytes;
  }

  std::uint16_t number() {
    std::uint16_t value = 0;
    while (!ended() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) {
      value = static_cast<std::uint16_t>(value * 10 + (text_[at_++] - '0'));
    }
    return value;
  }

  Pointer repeated(Pointer node) {
    std::uint16_t least = 0, most = kNoBound;
    if (take('*')) {
    } else if (take('+')) {
      least = 1;
    } else if (take('?')) {
      most = 1;
    } else if (take('{')) {
      least = number();
      most = take(',') ? (text_[at_] == '}' ? kNoBound : number()) : least;
      if (!take('}')) refuse("a count without an end");
    } else {
      return node;
    }
    auto repeat = make(Node::Kind::Repeat);
    repeat->least = least;
    repeat->most = most;
    repeat->greedy = !take('?');
    if (node->kind != Node::Kind::Set && most == kNoBound && may_be_empty(*node))
      refuse("a repetition of what may be empty");
    repeat->parts.push_back(std::move(node));
    return repeat;
  }

  std::string_view text_;
  bool ignore_case_;
  std::size_t at_ = 0;
  int groups_ = 0;
};

}  // namespace

Pointer parse_expression(std::string_view text, bool ignore_case) {
  return Parser(text, ignore_case).parse();
}

bool may_be_empty(const Node& node) {
  switch (node.kind) {
    case Node::Kind::Set:
      return false;
    case Node::Kind::Sequence:
      for (const auto& part : node.parts) {
        if (!may_be_empty(*part)) return false;
      }
      return true;
    case Node::Kind::Choice:
      for (const auto& part : node.parts) {
        if (may_be_empty(*part)) return true;
      }
      return false;
    case Node::Kind::Repeat:
      return node.least == 0 || may_be_empty(*node.parts[0]);
    case Node::Kind::Group:
      return may_be_empty(*node.parts[0]);
    default:
      return true;
  }
}

Bytes first_bytes(const Node& node) {
  Bytes bytes;
  switch (node.kind) {
    case Node::Kind::Set:
      return node.bytes;
    case Node::Kind::Sequence:
      for (const auto& part : node.parts) {
        const bool passes = may_be_empty(*part);
        const bool takes = part->kind != Node::Kind::Begin && part->kind != Node::Kind::End &&
                           part->kind != Node::Kind::WordBoundary;
        if (!passes) return bytes | first_bytes(*part);
        // What may be empty adds its own first bytes only, not "all".
        if (takes && part->kind == Node::Kind::Repeat)
          bytes |= first_bytes(*part->parts[0]);
        else if (takes)
          return Bytes().set();
      }
      return Bytes().set();
    case Node::Kind::Choice:
      for (const auto& part : node.parts) bytes |= first_bytes(*part);
      return bytes;
    case Node::Kind::Repeat:
      return node.least == 0 ? Bytes().set() : first_bytes(*node.parts[0]);
    case Node::Kind::Group:
      return first_bytes(*node.parts[0]);
    default:
      return Bytes().set();
  }
}

}  // namespace portvakt::agents

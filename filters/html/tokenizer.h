// The tokenization stage of the HTML standard (13.2.5) over bytes as they arrive. Tokens are views of the
// input; bytes that no token was asked for are told as raw runs, so that everything told, in order, is the
// input again. Keeps only the unfinished tail. Does not decode references, replace NUL or normalise newlines,
// and knows no tree: the sink switches the text state. One thread; the sink outlives it; views are good until
// the callback returns.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "filters/html/attribute_filter.h"
#include "filters/html/element.h"
#include "filters/html/tag_names.h"
#include "proxy/base/result.h"

namespace portvakt::html {

inline constexpr std::size_t kMaxTokenBytes = 256 * 1024;  // one start tag, end tag or doctype
inline constexpr std::size_t kMaxAttributes = 2048;        // of one tag

enum class TextKind : std::uint8_t { Data, Rcdata, Rawtext, Script, Plaintext, Cdata };

struct StartTag {
  Tag tag = Tag::Other;
  std::string_view raw;   // from "<" to ">"
  std::string_view name;  // as written
  std::span<const Attribute> attributes;
  bool self_closing = false;
};

struct EndTag {
  Tag tag = Tag::Other;
  std::string_view raw;
  std::string_view name;
};

/// A whole comment or a part of one: `text` is what of `raw` belongs to the comment's data.
struct CommentPart {
  std::string_view raw;
  std::string_view text;
  bool last = false;
};

struct Doctype {
  std::string_view raw;
  std::optional<std::string_view> name;
  std::optional<std::string_view> public_id;
  std::optional<std::string_view> system_id;
  bool force_quirks = false;
};

class TokenSink {
 public:
  virtual ~TokenSink() = default;
  virtual void on_raw(std::string_view bytes) = 0;  // of tokens that were not asked for
  virtual Result<void> on_start_tag(const StartTag& tag) = 0;
  virtual Result<void> on_end_tag(const EndTag& tag) = 0;
  virtual Result<void> on_text(std::string_view text, TextKind kind) = 0;  // a run may come in parts
  virtual void on_comment(const CommentPart&) {}
  virtual Result<void> on_doctype(const Doctype& doctype) = 0;
  virtual void on_unfinished(std::string_view raw) = 0;  // a tag cut off by the end of input: no token
};

class Tokenizer {
 public:
  explicit Tokenizer(TokenSink& sink) : sink_(sink) {}

  Result<void> write(std::string_view bytes);
  Result<void> end();
  /// Plain text, at most: no tag, comment or raw text is open.
  /// Bytes of an unfinished tag.
  std::size_t held() const { return tail_.size(); }
  bool between_tokens() const { return state_ == State::Data; }

  // What the sink wants to be told; from its callbacks or before the first byte.
  void want_start_tags(TagSet tags) { start_tags_ = tags; }
  void want_end_tags(TagSet tags) { end_tags_ = tags; }
  void want_attributes(const AttributeFilter& filter) { attribute_filter_ = &filter; }
  void want_text(bool wanted) { text_wanted_ = wanted; }
  void want_comments(bool wanted) { comments_wanted_ = wanted; }

  /// The text that follows is the content of `element`, up to its end tag. From on_start_tag or before the
  /// first byte.
  void switch_to(TextKind kind, std::string_view element);
  /// Whether "<![CDATA[" opens a section: in foreign content (13.2.5.42).
  void allow_cdata(bool allowed) { cdata_allowed_ = allowed; }

 private:
  // As in the standard, in its order; the three raw kinds of text share their end tag states.
  enum class State : std::uint8_t {
    Data,
    Rcdata,
    Rawtext,
    ScriptData,
    Plaintext,
    TagOpen,
    EndTagOpen,
    TagName,
    RawLessThanSign,
    RawEndTagOpen,
    RawEndTagName,
    ScriptDataEscapeStart,
    ScriptDataEscapeStartDash,
    ScriptDataEscaped,
    ScriptDataEscapedDash,
    ScriptDataEscapedDashDash,
    ScriptDataEscapedLessThanSign,
    ScriptDataDoubleEscapeStart,
    ScriptDataDoubleEscaped,
    ScriptDataDoubleEscapedDash,
    ScriptDataDoubleEscapedDashDash,
    ScriptDataDoubleEscapedLessThanSign,
    ScriptDataDoubleEscapeEnd,
    BeforeAttributeName,
    AttributeName,
    AfterAttributeName,
    BeforeAttributeValue,
    AttributeValueDoubleQuoted,
    AttributeValueSingleQuoted,
    AttributeValueUnquoted,
    AfterAttributeValueQuoted,
    SelfClosingStartTag,
    BogusComment,
    MarkupDeclarationOpen,
    CommentStart,
    CommentStartDash,
    Comment,
    CommentLessThanSign,
    CommentLessThanSignBang,
    CommentLessThanSignBangDash,
    CommentEndDash,
    CommentEnd,
    CommentEndBang,
    Doctype,
    BeforeDoctypeName,
    DoctypeName,
    AfterDoctypeName,
    AfterDoctypePublicKeyword,
    BeforeDoctypePublicId,
    DoctypePublicIdQuoted,
    AfterDoctypePublicId,
    BetweenDoctypeIds,
    AfterDoctypeSystemKeyword,
    BeforeDoctypeSystemId,
    DoctypeSystemIdQuoted,
    AfterDoctypeSystemId,
    BogusDoctype,
    CdataSection,
    CdataSectionBracket,
    CdataSectionEnd,
    Failed,
  };

  // Offsets from the start of the token, so that they hold when the tail moves.
  struct Range {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  struct AttributeRange {
    Range name;
    Range value;
  };
  struct DoctypeRanges {
    std::optional<Range> name;
    std::optional<Range> public_id;
    std::optional<Range> system_id;
    bool force_quirks = false;
    std::optional<std::uint32_t> keyword;  // where PUBLIC or SYSTEM may be
    char quote = 0;
  };

  // tokenizer.cc: cuts, tails and telling
  void run();
  std::string_view resume(std::string_view bytes);
  void drop_front(std::size_t count);
  void keep_tail();
  std::size_t hold_from() const;
  void tell_until(std::size_t position);
  void tell_before_token();
  void emit_tag();
  void emit_tag(Tag tag);
  void emit_start_tag(Tag tag);
  void emit_end_tag(Tag tag);
  void tell_until_raw();
  void end_token();
  bool in_comment() const;
  bool in_tag() const;
  void emit_doctype();
  bool attribute_wanted() const;
  void settle(Result<void> result);
  void fail(ErrorKind kind, const char* detail);
  TextKind text_kind() const;

  // tokenizer_text.cc
  void run_text();
  void data();
  void raw_text();
  void plaintext();
  void cdata();
  void raw_less_than_sign();
  void raw_end_tag_open();
  void raw_end_tag_name();
  void back_to_text() { state_ = text_state_; }

  // tokenizer_script.cc
  void run_script();
  void script_data();
  void script_dash(State if_dash, State otherwise);
  void script_data_escaped(State after_dash);
  void script_data_escaped_less_than_sign();
  void script_data_double_escaped(State after_dash);
  void script_data_double_escaped_less_than_sign();
  void script_double_escape(State if_script, State otherwise);

  // whole_tag.cc
  bool whole_tag();
  const char* whole_attributes(const char* p);
  const char* whole_value(const char* p, Range& value) const;

  // tokenizer_tags.cc
  void tag_open();
  void end_tag_open();
  void run_tag();
  void tag_name();
  void before_attribute_name();
  void attribute_name();
  void after_attribute_name();
  void before_attribute_value();
  void attribute_value_quoted(char quote);
  void attribute_value_unquoted();
  void after_attribute_value_quoted();
  void self_closing_start_tag();
  void start_tag_token();
  void start_attribute();

  // tokenizer_comments.cc
  void markup_declaration_open();
  void start_comment(State state, std::size_t text_from);
  void run_comment();
  void comment();
  void bogus_comment();
  void comment_dash(char c, State if_dash);
  void comment_less_than_sign(char c);
  void comment_end(char c);
  void comment_end_bang(char c);
  void end_comment(std::size_t text_end);
  void tell_comment_part();
  std::size_t comment_dashes() const;

  // tokenizer_doctype.cc
  void run_doctype();
  void before_doctype_name(char c);
  void doctype_name();
  void after_doctype_name();
  void before_doctype_id(char c, std::optional<Range>& id, State quoted);
  void doctype_id_quoted(std::optional<Range>& id, State next);
  void end_doctype();

  const char* at() const { return in_.data() + pos_; }
  const char* stop() const { return in_.data() + in_.size(); }
  void go(const char* position) { pos_ = static_cast<std::size_t>(position - in_.data()); }
  std::uint32_t offset() const { return static_cast<std::uint32_t>(pos_ - token_); }
  std::string_view slice(Range range) const {
    return in_.substr(token_ + range.begin, range.end - range.begin);
  }

  TokenSink& sink_;
  std::string_view in_;    // the tail and what came after, or the caller's bytes
  std::size_t pos_ = 0;    // next byte to look at
  std::size_t mark_ = 0;   // first byte not yet told
  std::size_t token_ = 0;  // the "<" of the token being read
  State state_ = State::Data;
  State text_state_ = State::Data;  // where raw text returns to
  bool end_tag_ = false;
  bool self_closing_ = false;
  bool text_wanted_ = false;
  bool comments_wanted_ = false;
  bool cdata_allowed_ = false;
  Range name_;
  std::size_t comment_text_ = 0;  // where the untold part of the comment's data begins
  std::vector<AttributeRange> ranges_;
  std::vector<Attribute> attributes_;
  DoctypeRanges doctype_;
  std::string raw_element_;  // whose end tag ends the raw text; lower case
  std::string tail_;
  TagSet start_tags_;
  TagSet end_tags_;
  const AttributeFilter* attribute_filter_ = nullptr;
  std::optional<Error> error_;
};

}  // namespace portvakt::html

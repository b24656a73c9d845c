// Writes down what a codec tells, a line an event; consecutive body parts become one line, so that cuts do
// not show.
#pragma once

#include <string>

#include "proxy/http/codec.h"

namespace portvakt::test {

class CodecRecorder : public http::CodecEvents {
 public:
  void on_request(http::StreamId, http::RequestHead&& head, http::BodyLength length) override {
    line("request " + head.method + " " + head.scheme + "://" + head.authority + head.target +
         length_text(length));
    for (const auto& field : head.headers.fields()) line_of(field);
  }
  void on_response(http::StreamId, http::ResponseHead&& head, http::BodyLength length) override {
    line("response " + std::to_string(head.status) + length_text(length));
    for (const auto& field : head.headers.fields()) line_of(field);
  }
  void on_body(http::StreamId, std::string_view bytes) override { body_.append(bytes); }
  void on_end(http::StreamId, http::HeaderMap&& trailers) override {
    line("end");
    for (const auto& field : trailers.fields()) line_of(field);
  }
  void on_refused(http::StreamId, const Error& error) override { line("refused " + error.detail); }
  void on_reset(http::StreamId, const Error& error) override { line("reset " + error.detail); }

  void line(const std::string& text) {
    flush_body();
    log_ += text + "\n";
  }
  const std::string& log() {
    flush_body();
    return log_;
  }

 private:
  static std::string length_text(http::BodyLength length) {
    if (length.none && length.bytes) return ", no body of " + std::to_string(*length.bytes);
    if (length.none) return ", no body";
    return length.bytes ? ", body of " + std::to_string(*length.bytes) : ", body of unknown length";
  }
  void line_of(const http::HeaderMap::Field& field) {
    line("  " + std::string(field.name) + ": " + std::string(field.value));
  }
  void flush_body() {
    if (body_.empty()) return;
    log_ += "body " + body_ + "\n";
    body_.clear();
  }

  std::string log_;
  std::string body_;
};

/// Feeds parts to a codec as a connection does: what it leaves comes again with the next part. False: it
/// failed.
inline bool feed(http::Codec& codec, CodecRecorder& recorder, std::string& rest, std::string_view part) {
  rest.append(part);
  const auto used = codec.receive(rest);
  if (!used) {
    recorder.line("error " + used.error().detail);
    return false;
  }
  rest.erase(0, *used);
  return true;
}

}  // namespace portvakt::test

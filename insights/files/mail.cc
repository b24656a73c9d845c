#include "insights/files/mail.h"

#include <algorithm>

#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::insights {
namespace {

constexpr std::size_t kLine = 76;

std::string base64_lines(std::string_view bytes) {
  const auto text = crypto::base64(bytes);
  std::string out;
  for (std::size_t place = 0; place < text.size(); place += kLine) out += text.substr(place, kLine) + "\r\n";
  return out;
}

}  // namespace

bool is_mail_address(std::string_view text) {
  const auto at = text.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == text.size() || text.size() > 254 || text[0] == '-')
    return false;
  return std::ranges::all_of(text, [](char c) {
    return ascii::is_alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.@").find(c) != std::string_view::npos;
  });
}

std::string mail_text(const Mail& mail) {
  const auto border = "portvakt-" + ascii::hex(crypto::random_bytes(12));
  std::string to;
  for (const auto& one : mail.to) to += (to.empty() ? "" : ", ") + one;
  std::string out = "From: " + mail.from + "\r\nTo: " + to + "\r\nSubject: =?utf-8?B?" +
                    crypto::base64(mail.subject) +
                    "?=\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"
                    "Content-Type: multipart/mixed; boundary=\"" +
                    border + "\"\r\n\r\n";
  out += "--" + border +
         "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
         base64_lines(mail.html);
  out += "--" + border +
         "\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n"
         "Content-Disposition: attachment; filename=\"" +
         mail.archive_name + "\"\r\n\r\n" + base64_lines(mail.archive);
  return out + "--" + border + "--\r\n";
}

}  // namespace portvakt::insights

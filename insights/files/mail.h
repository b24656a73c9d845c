// A report as a message for sendmail (RFC 5322, MIME): the page as its text, the archive beside it. A pure
// function.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portvakt::insights {

struct Mail {
  std::string from;
  std::vector<std::string> to;
  std::string subject;
  std::string html;
  std::string archive;  // ZIP
  std::string archive_name;
};

std::string mail_text(const Mail& mail);

/// Whether it can stand in a header and on sendmail's command line.
bool is_mail_address(std::string_view text);

}  // namespace portvakt::insights

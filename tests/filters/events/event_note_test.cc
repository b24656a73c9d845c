#include "filters/events/event_note.h"

#include <gtest/gtest.h>

namespace portvakt::events {
namespace {

std::string read(std::string_view text) {
  const visitor::UrlScrubber scrubber({"page"});
  const auto event = read_note(text, scrubber);
  if (!event) return "refused";
  std::string out = std::string(event->name) + " " + std::string(event->screen) + " " + event->path;
  if (!event->target.empty()) out += " -> " + event->target;
  if (event->seconds) out += " " + std::to_string(*event->seconds) + "s";
  return out;
}

TEST(EventNote, ReadsEveryKind) {
  EXPECT_EQ(read("view\nm\n\n/pumps?page=2&q=x\n"), "view m /pumps?page=2");
  EXPECT_EQ(read("outbound\nxl\n\n/\nhttps://partner.example"), "outbound xl / -> https://partner.example");
  EXPECT_EQ(read("download\ns\n\n/docs\n/files/a.pdf"), "download s /docs -> /files/a.pdf");
  EXPECT_EQ(read("form\nxs\n\n/contact\n/send"), "form xs /contact -> /send");
  EXPECT_EQ(read("form\nxs\n\n/contact\nhttps://forms.example"), "form xs /contact -> https://forms.example");
  EXPECT_EQ(read("leave\nl\n17\n/\n"), "leave l / 17s");
  EXPECT_EQ(read("leave\nl\n999999999\n/\n"), "leave l / 86400s");
}

TEST(EventNote, ScrubsPathAndTargetAsRecordsAre) {
  EXPECT_EQ(read("view\nm\n\n/u/alice@example.test\n"), "view m /u/[email]");
  EXPECT_EQ(read("outbound\nm\n\n/\nhttps://u:p@partner.example/account/41111?token=x"),
            "outbound m / -> https://partner.example");
  EXPECT_EQ(read("download\nm\n\n/\n/f/4111111111111111.pdf?k=v"), "download m / -> /f/[card].pdf");
}

TEST(EventNote, RefusesAnythingElse) {
  for (const std::string_view text : {"",
                                      "view",
                                      "view\nm\n\n/",
                                      "view\nm\n\n/\n\n",
                                      "look\nm\n\n/\n",
                                      "view\nhuge\n\n/\n",
                                      "view\nm\n1\n/\n",
                                      "leave\nm\n\n/\n",
                                      "leave\nm\n-1\n/\n",
                                      "leave\nm\n1x\n/\n",
                                      "leave\nm\n9999999999\n/\n",
                                      "view\nm\n\nno path\n",
                                      "view\nm\n\n//host\n",
                                      "view\nm\n\n/a b\n",
                                      "view\nm\n\n/\n/target",
                                      "outbound\nm\n\n/\n",
                                      "outbound\nm\n\n/\njavascript:alert(1)",
                                      "outbound\nm\n\n/\n/path",
                                      "download\nm\n\n/\nhttps://a.example",
                                      "view\nm\n\n/\r\n",
                                      "VIEW\nm\n\n/\n"}) {
    EXPECT_EQ(read(text), "refused") << text;
  }
  EXPECT_EQ(read("view\nm\n\n/" + std::string(kMaxNote, 'a') + "\n"), "refused");
}

}  // namespace
}  // namespace portvakt::events

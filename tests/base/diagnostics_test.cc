#include "proxy/base/diagnostics.h"

#include <gtest/gtest.h>

namespace portvakt {
namespace {

TEST(Diagnostics, ShowsPlaceLineCaretOptionAndHelpInFileOrder) {
  Diagnostics diagnostics;
  diagnostics.add({Diagnostic::Severity::Warning, "a.yaml", 9, 1, "", "later", "", ""});
  diagnostics.add({Diagnostic::Severity::Error, "a.yaml", 2, 3, "sites[0].hots", "unknown option `hots`",
                   "did you mean `hosts`?", "  hots: x"});
  EXPECT_EQ(diagnostics.format(),
            "a.yaml:2:3: error: unknown option `hots`\n"
            "      hots: x\n"
            "      ^\n"
            "    option: sites[0].hots\n"
            "    help: did you mean `hosts`?\n"
            "a.yaml:9:1: warning: later\n");
  EXPECT_EQ(diagnostics.errors(), 1U);
  EXPECT_EQ(diagnostics.warnings(), 1U);
}

}  // namespace
}  // namespace portvakt

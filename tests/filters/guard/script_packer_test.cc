#include "filters/guard/script_packer.h"

#include <gtest/gtest.h>

namespace portvakt::guard {
namespace {

TEST(ScriptPacker, DropsSpacesLinesAndComments) {
  EXPECT_EQ(pack_script("// what for\n  var x = 1,\n    y = 'a  b';\n  return typeof x;\n"),
            "var x=1,y='a  b';return typeof x;");
  EXPECT_EQ(pack_script("if (x) {\n  y();\n}\n"), "if(x){y()}");
}

TEST(ScriptPacker, GivesOneLetterToNamesWithAnUnderscoreAtTheirEnd) {
  EXPECT_EQ(pack_script("var found_ = a.found_b, other_ = found_;"), "var b=a.found_b,c=b;");
}

TEST(ScriptPacker, LeavesStringsAndRegularExpressionsAlone) {
  EXPECT_EQ(pack_script("f('x_ \\' y_', \"// z_\");"), "f('x_ \\' y_',\"// z_\");");
  EXPECT_EQ(pack_script("var t_ = /[/ ']a_ b\\/ /i.test(s) && 4 / 2;"),
            "var a=/[/ ']a_ b\\/ /i.test(s)&&4/2;");
}

TEST(ScriptPacker, FindsNamesEnoughForALongScript) {
  std::string source;
  for (int i = 0; i < 60; ++i) source += "n" + std::to_string(i) + "_;";
  const auto packed = pack_script(source);
  EXPECT_NE(packed.find("$;"), std::string::npos);
  EXPECT_NE(packed.find("f1;"), std::string::npos);
}

}  // namespace
}  // namespace portvakt::guard

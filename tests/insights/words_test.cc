#include "insights/words/words.h"

#include <gtest/gtest.h>

#include "insights/words/labels.h"

namespace portvakt::insights {
namespace {

TEST(Words, WriteNumbersAsEachLanguageDoes) {
  EXPECT_EQ(Words(Language::En).number(1234567), "1,234,567");
  EXPECT_EQ(Words(Language::Nb).number(1234567), "1\u00a0234\u00a0567");
  EXPECT_EQ(Words(Language::De).number(-1234), "\u22121.234");
  EXPECT_EQ(Words(Language::Fi).number(999), "999");
  EXPECT_EQ(Words(Language::En).percent(0.384), "38%");
  EXPECT_EQ(Words(Language::Sv).percent(0.0423), "4,2\u00a0%");
  EXPECT_EQ(Words(Language::En).percent(std::nullopt), "\u2013");
  EXPECT_EQ(Words(Language::En).percent(0), "0%");
  EXPECT_EQ(Words(Language::Da).change(108, 100), "+8\u00a0%");
  EXPECT_EQ(Words(Language::En).change(50, 100), "\u221250%");
  EXPECT_EQ(Words(Language::En).change(50, 0), "");
  EXPECT_EQ(Words(Language::En).duration(125.4), "2\u00a0min 5\u00a0s");
  EXPECT_EQ(Words(Language::En).duration(3725), "1\u00a0h 2\u00a0min");
}

TEST(Words, WriteDatesAsEachLanguageDoes) {
  constexpr Day kDay = 20779;  // 22 November 2026
  EXPECT_EQ(Words(Language::En).date(kDay), "22\u00a0Nov\u00a02026");
  EXPECT_EQ(Words(Language::Nb).date(kDay), "22.\u00a0nov.\u00a02026");
  EXPECT_EQ(Words(Language::Sv).date(kDay), "22\u00a0nov.\u00a02026");
  EXPECT_EQ(Words(Language::Fi).date(kDay), "22.11.2026");
  EXPECT_EQ(Words(Language::En).period({kDay - 21, kDay}), "1\u00a0Nov \u2013 22\u00a0Nov\u00a02026");
  EXPECT_EQ(Words(Language::De).month(kDay), "Nov.\u00a02026");
}

TEST(Words, ChooseTheLanguageThatTheBrowserLikesBest) {
  EXPECT_EQ(choose_language("nn-NO, nb;q=0.9, en;q=0.8"), Language::Nn);
  EXPECT_EQ(choose_language("fr, no;q=0.4, de;q=0.7"), Language::De);
  EXPECT_EQ(choose_language("no"), Language::Nb);
  EXPECT_EQ(choose_language("fr, da;q=0"), Language::En);
  EXPECT_EQ(choose_language(""), Language::En);
}

TEST(Words, HaveEveryTextInEveryLanguage) {
  // That none is missing is checked by the compiler; here, that nobody left the English one standing.
  for (const auto language : kLanguages) {
    const Words words(language);
    EXPECT_EQ(words.fill(Text::said_more, {"12", "8 %"}).find('{'), std::string::npos);
    EXPECT_NE(words.fill(Text::said_more, {"12", "8 %"}).find("12"), std::string::npos);
    if (language == Language::En) continue;
    int same = 0;
    for (std::size_t text = 0; text <= static_cast<std::size_t>(Text::others); ++text)
      same += words(static_cast<Text>(text)) == Words(Language::En)(static_cast<Text>(text)) ? 1 : 0;
    EXPECT_LT(same, 40) << language_code(language);
  }
}

TEST(Words, NameWhatRecordsHoldAsCodes) {
  const Words nb(Language::Nb), en(Language::En);
  EXPECT_EQ(value_label(nb, Dimension::Country, "NO"), "Norge");
  EXPECT_EQ(value_label(en, Dimension::Country, "DE"), "Germany");
  EXPECT_EQ(value_label(en, Dimension::Country, "XX"), "XX");
  EXPECT_EQ(value_label(nb, Dimension::Device, "mobile"), "Telefon");
  EXPECT_EQ(value_label(en, Dimension::Referrer, ""), "Direct, or not told");
  EXPECT_EQ(value_label(en, Dimension::Page, "/NO"), "/NO");
}

}  // namespace
}  // namespace portvakt::insights

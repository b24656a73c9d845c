#include "filters/consent/locales.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "proxy/base/file.h"
#include "tests/filters/consent/site_settings.h"
#include "tests/support/source_file.h"

namespace portvakt::consent {
namespace {

using testing::HasSubstr;

TEST(Locales, AllShippedOnesAreComplete) {
  // Loading refuses missing, unknown, repeated and over-long texts; so what is here is complete.
  std::vector<std::string> languages;
  for (const auto& locale : shipped_locales().all()) languages.push_back(locale.language);
  for (const auto* language : {"nb", "nn", "se", "sv", "da", "fi", "is", "en", "de", "fr", "es", "pl", "uk",
                               "et", "lv", "lt", "nl", "ar"}) {
    EXPECT_THAT(languages, testing::Contains(language));
  }
}

TEST(Locales, OnlyArabicRunsRightToLeft) {
  for (const auto& locale : shipped_locales().all()) {
    EXPECT_EQ(locale.direction, locale.language == "ar" ? "rtl" : "ltr") << locale.language;
  }
}

TEST(Locales, NoTwoLanguagesShareAText) {
  for (const auto& one : shipped_locales().all()) {
    for (const auto& other : shipped_locales().all()) {
      if (&one == &other) continue;
      EXPECT_NE(one.intro, other.intro) << one.language << " " << other.language;
    }
  }
}

TEST(Locales, NoSentenceOfTheRightsPagesWasLeftInAnotherLanguage) {
  constexpr std::size_t kSentence = 60;
  for (const auto& one : shipped_locales().all()) {
    for (const auto& other : shipped_locales().all()) {
      if (&one == &other) continue;
      for (const auto& field : rights_text_fields()) {
        const auto& text = one.rights.*field.text;
        if (text.size() < kSentence) continue;
        EXPECT_NE(text, other.rights.*field.text)
            << one.language << " " << other.language << " " << field.key;
      }
    }
  }
}

std::string chosen(std::string_view page, std::string_view accept) {
  return shipped_locales().choose(page, accept).language;
}

TEST(Locales, ThePagesLanguageComesFirst) {
  EXPECT_EQ(chosen("sv-SE", "de"), "sv");
  EXPECT_EQ(chosen("NB", "de"), "nb");
  EXPECT_EQ(chosen("tlh", "de"), "de");
  EXPECT_EQ(chosen("", ""), "en");
}

TEST(Locales, AcceptLanguageIsReadWithItsWeights) {
  EXPECT_EQ(chosen("", "da, en;q=0.8"), "da");
  EXPECT_EQ(chosen("", "en;q=0.8, fi"), "fi");
  EXPECT_EQ(chosen("", "en;q=0.3, de;q=0.35, sv;q=0.349"), "de");
  EXPECT_EQ(chosen("", "xx, de;q=0.1"), "de");
  EXPECT_EQ(chosen("", "de;q=0"), "en");
  EXPECT_EQ(chosen("", "no"), "nb");
  EXPECT_EQ(chosen("", "no-NO, en"), "nb");
  EXPECT_EQ(chosen("", "*"), "en");
  EXPECT_EQ(chosen("", "de;q=nonsense, sv;q=0.1"), "sv");
  EXPECT_EQ(chosen("", ",,;;q=,"), "en");
}

class LocaleFiles : public testing::Test {
 protected:
  LocaleFiles() {
    char name[] = "/tmp/portvakt-locales-XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  ~LocaleFiles() override { std::filesystem::remove_all(folder_); }

  /// The English file with one text replaced.
  std::string faults_with(const std::string& from, const std::string& to) {
    auto text = read_file(test::source_file("config/locales/en.yaml")).value_or("");
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos);
    text.replace(at, from.size(), to);
    std::ofstream(folder_ / "en.yaml") << text;
    Diagnostics faults;
    return Locales::load(folder_, faults) ? "none" : faults.format();
  }

  std::filesystem::path folder_;
};

TEST_F(LocaleFiles, WithAFaultAreRefusedWithItsPlace) {
  EXPECT_EQ(faults_with("Accept all", "Accept everything"), "none");
  EXPECT_THAT(faults_with("accept: Accept all\n", ""), HasSubstr("accept is missing"));
  EXPECT_THAT(faults_with("accept: Accept all", "accept: " + std::string(41, 'x')), HasSubstr("en.yaml:6:9"));
  EXPECT_THAT(faults_with("accept: Accept all", "accept: a\naccept: b"), HasSubstr("accept is there twice"));
  EXPECT_THAT(faults_with("accept: Accept all", "accept: a\nacept: b"),
              HasSubstr("acept is not a text that is used"));
  EXPECT_THAT(faults_with("name: Analytics, ", ""), HasSubstr("purposes.analytics.name is missing"));
  EXPECT_THAT(faults_with("  cancel: \"Cancel\"\n", ""), HasSubstr("rights.cancel is missing"));
  EXPECT_THAT(faults_with("cancel: \"Cancel\"", "cancel: " + std::string(41, 'x')),
              HasSubstr("rights.cancel is longer than the 40 bytes"));
  EXPECT_THAT(faults_with("cancel: \"Cancel\"", "cancel: x\n  cansel: y"),
              HasSubstr("rights.cansel is not a text that is used"));
  EXPECT_THAT(faults_with("direction: ltr", "direction: up"), HasSubstr("direction"));
  EXPECT_THAT(faults_with("language: en", "language: nb"), HasSubstr("differ"));
  EXPECT_THAT(faults_with("language: en", "language: [en"), HasSubstr("en.yaml:"));
}

TEST_F(LocaleFiles, WithoutEnglishAreRefused) {
  Diagnostics faults;
  EXPECT_FALSE(Locales::load(folder_, faults));
  EXPECT_FALSE(Locales::load(folder_ / "nowhere", faults));
}

}  // namespace
}  // namespace portvakt::consent

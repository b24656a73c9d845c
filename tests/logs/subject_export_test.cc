#include "proxy/logs/subjects/subject_export.h"

#include <gtest/gtest.h>

namespace portvakt::logs {
namespace {

SubjectRow request() {
  return {RecordKind::Access,
          "2026-11-22",
          "1-0",
          {{"id", "p-1"},
           {"t", "1795348800123"},
           {"path", "/a\"b"},
           {"status", "200"},
           {"bytes", "x"},
           {"purposes", "necessary, analytics"}}};
}

TEST(SubjectExport, WritesTypedJson) {
  std::string out;
  JsonExport json(out);
  const WallTime at{std::chrono::milliseconds{1795348800000}};
  json.begin({"example", "G_UoX4YOpzqq0Nw7252uaA", at, at});
  json.add(request());
  json.add({RecordKind::Event, "2026-11-23", "2-0", {{"seconds", "7"}}});
  json.end();
  EXPECT_EQ(out,
            R"({"schema":"portvakt-subject-1","site":"example","subject":"G_UoX4YOpzqq0Nw7252uaA",)"
            R"("exported":"2026-11-22T12:00:00.000Z","restricted_since":"2026-11-22T12:00:00.000Z","rows":[)"
            "\n"
            R"({"kind":"request","day":"2026-11-22","id":"p-1","t":"2026-11-22T12:00:00.123Z",)"
            R"("path":"/a\"b","status":200,"bytes":"x","purposes":["necessary","analytics"]},)"
            "\n"
            R"({"kind":"event","day":"2026-11-23","seconds":7})"
            "\n]}\n");
}

TEST(SubjectExport, WritesCsvThatNoSpreadsheetExecutes) {
  std::string out;
  append_csv_head(out);
  EXPECT_TRUE(out.starts_with("kind,day,id,t,site,method,path,status,"));
  EXPECT_NE(out.find(",receipt,choice,"), std::string::npos);
  EXPECT_NE(out.find(",target,seconds"), std::string::npos);
  out.clear();
  append_csv_row(out,
                 {RecordKind::Access, "2026-11-22", "1-0", {{"id", "p-1"}, {"path", "=HYPERLINK(\"x\")"}}});
  EXPECT_TRUE(out.starts_with("request,2026-11-22,p-1,,,,\"'=HYPERLINK(\"\"x\"\")\",,")) << out;
}

TEST(SubjectExport, HasASchemaOfEveryField) {
  const std::string schema = export_schema();
  for (const char* part :
       {R"("t":{"type":"string","format":"date-time"})", R"("status":{"type":"integer","minimum":0})",
        R"("purposes":{"type":"array","items":{"type":"string"}})", R"("target":{"type":"string"})",
        R"("receipt":{"type":"string"})"}) {
    EXPECT_NE(schema.find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace portvakt::logs

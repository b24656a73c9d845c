#include "tests/support/source_file.h"

namespace portvakt::test {

std::string source_file(std::string_view path) {
  return std::string(PORTVAKT_SOURCE_DIR "/").append(path);
}

}  // namespace portvakt::test

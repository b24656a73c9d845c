// The table of options as a JSON Schema (2020-12) for editors that complete and check YAML. It follows the
// reader: what the schema refuses the reader refuses too; the reader also checks what a schema cannot say.
#pragma once

#include <string>

namespace portvakt::config {

std::string json_schema();

}  // namespace portvakt::config

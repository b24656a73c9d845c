// Lines for the operator, on standard error. Never a visitor's data: callers write what, where and what to
// do, and nothing that came from a request. Any thread.
#pragma once

#include <string_view>

namespace portvakt {

enum class LogLevel { Debug, Info, Warning, Error };

/// Sets up the sink: time, level, text. Lines written before use the defaults.
void start_log(LogLevel least);

void log_line(LogLevel level, std::string_view text);
inline void log_info(std::string_view text) {
  log_line(LogLevel::Info, text);
}
inline void log_warning(std::string_view text) {
  log_line(LogLevel::Warning, text);
}
inline void log_error(std::string_view text) {
  log_line(LogLevel::Error, text);
}

}  // namespace portvakt

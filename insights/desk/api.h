// Answers for programs and files: JSON, CSV, the archive, server-sent events, Prometheus.
#pragma once

#include "insights/desk/desk.h"

namespace portvakt::insights {

/// `/api/v1/overview` and its like: what the screen of that name shows.
Result<http_server::Answer> answer_screen(Desk& desk, const Visit& visit);
Result<http_server::Answer> answer_sites(Desk& desk, const Visit& visit);
Result<http_server::Answer> answer_open_api(Desk& desk, const Visit& visit);
Result<http_server::Answer> answer_realtime(Desk& desk, const Visit& visit);
/// The same again and again, until the reader leaves or is signed out.
Result<http_server::Answer> answer_stream(Desk& desk, const Visit& visit);
/// One table of a screen as a file.
Result<http_server::Answer> answer_export(Desk& desk, const Visit& visit);
Result<http_server::Answer> answer_archive(Desk& desk, const Visit& visit);
Result<http_server::Answer> answer_metrics(Desk& desk, const Visit& visit);

}  // namespace portvakt::insights

// Answers that Portvakt itself gives: errors, in plain words and without a word about the visitor.
#pragma once

#include "filters/filter.h"
#include "proxy/base/result.h"

namespace portvakt::exchange {

/// The status that tells a client of this error: 400, 408, 413, 414, 431, 501 for its own faults, 502 and 504
/// for the upstream's, 500 for ours.
int status_of(const Error& error);

/// A small page for people, never cached.
filters::Reply error_reply(int status, WallTime now);

}  // namespace portvakt::exchange

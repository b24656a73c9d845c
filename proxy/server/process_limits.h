// What the operating system grants this process: descriptors and memory. Defaults of limits come from here,
// so that an operator who sets none is bounded by what there is. Asked at start and on reload, on the main
// thread.
#pragma once

#include <cstdint>

namespace portvakt::server {

/// How many workers there are when the configuration says `given`; 0 is one per core.
std::uint64_t worker_count(int given);

/// Raises the soft limit of open descriptors to the hard one: every connection needs one, and nothing here
/// uses select(). Gives what was reached.
std::uint64_t raise_descriptor_limit();

/// How many clients `descriptors` suffice for: each may need one upstream connection as well, and some are
/// kept for listeners, spool, Redis and files.
std::uint64_t connections_for(std::uint64_t descriptors, std::uint64_t workers);

/// Bytes of memory that the process may use: the machine's, or its control group's if that has less.
std::uint64_t usable_memory();

}  // namespace portvakt::server

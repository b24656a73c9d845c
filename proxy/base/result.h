// What a call that can fail gives back. The world's faults (peers, disks, files) are values; what cannot
// happen is asserted. An Error says what kind of fault it was, whose side it was on, and a detail for an
// operator. The detail never holds a visitor's data: no address, cookie, query or body byte.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace portvakt {

enum class ErrorKind {
  Malformed,      // the peer broke the protocol
  TargetTooLong,  // request line over its limit
  HeadTooLarge,   // header fields over their limit, in bytes
  TooManyFields,  // header fields over their limit, counted
  BodyTooLarge,   // body over its limit
  Unsupported,    // a coding, version or method that we do not serve
  Refused,        // nobody listens, or the peer said no
  TimedOut,       // a limit on waiting passed
  Closed,         // the connection ended before the message did
  Io,             // the operating system refused a read, write or open
  Invalid,        // a value that we were given makes no sense
  Internal,       // our own limit or state
};

enum class ErrorSide { Client, Upstream, Self };

struct Error {
  ErrorKind kind = ErrorKind::Internal;
  ErrorSide side = ErrorSide::Self;
  std::string detail;
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(ErrorKind kind, std::string detail, ErrorSide side = ErrorSide::Self) {
  return tl::unexpected<Error>(Error{kind, side, std::move(detail)});
}

}  // namespace portvakt

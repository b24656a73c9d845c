#include "proxy/exchange/local_reply.h"

#include "proxy/http/date.h"

namespace portvakt::exchange {
namespace {

std::string_view advice(int status) {
  switch (status) {
    case 301:
    case 308:
      return "This site is served encrypted, under https.";
    case 400:
      return "The request could not be understood.";
    case 404:
      return "There is nothing at this address.";
    case 408:
      return "The request took too long to arrive.";
    case 413:
      return "What was sent is larger than this site accepts.";
    case 414:
      return "The address is longer than this site accepts.";
    case 417:
      return "The request expects something that this site does not do.";
    case 421:
      return "This connection serves no site of this name.";
    case 431:
      return "The request carries more header data than this site accepts.";
    case 501:
      return "The request uses a method or coding that is not supported.";
    case 502:
      return "The site cannot be reached right now. Please try again in a moment.";
    case 503:
      return "The site is too busy right now. Please try again in a moment.";
    case 504:
      return "The site took too long to answer. Please try again in a moment.";
    default:
      return "The request could not be answered.";
  }
}

int client_status(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::TargetTooLong:
      return 414;
    case ErrorKind::HeadTooLarge:
    case ErrorKind::TooManyFields:
      return 431;
    case ErrorKind::BodyTooLarge:
      return 413;
    case ErrorKind::Unsupported:
      return 501;
    case ErrorKind::TimedOut:
      return 408;
    default:
      return 400;
  }
}

}  // namespace

int status_of(const Error& error) {
  if (error.side == ErrorSide::Upstream) {
    if (error.kind == ErrorKind::Internal) return 503;  // our own limit on what it gets
    return error.kind == ErrorKind::TimedOut ? 504 : 502;
  }
  if (error.side == ErrorSide::Client || error.kind != ErrorKind::Internal) return client_status(error.kind);
  return 500;
}

filters::Reply error_reply(int status, WallTime now) {
  filters::Reply reply;
  const auto title = std::to_string(status) + " " + std::string(http::reason_phrase(status));
  reply.head.status = status;
  reply.head.headers.add("Content-Type", "text/html; charset=utf-8");
  reply.head.headers.add("Cache-Control", "no-store");
  reply.head.headers.add("Date", http::format_date(now));
  if (status == 503) reply.head.headers.add("Retry-After", "2");
  reply.body = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>" + title +
               "</title><meta name=\"viewport\" content=\"width=device-width\"><h1>" + title + "</h1><p>" +
               std::string(advice(status)) + "</p></html>\n";
  return reply;
}

}  // namespace portvakt::exchange

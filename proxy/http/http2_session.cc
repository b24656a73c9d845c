#include "proxy/http/http2_session.h"

#include <array>

namespace portvakt::http {
namespace {

constexpr std::size_t kGoawayPayload = 8;

using CallbacksPtr = std::unique_ptr<nghttp2_session_callbacks, void (*)(nghttp2_session_callbacks*)>;
using OptionPtr = std::unique_ptr<nghttp2_option, void (*)(nghttp2_option*)>;

std::string_view text(nghttp2_rcbuf* from) {
  const auto bytes = nghttp2_rcbuf_get_buf(from);
  return {reinterpret_cast<const char*>(bytes.base), bytes.len};
}

/// A GOAWAY frame by hand (RFC 9113 section 6.8): for ends at which nghttp2 is not to be touched any more.
std::string goaway_frame(std::uint32_t last_stream, std::uint32_t code) {
  std::string frame{'\0', '\0', static_cast<char>(kGoawayPayload), '\x07', '\0', '\0', '\0', '\0', '\0'};
  for (const std::uint32_t word : {last_stream, code}) {
    for (int shift = 24; shift >= 0; shift -= 8) frame.push_back(static_cast<char>(word >> shift & 0xff));
  }
  return frame;
}

}  // namespace

/// nghttp2's callbacks as calls of the session's members.
struct Http2Callbacks {
  static Http2Session& of(void* user) { return *static_cast<Http2Session*>(user); }
  static StreamId id_of(const nghttp2_frame* frame) { return static_cast<StreamId>(frame->hd.stream_id); }

  static int begin_frame(nghttp2_session*, const nghttp2_frame_hd* head, void* user) {
    return of(user).begin_frame(*head);
  }
  static int begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    return of(user).begin_headers(*frame);
  }
  static int header(nghttp2_session*, const nghttp2_frame* frame, nghttp2_rcbuf* name, nghttp2_rcbuf* value,
                    std::uint8_t, void* user) {
    return of(user).take_field(id_of(frame), text(name), text(value));
  }
  /// A field that breaks the rules makes the message malformed; nghttp2 would drop some of them silently.
  static int invalid_header(nghttp2_session*, const nghttp2_frame*, nghttp2_rcbuf*, nghttp2_rcbuf*,
                            std::uint8_t, void*) {
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }
  static int data_chunk(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
                        std::size_t size, void* user) {
    of(user).take_data(static_cast<StreamId>(id), {reinterpret_cast<const char*>(bytes), size});
    return 0;
  }
  static int received(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    of(user).received(*frame);
    return 0;
  }
  static int stream_closed(nghttp2_session*, std::int32_t id, std::uint32_t code, void* user) {
    of(user).stream_closed(static_cast<StreamId>(id), code);
    return 0;
  }
  static int sent(nghttp2_session*, const nghttp2_frame* frame, void* user) { return of(user).sent(*frame); }
  static ssize_t read_body(nghttp2_session*, std::int32_t id, std::uint8_t*, std::size_t room,
                           std::uint32_t* flags, nghttp2_data_source*, void* user) {
    return of(user).read_body(static_cast<StreamId>(id), room, *flags);
  }
  static int write_body(nghttp2_session*, nghttp2_frame* frame, const std::uint8_t* head, std::size_t length,
                        nghttp2_data_source*, void* user) {
    return of(user).write_body(id_of(frame), head, length);
  }

  static CallbacksPtr make() {
    nghttp2_session_callbacks* raw = nullptr;
    nghttp2_session_callbacks_new(&raw);
    nghttp2_session_callbacks_set_on_begin_frame_callback(raw, begin_frame);
    nghttp2_session_callbacks_set_on_begin_headers_callback(raw, begin_headers);
    nghttp2_session_callbacks_set_on_header_callback2(raw, header);
    nghttp2_session_callbacks_set_on_invalid_header_callback2(raw, invalid_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(raw, data_chunk);
    nghttp2_session_callbacks_set_on_frame_recv_callback(raw, received);
    nghttp2_session_callbacks_set_on_stream_close_callback(raw, stream_closed);
    nghttp2_session_callbacks_set_on_frame_send_callback(raw, sent);
    nghttp2_session_callbacks_set_send_data_callback(raw, write_body);
    return {raw, nghttp2_session_callbacks_del};
  }
};

nghttp2_data_provider Http2Session::body_provider() {
  return {.source = {}, .read_callback = Http2Callbacks::read_body};
}

namespace {

OptionPtr make_options(const Http2Limits& limits) {
  nghttp2_option* raw = nullptr;
  nghttp2_option_new(&raw);
  nghttp2_option_set_no_auto_window_update(raw, 1);
  nghttp2_option_set_no_closed_streams(raw, 1);
  nghttp2_option_set_max_continuations(raw, limits.max_continuations);
  nghttp2_option_set_max_outbound_ack(raw, limits.max_backlog);
  nghttp2_option_set_builtin_recv_extension_type(raw, NGHTTP2_PRIORITY_UPDATE);
  // The flood guard is stricter and answers with the right code.
  nghttp2_option_set_stream_reset_rate_limit(raw, 1U << 30, 1U << 30);
  return {raw, nghttp2_option_del};
}

}  // namespace

Http2Session::Http2Session(Role role, CodecEvents& events, const Http2Limits& limits, std::string_view scheme,
                           Http2Counters* counters)
    : flood(limits.budgets),
      role_(role),
      events_(events),
      limits_(limits),
      scheme_(scheme),
      counters_(counters) {
  static const CallbacksPtr kCallbacks = Http2Callbacks::make();
  const OptionPtr options = make_options(limits_);
  nghttp2_session* raw = nullptr;
  const int made = role_ == Role::Server
                       ? nghttp2_session_server_new2(&raw, kCallbacks.get(), this, options.get())
                       : nghttp2_session_client_new2(&raw, kCallbacks.get(), this, options.get());
  session_.reset(raw);
  if (made != 0) {
    dead = true;
    return;
  }
  set_up();
}

/// Our settings go out at once: they are a server's preface, and must come before anything else.
void Http2Session::set_up() {
  std::vector<nghttp2_settings_entry> settings = {
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits_.stream_window},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(limits_.message.max_header_bytes)},
  };
  if (role_ == Role::Server) {
    settings.push_back({NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits_.max_streams});
    settings.push_back({NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1});
  } else {
    settings.push_back({NGHTTP2_SETTINGS_ENABLE_PUSH, 0});
  }
  nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(session_.get(), NGHTTP2_FLAG_NONE, 0,
                                        static_cast<std::int32_t>(limits_.connection_window));
  fill();
}

Http2Stream* Http2Session::find(StreamId id) {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : &found->second;
}

void Http2Session::die(std::uint32_t code) {
  if (dead) return;
  dead = true;
  output.append(goaway_frame(
      static_cast<std::uint32_t>(nghttp2_session_get_last_proc_stream_id(session_.get())), code));
}

/// Too much of a kind: makes the nghttp2 call under way end; whoever made it says goodbye.
int Http2Session::abuse(Http2Abuse kind) {
  if (!abuse_ && counters_ != nullptr) counters_->abuse[static_cast<std::size_t>(kind)].add();
  abuse_ = abuse_.value_or(kind);
  return NGHTTP2_ERR_CALLBACK_FAILURE;
}

void Http2Session::end_for(Http2Abuse kind) {
  abuse(kind);
  die(NGHTTP2_ENHANCE_YOUR_CALM);
}

/// Two steps (RFC 9113 section 6.8): first a notice that refuses nothing, so that requests which cross it are
/// served; when its echo is back, the last stream is known to both sides.
void Http2Session::start_shutdown() {
  if (dead || shutdown_begun_) return;
  shutdown_begun_ = true;
  if (role_ == Role::Client) {
    finish_shutdown();
    return;
  }
  nghttp2_submit_shutdown_notice(session_.get());  // a PING follows when it is out
}

void Http2Session::finish_shutdown() {
  if (dead || shutdown_finished_) return;
  shutdown_begun_ = shutdown_finished_ = true;
  nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(session_.get()), NGHTTP2_NO_ERROR, nullptr,
                        0);
}

bool Http2Session::finished() const {
  return dead ||
         (nghttp2_session_want_read(session_.get()) == 0 && nghttp2_session_want_write(session_.get()) == 0);
}

}  // namespace portvakt::http

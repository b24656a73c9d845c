#include "proxy/admin/admin_server.h"

#include <utility>

namespace portvakt::admin {

AdminServer::AdminServer(net::EventLoop& loop, net::FileDescriptor listening, AdminHandler handler)
    : server_(loop, std::move(listening), [handler = std::move(handler)](const http::RequestHead& request) {
        return handler(request.method, request.path(), request.query());
      }) {}

}  // namespace portvakt::admin

# shellcheck shell=bash
# Programs that a script starts in the background and ends again, each by its own process id.

SERVICES=()        # process ids, in the order of their start
# shellcheck disable=SC2034  # read by the script that waits for them
declare -A SERVICE_NAMES=()

# start_service NAME LOG COMMAND...: in a session of its own, so that Ctrl-C reaches this script only, which then
# ends the services in the right order.
start_service() {
  local name=$1 log=$2
  shift 2
  setsid "$@" >"$log" 2>&1 </dev/null &
  SERVICES+=($!)
  # shellcheck disable=SC2034
  SERVICE_NAMES[$!]=$name
}

# stop_services: the last started first; gives each five seconds.
stop_services() {
  local i pid
  for ((i = ${#SERVICES[@]} - 1; i >= 0; --i)); do
    pid=${SERVICES[i]}
    kill -TERM "$pid" 2>/dev/null || continue
    for _ in {1..50}; do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  SERVICES=()
}

# until_ready NAME LOG CONDITION...: waits up to 15 s; fails with the log's end if the newest service ends before.
until_ready() {
  local name=$1 log=$2 pid=${SERVICES[-1]}
  shift 2
  for _ in {1..150}; do
    if "$@"; then return 0; fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  show_tail "$log"
  die "$name did not start"
}

# http_status PORT PATH: the status with which 127.0.0.1:PORT answers, or nothing.
http_status() {
  local line=''
  {
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
    read -r -t 5 line <&3 || true
    exec 3>&- 3<&-
  } 2>/dev/null
  line=${line#* }
  printf '%s' "${line%% *}"
}

answers_ok() { [[ $(http_status "$1" "$2") == 200 ]]; }

# shellcheck shell=bash
# Shared by all scripts: where the project is, progress lines, steps whose full output goes to a log.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
LOGS=$ROOT/build/logs
cd "$ROOT" || exit

say() { printf '%s\n' "$*"; }

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# show_tail LOG: the end of a log, indented, on standard error.
show_tail() {
  printf '  the end of %s:\n' "${1#"$ROOT"/}" >&2
  tail -n "${TAIL_LINES:-40}" "$1" | sed 's/^/  | /' >&2
}

# step NAME TEXT COMMAND...: runs the command with its output in build/logs/NAME.log; prints one line
# with the seconds it took, and the log's end if it failed. Returns the command's code.
step() {
  local text=$2 log=$LOGS/$1.log began=$SECONDS code=0
  shift 2
  mkdir -p "$LOGS"
  printf '  %s …\n' "$text"
  "$@" >"$log" 2>&1 </dev/null || code=$?
  if ((code == 0)); then
    ((SECONDS - began < 2)) || printf '  %s: done in %d s\n' "$text" $((SECONDS - began))
    return 0
  fi
  printf '  %s: FAILED after %d s (exit %d)\n' "$text" $((SECONDS - began)) "$code" >&2
  show_tail "$log"
  return "$code"
}

# port_taken PORT: does something accept connections there on loopback?
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port: a loopback port below the range that the kernel hands out by itself.
free_port() {
  local port
  for _ in {1..200}; do
    port=$((20000 + RANDOM % 12000))
    port_taken "$port" || { printf '%d\n' "$port"; return 0; }
  done
  die "no free port found on 127.0.0.1"
}

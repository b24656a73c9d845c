# shellcheck shell=bash
# Test stages: each runs with its output in a log, shows one line, and adds what it counted to the totals.

PASSED=0 FAILED=0 FAILED_STAGES=()

# sum_of PATTERN LOG: the sum of the first number in every match of the extended expression; what stands before the
# match, such as a test program's number, does not count.
sum_of() { grep -oE -- "$1" "$2" | sed -E 's/^[^0-9]*([0-9]+).*/\1/' | awk '{sum += $1} END {print sum + 0}'; }

# counted LOG: "passed failed" by GoogleTest's lines and by our runners' closing line `N passed, N failed`.
counted() {
  local passed failed
  passed=$(($(sum_of '\[  PASSED  \] [0-9]+ test' "$1") + $(sum_of '^[0-9]+ passed, [0-9]+ failed$' "$1")))
  failed=$(sum_of '\[  FAILED  \] [0-9]+ tests?, listed below' "$1")
  failed=$((failed + $(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$1" | awk '{sum += $3} END {print sum + 0}')))
  printf '%d %d' "$passed" "$failed"
}

# stage NAME TEXT COMMAND...: always returns 0, so that the later stages run too.
stage() {
  local name=$1 text=$2 log=$LOGS/test-$1.log began=$SECONDS code=0 passed failed
  shift 2
  mkdir -p "$LOGS"
  [[ ! -t 1 ]] || printf '  …      %s\r' "$text"
  "$@" >"$log" 2>&1 </dev/null || code=$?
  read -r passed failed <<<"$(counted "$log")"
  # A stage that counts nothing is one test; one that ends badly has at least one failure.
  ((passed + failed > 0 || code != 0)) || passed=1
  ((code == 0 || failed > 0)) || failed=1
  PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed))
  if ((failed == 0 && code == 0)); then
    printf '  ok     %-44s %5d s %6d passed\n' "$text" $((SECONDS - began)) "$passed"
    return 0
  fi
  FAILED_STAGES+=("$text")
  printf '  FAILED %-44s %5d s %6d passed, %d failed\n' "$text" $((SECONDS - began)) "$passed" "$failed"
  show_tail "$log"
}

# finish_stages: the closing lines; returns 1 if anything failed.
finish_stages() {
  local name
  for name in "${FAILED_STAGES[@]}"; do printf 'failed: %s\n' "$name"; done
  printf '%d passed, %d failed\n' "$PASSED" "$FAILED"
  ((FAILED == 0 && PASSED > 0))
}

#!/bin/bash
# What may be asked of a bridge: bridge.sh <status|drain|undrain|shutdown|recycle|restart|renew>.
# Answers one line of JSON; exit 0 and "ok":true, or exit 1 and "ok":false with "error":
#   unanswered     the process runs but its REST API does not answer: it may have calls
#   participants   it has participants or conferences: a restart would cut them off
#   refused        the bridge refused what it was asked for
#   irreversible   only a restart ends a graceful shutdown: recycle the bridge when it is empty
#   unconfirmed    what was asked for does not show in the bridge's own figures
#   unrenewed      its secret, or the server's certificate, could not be fetched
# Figures that the bridge did not give are left out. Exit 2: no such action.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
. "$here/common.bash"
action=${1:-}

is_running() { systemctl is-active --quiet "$unit"; }

# The figures as JSON. Stats speak of health only by being there; its own resource tells the rest.
# v1 has no drain but the graceful shutdown.
status() {
  local running=false healthy=false figures='{}'
  if is_running; then running=true; fi
  if is_healthy; then healthy=true; fi
  figures=$(stats) || figures='{}'
  jq -nc --argjson running "$running" --argjson healthy "$healthy" --argjson stats "$figures" '
    def flag: tostring == "true";
    ($stats | with_entries(
      if .key == "graceful_shutdown" then {key: "gracefulShutdown", value: (.value | flag)}
      elif .key == "conferences" or .key == "participants" then .value |= tonumber
      else empty end)) as $figures
    | {$running, $healthy} + $figures
    + if $figures | has("gracefulShutdown")
      then {draining: ($figures.gracefulShutdown or ($stats.drain | flag))} else {} end'
}

answer() { # <status JSON> [error]
  jq -c --arg action "$action" --arg error "${2:-}" '
    {ok: ($error == ""), action: $action} + (if $error == "" then {} else {error: $error} end) + .' <<<"$1"
  if [[ -n ${2:-} ]]; then exit 1; fi
  exit 0
}

holds() { # <jq condition> <status JSON>
  jq -e "$1" <<<"$2" >/dev/null
}

# Prints the status as soon as the condition holds, or the last one seen, and then fails.
await() { # <seconds> <jq condition>
  local end=$((SECONDS + $1)) now
  while :; do
    now=$(status)
    if holds "$2" "$now"; then
      echo "$now"
      return
    fi
    if ((SECONDS >= end)); then
      echo "$now"
      return 1
    fi
    sleep 1
  done
}

ask() { # <path> [curl arguments…]
  curl -sf -m 10 -o /dev/null -X POST "${@:2}" "$rest$1"
}

# Refuses new calls for good. An idle v1 bridge goes on running after it, an idle v2 one ends after
# a minute: drained is what the figures say, not that the process has ended.
graceful_shutdown() {
  local now
  now=$(status)
  if holds '.gracefulShutdown' "$now"; then answer "$now"; fi
  if holds '.running | not' "$now"; then
    # It has no calls; stopped, systemd does not bring it back to take some.
    systemctl stop "$unit"
    answer "$(status)"
  fi
  if ! holds 'has("gracefulShutdown")' "$now"; then answer "$now" unanswered; fi
  ask /colibri/shutdown -H 'Content-Type: application/json' -d '{"graceful-shutdown":"true"}' ||
    answer "$now" refused
  now=$(await 10 '.gracefulShutdown') || answer "$now" unconfirmed
  # Until Jicofo has heard of it, an idle v2 bridge may still be given a call.
  sleep "$told_seconds"
  answer "$(status)"
}

# v1 knows one way to take no new calls, and no way back but a restart.
drain() {
  if [[ $BRIDGES_GENERATION == component ]]; then graceful_shutdown; fi
  local now
  now=$(status)
  if holds '.draining' "$now"; then answer "$now"; fi
  if holds '.running | not' "$now"; then graceful_shutdown; fi
  if ! holds 'has("draining")' "$now"; then answer "$now" unanswered; fi
  ask /colibri/drain/enable || answer "$now" refused
  now=$(await 10 '.draining') || answer "$now" unconfirmed
  answer "$now"
}

undrain() {
  local now
  now=$(status)
  if holds '.draining == false' "$now"; then answer "$now"; fi
  if holds '.gracefulShutdown' "$now"; then answer "$now" irreversible; fi
  if ! holds '.draining' "$now"; then answer "$now" unanswered; fi
  ask /colibri/drain/disable || answer "$now" refused
  now=$(await 10 '.draining == false') || answer "$now" unconfirmed
  answer "$now"
}

# A process that does not say that it has no calls is left alone.
refuse_with_calls() {
  local now
  now=$(status)
  if holds '.participants > 0 or .conferences > 0' "$now"; then answer "$now" participants; fi
  if holds '.running and (has("participants") and has("conferences") | not)' "$now"; then
    answer "$now" unanswered
  fi
}

# A bridge keeps the secret that it was started with: whoever starts it fetches the newest. That
# takes time, so calls are looked for again at the last moment.
restart() { # <tries to fetch its login> [error when that fails; otherwise it starts with the one it has]
  local now
  refuse_with_calls
  if ! fetch_login "$1" >/dev/null && [[ -n ${2:-} ]]; then answer "$(status)" "$2"; fi
  refuse_with_calls
  systemctl restart "$unit"
  now=$(await 60 '.running and .healthy and .draining == false') || answer "$now" unconfirmed
  answer "$now"
}

case $action in
  status) answer "$(status)" ;;
  drain) drain ;;
  undrain) undrain ;;
  shutdown) graceful_shutdown ;;
  recycle | restart) restart 1 ;;
  renew) restart 3 unrenewed ;;
  *)
    echo 'usage: bridge.sh status|drain|undrain|shutdown|recycle|restart|renew' >&2
    exit 2
    ;;
esac

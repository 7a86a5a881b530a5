#!/bin/bash
# What may be asked of a bridge: bridge.sh <status|drain|undrain|shutdown|recycle|restart>.
# Answers one line of JSON; exit 0 and "ok":true, or exit 1 and "ok":false with "error":
#   unanswered     the process runs but its REST API does not answer: it may have calls
#   participants   it has participants or conferences: a restart would cut them off
#   refused        the bridge refused the graceful shutdown
#   irreversible   v1 takes a graceful shutdown back by a restart only: recycle it when it is empty
#   unconfirmed    what was asked for does not show in the bridge's own figures
# Figures that the bridge did not give are left out. Exit 2: no such action.
set -euo pipefail

rest=${BRIDGES_REST_URL:-http://127.0.0.1:8080}
unit=jitsi-videobridge
action=${1:-}

stats() { curl -sf -m 5 "$rest/colibri/stats"; }

is_running() { systemctl is-active --quiet "$unit"; }

# The figures as JSON. Stats speak of health only by being there; its own resource tells the rest.
status() {
  local running=false healthy=false figures='{}'
  if is_running; then running=true; fi
  if curl -sf -m 5 -o /dev/null "$rest/about/health"; then healthy=true; fi
  figures=$(stats) || figures='{}'
  jq -nc --argjson running "$running" --argjson healthy "$healthy" --argjson stats "$figures" '
    {$running, $healthy} + ($stats | with_entries(
      if .key == "graceful_shutdown" then {key: "gracefulShutdown", value: (.value | tostring == "true")}
      elif .key == "conferences" or .key == "participants" then .value |= tonumber
      else empty end))'
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

# v1 knows one way to take no new calls, and no way back but a restart. An idle v1 bridge goes on
# running after it: drained is what the figures say, not that the process has ended.
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
  curl -sf -m 10 -o /dev/null -H 'Content-Type: application/json' \
    -d '{"graceful-shutdown":"true"}' "$rest/colibri/shutdown" || answer "$now" refused
  now=$(await 10 '.gracefulShutdown') || answer "$now" unconfirmed
  answer "$now"
}

undrain() {
  local now
  now=$(status)
  if holds '.gracefulShutdown == false' "$now"; then answer "$now"; fi
  if holds '.gracefulShutdown' "$now"; then answer "$now" irreversible; fi
  answer "$now" unanswered
}

# Calls are looked for at the last moment, and a process that does not say that it has none is left alone.
restart() {
  local now
  now=$(status)
  if holds '.participants > 0 or .conferences > 0' "$now"; then answer "$now" participants; fi
  if holds '.running and (has("participants") and has("conferences") | not)' "$now"; then
    answer "$now" unanswered
  fi
  systemctl restart "$unit"
  now=$(await 60 '.running and .healthy and .gracefulShutdown == false') || answer "$now" unconfirmed
  answer "$now"
}

case $action in
  status) answer "$(status)" ;;
  drain | shutdown) graceful_shutdown ;;
  undrain) undrain ;;
  recycle | restart) restart ;;
  *)
    echo 'usage: bridge.sh status|drain|undrain|shutdown|recycle|restart' >&2
    exit 2
    ;;
esac

#!/bin/bash
# Looks after the bridge as long as the machine is up: is the process there, healthy, logged in on
# Prosody? If it is not for $limit looks in a row it is restarted, by bridge.sh, which does that
# only without participants. It never touches a bridge that drains or that was stopped on purpose.
# It tells the journal what it does, and CloudWatch that it did; the scaler sees the rest in the
# statistics, which end when the bridge cannot publish them.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
. "$here/common.bash"

pause=${BRIDGES_WATCH_SECONDS:-15}
limit=4
# A bridge that a restart does not help is the scaler's to replace.
calm_seconds=300
strikes=0 quiet_until=0

say() { echo "jitsi-bridges watchdog: $*"; }

# A stopped service is somebody's decision; one that failed is nobody's.
is_meant_to_run() {
  systemctl is-active --quiet "$unit" || systemctl is-failed --quiet "$unit"
}

trouble() { # prints what is wrong, or nothing
  if ! is_healthy; then
    echo 'not healthy'
  elif ! is_connected; then
    echo 'not connected to Prosody'
  fi
}

prosody_answers() {
  timeout 5 bash -c ": </dev/tcp/$BRIDGES_SERVER_ADDRESS/$prosody_port" 2>/dev/null
}

repair() { # <what is wrong>
  local word action=restart
  if [[ $1 == 'not connected'* ]]; then
    if ! prosody_answers; then
      say 'Prosody does not answer: nothing that a restart of the bridge would mend'
      return
    fi
    # What it logs in with may have changed behind its back.
    action=renew
  fi
  word=$("$here/bridge.sh" status) || true
  if jq -e '.draining == true' <<<"$word" >/dev/null; then
    say "$1, and draining: left to the scaler"
  elif word=$("$here/bridge.sh" "$action"); then
    measure "$(jq -nc --arg fleet "$BRIDGES_FLEET" '[{MetricName: "WatchdogRestarts", Unit: "Count",
      Value: 1, Dimensions: [{Name: "Fleet", Value: $fleet}]}]')" >/dev/null || say 'the restart was not counted'
    say "restarted: $word"
  else
    say "not restarted: $word"
  fi
}

look() {
  local wrong
  wrong=$(trouble)
  if [[ -z $wrong ]] || ! is_meant_to_run; then
    if ((strikes)); then say 'well again'; fi
    strikes=0
    return
  fi
  strikes=$((strikes + 1))
  if ((strikes == 1)); then say "$wrong"; fi
  if ((strikes >= limit && SECONDS >= quiet_until)); then
    repair "$wrong"
    strikes=0 quiet_until=$((SECONDS + calm_seconds))
  fi
}

while :; do
  look
  sleep "$pause"
done

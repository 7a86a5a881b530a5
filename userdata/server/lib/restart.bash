# shellcheck shell=bash disable=SC2154
# The one restart that preparing Server A may need: now, or at a time; its default bridge drained before, where that can
# be. Sourced by prepare.sh.

readonly timer=jitsi-bridges-restart
readonly units=/etc/systemd/system
# A bridge that is told to go has this long to become empty.
readonly drain_seconds=${BRIDGES_DRAIN_SECONDS:-300}
readonly bridge_api=http://127.0.0.1:8080

# Prosody takes over all but its global settings with a reload.
changes_need_restart() {
  local file
  for file in "${changed[@]}"; do
    case $file in
      "$brewery_file") ;;
      *) return 0 ;;
    esac
  done
  return 1
}

# With those that have to be restarted besides Prosody, for whoever does it.
note_restart() {
  if [[ ${changed[*]} == *jitsi/* ]]; then echo jitsi >>"$state/restart-needed"; else echo prosody >>"$state/restart-needed"; fi
}

# Pending until Prosody has been started after our last change, by us or by the operator.
restart_pending() {
  local started
  [ -f "$state/restart-needed" ] || return 1
  started=$(prosody_started) || return 0
  ((started <= $(stat -c %Y "$state/restart-needed")))
}

prosody_listens() {
  local address=$1 port=$2 tries
  for ((tries = 0; tries < 60; tries++)); do
    if timeout 1 bash -c "exec 3<>/dev/tcp/$address/$port" 2>/dev/null; then return 0; fi
    sleep 0.5
  done
  return 1
}

restart_services() {
  local address=$BRIDGES_SERVER_ADDRESS port=5347
  ! is_muc || port=5222
  [ "$action" = apply ] || address=127.0.0.1
  if needs_jitsi_restart; then drain_default_bridge; fi
  log "restarting prosody"
  if ! restart_prosody || ! prosody_listens "$address" "$port"; then
    roll_back
    restart_prosody || true
    fail "Prosody did not come up on $address:$port; the configuration is what it was before"
  fi
  ! needs_jitsi_restart || restart_jitsi
  rm -f "$state/restart-needed"
  cancel_restart
}

# Component bridges and their Jicofo keep too little through a restart of Prosody; clients find it again by themselves.
needs_jitsi_restart() { ! is_muc || grep -qx jitsi "$state/restart-needed"; }

restart_jitsi() {
  log "restarting jicofo and the default bridge"
  services restart jicofo || fail "Prosody runs prepared, but jicofo could not be restarted"
  ! has_default_bridge || services restart "$(bridge_service)" ||
    fail "Prosody runs prepared, but $(bridge_service) could not be restarted"
}

# --- the default bridge ---------------------------------------------------------------------------------------

bridge_request() { curl -fsS --max-time 5 "$@" 2>/dev/null; }

bridge_participants() { bridge_request "$bridge_api/colibri/stats" | jq -re '.participants | numbers' 2>/dev/null; }

# The second version by its drain, the first by graceful shutdown. Neither is on by default: where it is not, its calls
# end with the restart, as they would anyway.
drain_default_bridge() {
  local participants deadline=$((SECONDS + drain_seconds))
  has_default_bridge || return 0
  participants=$(bridge_participants) || { log "the default bridge has no REST API: its calls end now" && return; }
  [ "$participants" != 0 ] || return 0
  bridge_request -X POST "$bridge_api/colibri/drain/enable" >/dev/null ||
    bridge_request -H 'Content-Type: application/json' -d '{"graceful-shutdown":"true"}' "$bridge_api/colibri/shutdown" >/dev/null ||
    { log "the default bridge cannot be drained: its $participants participants are cut off now" && return; }
  log "draining the default bridge: $participants participants, at most $drain_seconds s"
  while participants=$(bridge_participants) && [ "$participants" != 0 ] && [ "$SECONDS" -lt "$deadline" ]; do sleep 1; done
  log "the default bridge has ${participants:-no} participants"
}

# --- at a time ------------------------------------------------------------------------------------------------

# HH:MM (the next one) or YYYY-MM-DDTHH:MMZ as systemd writes a point of time in UTC. Fails for any other text, and for
# the past.
time_of_restart() {
  local at
  if [[ $1 =~ ^([01][0-9]|2[0-3]):[0-5][0-9]$ ]]; then
    at=$(date -u -d "$1" +%s)
    ((at > $(date +%s))) || at=$((at + 86400))
  elif [[ $1 =~ ^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]Z$ ]]; then
    at=$(date -u -d "$1" +%s 2>/dev/null) || return 1
    ((at > $(date +%s))) || return 1
  else
    return 1
  fi
  date -u -d "@$at" '+%Y-%m-%d %H:%M:%S UTC'
}

# Units of our own rather than transient ones: a reboot before the time must not forget them. After it nothing is
# pending, and the run ends without a restart.
schedule_restart() {
  local name
  {
    printf '[Unit]\nDescription=Restart of Prosody for the bridges of %s\n\n[Service]\nType=oneshot\n' "$BRIDGES_FLEET"
    for name in FLEET DOMAIN GENERATION STATS_NODE COLLECTOR_USER SERVER_ADDRESS COMPONENT_INTERFACE BREWERY; do
      name=BRIDGES_$name
      [ -z "${!name-}" ] || printf 'Environment=%s=%s\n' "$name" "${!name}"
    done
    printf 'ExecStart=%s/prepare.sh %s --restart now\n' "$home" "$action"
  } >"$work/service"
  printf '[Unit]\nDescription=Time of the restart of Prosody for the bridges of %s\n\n[Timer]\nOnCalendar=%s\nAccuracySec=1s\n\n[Install]\nWantedBy=timers.target\n' \
    "$BRIDGES_FLEET" "$restart_at" >"$work/timer"
  install -m 644 "$work/service" "$units/$timer.service"
  install -m 644 "$work/timer" "$units/$timer.timer"
  services daemon-reload || fail "systemd does not take the timer"
  services enable "$timer.timer" || fail "the restart could not be scheduled"
  services restart "$timer.timer" || fail "the restart could not be scheduled"
  log "restart at $restart_at"
}

scheduled_restart() { sed -n 's/^OnCalendar=//p' "$units/$timer.timer" 2>/dev/null || true; }

cancel_restart() {
  [ -e "$units/$timer.timer" ] || return 0
  services disable --now "$timer.timer" || true
  rm -f "$units/$timer.timer" "$units/$timer.service"
  services daemon-reload || true
}

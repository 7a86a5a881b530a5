# shellcheck shell=bash disable=SC2154
# The one restart that preparing the server may need: now, or at a time; its default bridge drained
# before, where that can be; and afterwards every program that was there must be back, or all is
# undone. Sourced by prepare.sh.

readonly timer=jitsi-bridges-restart
readonly units=/etc/systemd/system
# A bridge that is told to go has this long to become empty.
readonly drain_seconds=${BRIDGES_DRAIN_SECONDS:-300}
# Prosody has this long to come up, and then each program to come back: Jicofo and bridges try
# every few seconds.
readonly up_seconds=30 return_seconds=${BRIDGES_RETURN_SECONDS:-90}
readonly bridge_api=http://127.0.0.1:8080

# Settings of all of Prosody need a restart, and so do programs whose own files have changed.
changes_need_restart() {
  local index old
  for index in "${!changed[@]}"; do
    old=${changed[index]}
    [[ $old != */etc/jitsi/* ]] || return 0
    [ "$old" = "$main" ] || [ "$(settings_in "$old")" = "$(settings_in "${becomes[index]}")" ] || return 0
  done
  return 1
}

settings_in() { if [ -f "$1" ]; then sed -En '/^(c2s|component)_(ports|interfaces) = /p' "$1"; fi; }

# With those that have to be restarted besides Prosody, for whoever does it.
note_restart() {
  if [[ ${changed[*]} == *jitsi/videobridge* || ${changed[*]} == *jitsi/jicofo* ]]; then
    echo jitsi >>"$state/restart-needed"
  else
    echo prosody >>"$state/restart-needed"
  fi
}

# Pending until Prosody has been started after our last change, by us or by the operator.
restart_pending() {
  local started
  [ -f "$state/restart-needed" ] || return 1
  started=$(prosody_started) || return 0
  ((started <= $(stat -c %Y "$state/restart-needed")))
}

# Programs that are connected to Prosody, one a line; bridges and the collector of the fleet start
# and stop by themselves. A Prosody without a console cannot tell their names, so that their
# connections count.
programs() {
  if [ "$programs_by" = connection ]; then
    local_connections
  elif ask_running; then
    running '.connected | split(" ")[] | select(. != "" and (test("^jvb-[0-9a-f]{8,17}[.@]") | not))' |
      sed "/^$BRIDGES_COLLECTOR_USER@/d"
  fi
}

# Of Jitsi's programs on this machine, by the ports that Prosody has for programs. Whoever else is
# connected need not come back.
local_connections() {
  local port filter=''
  for port in ${fact[program_ports]}; do filter+="${filter:+ or }dport = :$port"; done
  ss -tnpH state established "( $filter )" |
    awk '/"java"/ { sub(/.*:/, "", $4); print "connection " ++count[$4] " of java to port " $4 }'
}

note_programs() {
  if ask_running; then programs_by=name; else programs_by=connection; fi
  programs | LC_ALL=C sort >"$work/programs"
}

# Waits until all programs that were noted are there again; prints those that are not.
missing_programs() {
  local deadline=$((SECONDS + $1))
  while
    programs | LC_ALL=C sort >"$work/programs-now"
    LC_ALL=C comm -23 "$work/programs" "$work/programs-now" >"$work/programs-missing"
    [ -s "$work/programs-missing" ] && [ "$SECONDS" -lt "$deadline" ]
  do sleep 1; done
  paste -sd , "$work/programs-missing" | sed 's/,/, /g'
}

# Until the running Prosody has all; prints what it lacks in the end.
still_lacking() {
  local deadline=$((SECONDS + up_seconds)) missing='Prosody does not answer'
  while
    ! ask_running || { missing=$(lacking) && [ -n "$missing" ]; }
  do
    [ "$SECONDS" -lt "$deadline" ] || { printf '%s' "$missing" && return; }
    sleep 0.5
    missing='Prosody does not answer'
  done
}

restart_services() {
  local missing=
  if ! prosody_runs; then
    log "prosody is stopped and stays so: what was prepared holds from its next start on"
    return
  fi
  note_programs
  if needs_jitsi_restart; then drain_default_bridge; fi
  log "restarting prosody"
  restart_prosody || missing='its service does not start'
  if [ "$action" = apply ]; then
    [ -n "$missing" ] || missing=$(still_lacking)
    [ -z "$missing" ] || go_back "Prosody did not come up as prepared ($missing)"
  fi
  if needs_jitsi_restart && ! restart_jitsi; then
    missing="Prosody has restarted, but $not_restarted could not be restarted"
    [ "$action" = undo ] || go_back "$missing"
    fail "$missing: see its log, then start it"
  fi
  missing=$(missing_programs "$return_seconds")
  [ -z "$missing" ] || [ "$action" = undo ] ||
    go_back "after the restart these programs did not come back to Prosody in $return_seconds s: $missing"
  rm -f "$state/restart-needed"
  cancel_restart
}

# To what was before this run; where a restart was due already, to what was before the run that
# first needed it: nobody has seen Prosody run with that.
go_back() {
  local missing jitsi=no advice="see Prosody's log, /var/log/prosody/prosody.log, then run this again"
  ! needs_jitsi_restart || jitsi=yes
  if [ -f "$work/notes/restart-needed" ]; then take_all_out; else roll_back && restore_notes; fi
  unlink_modules_unless_prepared
  restart_prosody || true
  [ "$jitsi" = no ] || restart_jitsi || true
  rm -f "$state/restart-needed"
  cancel_restart
  missing=$(missing_programs "$return_seconds")
  [ -z "$missing" ] || fail "$1; the configuration is what it was before, but even so these programs are not back: $missing: $advice"
  fail "$1; the configuration is what it was before: $advice"
}

take_all_out() {
  changed=() becomes=()
  plan_prosody undo
  undo_for_component
  place_changes
  rm -f "$state/$BRIDGES_FLEET".{prepared,environment,files}
}

# What this and earlier runs have noted, for when this one goes back.
keep_notes() {
  mkdir -p "$state" "$work/notes"
  restart_pending || rm -f "$state/restart-needed"
  copy_notes "$state" "$work/notes"
}

restore_notes() {
  rm -f "$state/$BRIDGES_FLEET".{prepared,environment,files} "$state/restart-needed"
  copy_notes "$work/notes" "$state"
}

copy_notes() {
  local file
  for file in "$BRIDGES_FLEET".{prepared,environment,files} restart-needed; do
    [ ! -f "$1/$file" ] || cp -p "$1/$file" "$2/$file"
  done
}

# Component bridges and their Jicofo keep too little through a restart of Prosody; clients find it
# again by themselves.
needs_jitsi_restart() { ! is_muc || { [ -f "$state/restart-needed" ] && [[ $(<"$state/restart-needed") == *jitsi* ]]; }; }

# What the operator has stopped stays so. Leaves what did not restart in `not_restarted`.
restart_jitsi() {
  local service
  not_restarted=
  for service in jicofo "$(bridge_service)"; do
    [ "$service" = jicofo ] || has_default_bridge || continue
    if ! service_active "$service"; then
      log "$service is stopped and stays so"
      continue
    fi
    log "restarting $service"
    services restart "$service" || not_restarted+=${not_restarted:+ and }$service
  done
  [ -z "$not_restarted" ]
}

# --- the default bridge
# ---------------------------------------------------------------------------------------

bridge_request() { curl -fsS --max-time 5 "$@" 2>/dev/null; }

bridge_participants() { bridge_request "$bridge_api/colibri/stats" | jq -re '.participants | numbers' 2>/dev/null; }

# The second version by its drain, the first by graceful shutdown. Neither is on by default: where
# it is not, its calls end with the restart, as they would anyway.
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
# --- at a time
# ------------------------------------------------------------------------------------------------

# HH:MM (the next one) or YYYY-MM-DDTHH:MMZ as systemd writes a point of time in UTC. Fails for any
# other text, and for the past.
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

# Units of our own rather than transient ones: a reboot before the time must not forget them. After
# it nothing is pending, and the run ends without a restart.
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

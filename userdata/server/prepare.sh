#!/usr/bin/env bash
# Prepares the Jitsi Meet server for a fleet of bridges, on what Jitsi Meet's packages left there
# and what people made of it. Idempotent. Usage:
#   prepare.sh apply|check|undo [--restart now|never|at HH:MM|at YYYY-MM-DDTHH:MMZ]     (UTC)
# Environment: README.md. Tells its progress on stderr; the last line on stdout is
# {"ok":true,"changed":[…],"restartNeeded":…,"restartAt":…} or {"ok":false,"error":"…"}.
set -euo pipefail

readonly home=${BRIDGES_HOME:-/opt/jitsi-bridges}
# shellcheck source=lib/answer.bash
. "$home/lib/answer.bash"
# shellcheck source=lib/host-packages.bash
. "$home/lib/host-${BRIDGES_SERVER_KIND:-packages}.bash"
# shellcheck source=lib/admin-shell.bash
. "$home/lib/admin-shell.bash"
# shellcheck source=lib/installed.bash
. "$home/lib/installed.bash"
# shellcheck source=lib/files.bash
. "$home/lib/files.bash"
# shellcheck source=lib/programs.bash
. "$home/lib/programs.bash"
# shellcheck source=lib/take-over.bash
. "$home/lib/take-over.bash"
# shellcheck source=lib/prepare-component.bash
. "$home/lib/prepare-component.bash"
# shellcheck source=lib/prepare-muc.bash
. "$home/lib/prepare-muc.bash"
# shellcheck source=lib/restart.bash
. "$home/lib/restart.bash"

check_environment() {
  require_fleet
  require_env BRIDGES_STATS_NODE '[A-Za-z0-9_.-]{1,64}'
  require_env BRIDGES_SERVER_ADDRESS '[0-9]{1,3}(\.[0-9]{1,3}){3}'
  [ "$BRIDGES_GENERATION" = component ] || require_brewery
  export BRIDGES_COMPONENT_INTERFACE=${BRIDGES_COMPONENT_INTERFACE:-private}
  require_env BRIDGES_COMPONENT_INTERFACE 'private|public'
  ! is_muc || ! is_public || fail "BRIDGES_COMPONENT_INTERFACE: public is for bridges that are components"
}

parse_arguments() {
  action=${1-}
  restart=never restart_at=
  case $action in apply | check | undo) ;; *) fail "the action must be apply, check or undo" ;; esac
  case "${2---restart} ${3-never} ${4-}" in
    "--restart now " | "--restart never ") restart=${3-never} ;;
    "--restart at "*) restart=at restart_at=$(time_of_restart "${4-}") || fail "--restart at: HH:MM or YYYY-MM-DDTHH:MMZ, in UTC and in the future" ;;
    *) fail "unknown argument ${2-}: only --restart now, never, or at TIME" ;;
  esac
  [ "$#" -le 4 ] || fail "unknown argument $5"
}

check_server() {
  local file addresses
  for file in "$home"/lua/{configuration,changes,plan}.lua "$home"/prosody-{accounts,running}.lua \
    "$home"/prosody/mod_jitsi_bridges{,_brewery,_loader}.lua; do
    [ -r "$file" ] || fail "$file is missing"
  done
  addresses=$(ip -o -4 address show)
  [[ $addresses == *"inet $BRIDGES_SERVER_ADDRESS/"* || $addresses == *"inet $BRIDGES_SERVER_ADDRESS "* ]] ||
    fail "BRIDGES_SERVER_ADDRESS: $BRIDGES_SERVER_ADDRESS is not an address of this machine"
}

is_public() { [ "$BRIDGES_COMPONENT_INTERFACE" = public ]; }

prepared() { [ -f "$state/$BRIDGES_FLEET.prepared" ]; }

make_changes() {
  find_default_bridge
  if [ "$action" = undo ]; then
    plan_prosody undo
    undo_for_component
    return
  fi
  plan_prosody apply
  if is_muc; then
    check_jicofo
    check_certificate
    undo_for_component
  else
    edit_for_component
  fi
}

apply() {
  local missing
  keep_notes
  remove_of_other_generation
  note_programs
  link_modules
  ! changes_need_restart || note_restart_after=yes
  place_changes
  [ -z "${note_restart_after-}" ] || note_restart
  printf '%s\n' "$BRIDGES_GENERATION" >"$state/$BRIDGES_FLEET.prepared"
  remember
  prosody_runs || return 0
  take_over
  if ! ask_running; then
    log "the running Prosody has no console yet: it takes this over at its next start"
    restart_pending || note_restart
    return
  fi
  missing=$(lacking)
  if [[ -n $missing && $missing != "no "*" heard "* ]]; then
    take_back "the running Prosody did not load this ($missing)"
  fi
  [ -z "$missing" ] || restart_pending || note_restart
  missing=$(missing_programs $((return_seconds < 10 ? return_seconds : 10)))
  [ -z "$missing" ] || take_back "these programs lost Prosody: $missing"
}

# A server that was prepared before goes on as it was then, also in the running Prosody.
take_back() {
  roll_back
  restore_notes
  if prepared; then take_over; else let_go; fi
  unlink_modules_unless_prepared
  fail "$1; the configuration is what it was before: see Prosody's log, /var/log/prosody/prosody.log, then run this again"
}

# For sync, which looks whether all is still there and repairs by another apply.
remember() {
  local name file
  for name in STATS_NODE COMPONENT_INTERFACE; do
    name=BRIDGES_$name
    printf '%s=%s\n' "$name" "${!name}"
  done >"$state/$BRIDGES_FLEET.environment"
  {
    for file in "${fact[own_file]}" ${fact[settings_file]:+"${fact[settings_file]}"}; do
      printf 'whole %s %s\n' "$(sha256sum <"$file" | cut -d ' ' -f 1)" "$file"
    done
    for file in ${fact[included_by]:+"${fact[included_by]}"} "$bridge_config" "$bridge_properties" "$jicofo_config" "$jicofo_properties"; do
      if [ -f "$file" ] && grep -Fq 'jitsi-bridges begin' "$file"; then printf 'lines - %s\n' "$file"; fi
    done
  } >"$state/$BRIDGES_FLEET.files"
}

remove_of_other_generation() {
  [ ! -f "$state/$BRIDGES_FLEET.prepared" ] || [ "$(<"$state/$BRIDGES_FLEET.prepared")" = "$BRIDGES_GENERATION" ] || remove_accounts
}

# Accounts go by way of the running Prosody, which knows them all and closes their sessions.
remove_accounts() {
  local none
  : >"$work/none"
  if prosody_runs; then
    none=$(share_file "$work/none" none)
    printf '> dofile("%s")("auth.%s", "%s", "apply")\n' "$(program_file prosody-accounts.lua)" "$BRIDGES_DOMAIN" "$none" |
      admin_shell >"$work/removed"
    unshare_files
  fi
  prosody_exec prosodyctl deluser "$BRIDGES_COLLECTOR_USER@auth.$BRIDGES_DOMAIN" >/dev/null 2>&1 || true
}

undo() {
  cancel_restart
  remove_accounts
  ! changes_need_restart || note_restart_after=yes
  place_changes
  if prosody_runs; then let_go; fi
  rm -f "$state/$BRIDGES_FLEET".{prepared,environment,files}
  if [ -n "${note_restart_after-}" ] && prosody_runs; then note_restart; else rm -f "$state/restart-needed"; fi
  other_fleets || unlink_modules
}

restart_as_asked() {
  case $restart in
    now) ! restart_pending || restart_services ;;
    at) ! restart_pending || schedule_restart ;;
  esac
}

# After check: what was prepared must be what runs.
check_running() {
  local missing
  prepared && [ "${#changed[@]}" = 0 ] && ! restart_pending || return 0
  ask_running ||
    fail "this server is prepared, but Prosody does not answer: start it (systemctl start prosody), then run this again"
  missing=$(lacking)
  [ -z "$missing" ] ||
    fail "this server is prepared, but the running Prosody is not as it says ($missing): run this document with action=apply"
}

# Step 7: not for a script on this server to open.
print_ports() {
  printf 'Ports that must be open on this server (%s), in its security group:\n' "$BRIDGES_SERVER_ADDRESS" >&2
  if is_muc; then
    echo "  5222/tcp   from the bridges' and the collector's security groups   XMPP clients, STARTTLS" >&2
  else
    echo "  5347/tcp   from the bridges' security group      components; plain text, so never to the world" >&2
    echo "  5222/tcp   from the collector's security group   XMPP client, STARTTLS" >&2
    ! is_public || echo "5347/tcp is heard on every address of this server, as asked for: only firewalls keep the world out" >&2
  fi
}

# Whether a restart is needed before all that was prepared holds; for `check`, if the changes were
# applied.
restart_needed() {
  ! restart_pending || return 0
  [ "$action" = check ] || return 1
  changes_need_restart || { prosody_runs && [ "${#changed[@]}" != 0 ] && ! ask_running; }
}

reply() {
  local pending=false at
  if restart_needed; then pending=true; fi
  at=$(scheduled_restart)
  printf '%s\n' "${changed[@]}" | jq -cRn --argjson pending "$pending" --arg at "$at" \
    '{ok: true, changed: [inputs | select(. != "")], restartNeeded: $pending} + if $at == "" then {} else {restartAt: $at} end'
}

main() {
  require_tools jq aws openssl ip flock diff
  parse_arguments "$@"
  check_environment
  check_generation
  check_server
  only_one
  lua=$(prosody_lua)
  make_changes
  print_changes
  case $action in
    apply) apply ;;
    undo) undo ;;
    check) check_running ;;
  esac
  [ "$action" = check ] || restart_as_asked
  [ "$action" = undo ] || print_ports
  reply
}

trap ended EXIT
main "$@"

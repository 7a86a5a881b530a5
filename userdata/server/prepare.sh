#!/usr/bin/env bash
# Prepares Server A for a fleet of bridges, on what Jitsi Meet's packages left there: part 1 of the tutorial, all seven
# steps, or what bridges need that are clients. Idempotent. Usage:
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
  export BRIDGES_PLUGIN_PATH=$home/prosody
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
  local file
  for file in "$prosody/prosody.cfg.lua" "$home/prosody-config.lua" "$home"/prosody/mod_jitsi_bridges{,_brewery}.lua; do
    [ -r "$file" ] || fail "$file is missing"
  done
  ip -o -4 address show | grep -qwF "inet $BRIDGES_SERVER_ADDRESS" ||
    fail "BRIDGES_SERVER_ADDRESS: $BRIDGES_SERVER_ADDRESS is not an address of this machine"
}

is_muc() { [ "$BRIDGES_GENERATION" = muc ]; }

is_public() { [ "$BRIDGES_COMPONENT_INTERFACE" = public ]; }

make_candidates() {
  strip_all
  if [ "$action" = undo ]; then
    restore_originals
    return
  fi
  if is_muc; then edit_for_muc; else edit_for_component; fi
  verify_configuration "$work/stage" || fail "the edited configuration would not load or not do; nothing was changed"
}

apply() {
  [ ! -f "$state/prepared" ] || [ "$(<"$state/prepared")" = "$BRIDGES_GENERATION" ] || remove_what_sync_left
  if is_muc; then link_guard; else unlink_guard; fi
  place_changes
  if ! verify_configuration ""; then
    roll_back
    fail "the configuration does not load in place; it is what it was before"
  fi
  printf '%s\n' "$BRIDGES_GENERATION" >"$state/prepared"
}

undo() {
  rm -f "$state/prepared"
  cancel_restart
  remove_what_sync_left
  place_changes
  unlink_guard
  forget_originals
}

# What the running Prosody can take over without a restart.
refresh_prosody() {
  prosody_runs || return 0
  if is_muc; then show_addresses_in_brewery; else reload_module; fi
}

restart_as_asked() {
  case $restart in
    now) ! restart_pending || restart_services ;;
    at) ! restart_pending || schedule_restart ;;
  esac
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

reply() {
  local pending=false at
  if [ "$action" = check ] && changes_need_restart || restart_pending; then pending=true; fi
  at=$(scheduled_restart)
  jq -cn --argjson pending "$pending" --arg at "$at" \
    '{ok: true, changed: $ARGS.positional, restartNeeded: $pending} + if $at == "" then {} else {restartAt: $at} end' \
    --args "${changed[@]}"
}

main() {
  require_tools jq aws openssl ip flock diff
  parse_arguments "$@"
  check_environment
  check_generation
  check_server
  only_one
  lua=$(prosody_lua)
  default_secret=$(default_bridge_secret)
  stage_files
  find_prosody_files
  make_candidates
  find_changes
  print_changes
  case $action in
    apply) apply ;;
    undo) undo ;;
  esac
  if [ "$action" != check ]; then
    refresh_prosody
    restart_as_asked
  fi
  [ "$action" = undo ] || print_ports
  reply
}

trap ended EXIT
main "$@"

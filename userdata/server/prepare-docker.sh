#!/usr/bin/env bash
# Prepares a docker-jitsi-meet for a fleet of bridges, by files of our own only: the guard of the
# bridges' room, what loads it, and the certificate that bridges believe. Idempotent. Usage:
#   prepare-docker.sh apply|check|undo [--restart now|never] [--publish yes|no]
# Environment: README.md. Tells its progress on stderr; the last line on stdout is
# {"ok":true,"changed":[…],"restartNeeded":…,"server":{…},"publish":{…}} or
# {"ok":false,"error":"…"}.
set -euo pipefail

readonly home=${BRIDGES_HOME:-/opt/jitsi-bridges}
# shellcheck source=lib/answer.bash
. "$home/lib/answer.bash"
# shellcheck source=lib/host-docker.bash
. "$home/lib/host-docker.bash"
# shellcheck source=lib/admin-shell.bash
. "$home/lib/admin-shell.bash"
# shellcheck source=lib/docker-files.bash
. "$home/lib/docker-files.bash"
# shellcheck source=lib/docker-publish.bash
. "$home/lib/docker-publish.bash"

# The first release of Prosody whose admin shell we can use, and the first that the supported
# images have.
readonly first_prosody=0.12
readonly seconds_for_focus=30

parse_arguments() {
  action=${1-} restart=never publish=no
  case $action in apply | check | undo) ;; *) fail "the action must be apply, check or undo" ;; esac
  shift
  while [ "$#" -gt 0 ]; do
    case "$1 ${2-}" in
      "--restart now" | "--restart never") restart=$2 ;;
      "--restart at"*) fail "--restart at: not with server.kind: docker, whose one restart, if any, is that which publishes the port: only now or never" ;;
      "--publish yes" | "--publish no") publish=$2 ;;
      *) fail "unknown argument $1: only --restart now or never, and --publish yes or no" ;;
    esac
    shift 2
  done
}

check_environment() {
  require_fleet
  [ -z "${BRIDGES_BREWERY-}" ] || require_brewery
  [ -z "${BRIDGES_COMPOSE_PROJECT-}" ] || require_env BRIDGES_COMPOSE_PROJECT '[a-z0-9][a-z0-9_-]{0,127}'
  require_env BRIDGES_SERVER_ADDRESS '[0-9]{1,3}(\.[0-9]{1,3}){3}'
  [ "$BRIDGES_GENERATION" = muc ] || fail "generation: with server.kind: docker it must be muc, since the containers publish no component port"
  ip -o -4 address show | grep -wF "inet $BRIDGES_SERVER_ADDRESS" >/dev/null ||
    fail "BRIDGES_SERVER_ADDRESS: $BRIDGES_SERVER_ADDRESS is not an address of this machine"
}

# What Debian says is installed in the container, whether or not the running one can be asked.
check_prosody_version() {
  local version
  # shellcheck disable=SC2016 # dpkg-query's own
  version=$(prosody_exec dpkg-query -W -f '${Version}' prosody </dev/null 2>/dev/null) || version=
  [ -n "$version" ] || return 0
  [ "$(printf '%s\n' "$first_prosody" "${version%%[!0-9.]*}" | sort -V | sed -n 1p)" = "$first_prosody" ] ||
    fail "the images have Prosody $version: releases of docker-jitsi-meet before stable-9584 are not supported, update it first"
}

# Images before 9584 have them off, and then clients on the fleet's bridges would have no channel
# to them.
check_data_channels() {
  local text
  [ -n "$jicofo" ] || return 0
  text=$(docker exec "$jicofo" sh -c 'cat /run/jicofo/config/jicofo.conf 2>/dev/null || cat /config/jicofo.conf' 2>/dev/null | tr -d '[:space:]"') || text=
  [[ $text != *sctp\{enabled=false* ]] ||
    fail "Jicofo has SCTP data channels switched off, the only ones that the fleet's bridges offer: set ENABLE_SCTP=1 and JVB_PREFER_SCTP=1 in .env and run docker compose up -d, or update docker-jitsi-meet to stable-9584 or later"
}

# The running Prosody says more than any file: whether Jicofo looks for bridges here at all. Leaves
# a sentence in `problem` when it is not there, also after a while in which it may be starting.
await_focus() {
  local deadline=$((SECONDS + seconds_for_focus))
  problem=
  until focus_is_there; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      problem="cannot tell where Jicofo looks for bridges: focus@$BRIDGES_AUTH_HOST is not in $BRIDGES_BREWERY on this Prosody; does its container run, and in this project?"
      return
    fi
    sleep 1
    ask || true
  done
}

# By the running Prosody's word, not by that of the files; it may be starting. Leaves a sentence in
# `problem` otherwise.
verify_running() {
  local deadline=$((SECONDS + seconds_for_focus))
  until
    problem="the running Prosody does not answer in its admin shell"
    ! ask || problem=$(lacking)
    [ -z "$problem" ]
  do
    [ "$SECONDS" -lt "$deadline" ] || return 0
    sleep 1
  done
  await_focus
}

# Everything as it was; the guard that was there before, if any, is loaded again.
go_back() {
  local file
  for file in "${changed[@]}"; do
    if [ -f "$work/before$file" ]; then cp -p "$work/before$file" "$file"; else rm -f "$file"; fi
  done
  if [ "$had_guard" = yes ]; then load_in_prosody || true; else unload_from_prosody; fi
}

apply() {
  place_docker_changes
  if can_ask; then
    load_in_prosody || true
    verify_running
    [ -z "$problem" ] || { go_back && fail "$problem; what was changed is undone"; }
  elif [ "$restart" = now ]; then
    restart_container
    verify_running
    [ -z "$problem" ] || { go_back && restart_prosody && fail "$problem; what was changed is undone"; }
  fi
  mkdir -p "$state"
  printf '%s\n' "$BRIDGES_GENERATION" >"$state/$BRIDGES_FLEET.prepared"
}

restart_container() {
  log "restarting the container of Prosody"
  restart_prosody
  read_container
}

# The images before 10741 have no admin shell until our loader brings it, at the next start.
can_ask() { [ "$answers" = yes ]; }

ask() {
  answers=no
  ! ask_running || answers=yes
  can_ask
}

check() {
  local lack
  print_docker_changes
  if [ "${#changed[@]}" = 0 ] && can_ask; then
    lack=$(lacking)
    [ -z "$lack" ] || fail "$lack: run prepare with action=apply"
  fi
}

# What does not run is no hindrance: the ledger knows the files. Accounts then stay in Prosody's
# data.
undo() {
  changed=()
  project=${BRIDGES_COMPOSE_PROJECT-}
  if command -v docker >/dev/null && require_docker && [ -n "$(containers_of prosody)" ]; then
    locate_prosody
    if ask; then
      remove_accounts
      unload_from_prosody
    else
      log "the running Prosody does not answer: accounts of bridges stay in it until an undo when it does"
    fi
  else
    log "no container of Prosody runs: accounts of bridges stay in its data until an undo when it does"
  fi
  warn_of_override
  remove_docker_files
  rm -f "$state/$BRIDGES_FLEET.prepared"
  rmdir "$state" 2>/dev/null || true
}

# All bridges', and the collector's. Their sessions are closed.
remove_accounts() {
  local list path
  : >"$work/none"
  list=$(share_file "$work/none" accounts) && path=$(share_file "$home/prosody-accounts.lua" prosody-accounts.lua) || return 0
  printf '%s\n' "> dofile(\"$path\")(\"$BRIDGES_AUTH_HOST\", \"$list\", \"apply\")" \
    "user:delete(\"$BRIDGES_COLLECTOR_USER@$BRIDGES_AUTH_HOST\")" | admin_shell >/dev/null
  unshare_files
}

# The port stays published until the container is made anew without our file.
warn_of_override() {
  local file
  while read -r _ file _; do
    case $file in *.yml) log "$file goes; the port stays published until the container is made anew: docker compose up -d prosody" ;; esac
  done < <(grep -s '^file ' "$ledger")
}

publish_reply() {
  [ -n "$published" ] || { echo null && return; }
  jq -cn --argjson published "$([ "$published" = yes ] && echo true || echo false)" --arg file "$override" --arg content "$(override_text)" \
    --arg command "$publish_command" \
    --argjson written "$([ -f "$override" ] && echo true || echo false)" \
    'if $published then {published: true} else {published: false, $file, $content, $command, $written} end'
}

reply() {
  printf '%s\n' "${changed[@]}" | jq -cRn --argjson pending "$pending" --argjson publish "$(publish_reply)" --arg project "${project-}" --arg layout "${layout-}" \
    --arg domain "${BRIDGES_DOMAIN-}" --arg authHost "${BRIDGES_AUTH_HOST-}" \
    --arg brewery "${BRIDGES_BREWERY-}" \
    '{ok: true, changed: [inputs | select(. != "")], restartNeeded: $pending}
      + if $authHost == "" then {} else {server: {kind: "docker", $project, $layout, $domain, $authHost, $brewery}} end
      + if $publish == null then {} else {$publish} end'
}

main() {
  pending=false published='' answers=no
  require_tools jq openssl ip flock diff nsenter sha256sum
  parse_arguments "$@"
  check_environment
  only_one
  if [ "$action" = undo ]; then
    undo
    reply
    return
  fi
  require_tools aws ss
  locate_prosody
  check_prosody_version
  check_data_channels
  refuse_other_fleet
  ask || log "the running Prosody has no admin shell: it has one from its next start on, when it is prepared"
  had_guard=no
  if can_ask; then
    await_focus
    [ -z "$problem" ] || fail "$problem"
    [ "$(running '.module | type')" = boolean ] || had_guard=yes
  fi
  stage_wanted
  find_docker_changes
  if [ "$action" = check ]; then check; else apply; fi
  can_ask || pending=true
  find_override
  find_published
  if [ "$published" = no ]; then
    if [ "$action" = apply ] && [ "$publish" = yes ]; then write_override; fi
    show_override "$([ -f "$override" ] && echo 'the file that publishes it is' || echo 'write this file, or run prepare with publish=yes:')"
  fi
  reply
}

trap ended EXIT
main "$@"

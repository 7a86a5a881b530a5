# shellcheck shell=bash disable=SC2154
# Whether a docker-jitsi-meet still is what prepare-docker.sh made of it: our files are in the
# folders that are mounted now, and the running Prosody guards the bridges' room. Sourced by
# sync.sh.

require_prepared() {
  [ "$(cat "$state/$BRIDGES_FLEET.prepared" 2>/dev/null)" = "$BRIDGES_GENERATION" ] ||
    fail "this server is not prepared for bridges of $BRIDGES_FLEET: run the prepare document (action=apply) first"
}

# A container that was made anew, an image of another layout, folders that were moved: what prepare
# did is done again.
# Never goes on over an open room.
require_in_force() {
  local lack
  refuse_other_fleet
  ask_running || fail "the running Prosody does not answer in its admin shell: restart its container (docker restart $container), in which our loader then enables it"
  stage_wanted
  find_docker_changes
  lack=$(lacking)
  [ "${#changed[@]}" -gt 0 ] || [ -n "$lack" ] || return 0
  if [ "$action" = sync ]; then
    log "putting right: ${lack:-files that are missing or were changed}"
    place_docker_changes
    load_in_prosody || true
    ask_running && lack=$(lacking) || lack="Prosody does not answer"
    [ -n "$lack" ] || return 0
  else
    print_docker_changes
  fi
  fail "docker-jitsi-meet is not as this fleet needs it (${lack:-files are missing or were changed}): run the prepare document with action=apply"
}

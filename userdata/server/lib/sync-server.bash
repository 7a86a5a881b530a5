# shellcheck shell=bash disable=SC2154
# Whether the running Prosody and its files still are what prepare.sh made of them. Sourced by
# sync.sh.

require_prepared() {
  [ "$(cat "$state/$BRIDGES_FLEET.prepared" 2>/dev/null)" = "$BRIDGES_GENERATION" ] ||
    fail "this server is not prepared for $BRIDGES_GENERATION bridges of $BRIDGES_FLEET: run the prepare document (action=apply) first"
}

# A package upgrade or somebody's configuration management may have put a file back: it would hold
# from the next start.
changed_behind_us() {
  local kind sum file
  while read -r kind sum file; do
    case $kind in
      whole) [ -f "$file" ] && [ "$(sha256sum <"$file" | cut -d ' ' -f 1)" = "$sum" ] ;;
      *) [ -f "$file" ] && grep -Fq 'jitsi-bridges begin' "$file" ;;
    esac || printf '%s ' "$file"
  done <"$state/$BRIDGES_FLEET.files"
  for file in "$(module_folder)"/mod_jitsi_bridges{,_brewery,_loader}.lua; do
    [ -e "$file" ] || printf '%s ' "$file"
  done
}

# What is not as it must be, as a phrase; nothing when all is.
wrong_here() {
  local changed missing
  changed=$(changed_behind_us)
  [ -z "$changed" ] || { printf 'changed by somebody else: %s' "$changed" && return; }
  if ask_running; then missing=$(lacking); else missing='Prosody does not answer'; fi
  printf '%s' "$missing"
}

# Never goes on over an open room or node: what may be put right without a restart is, anything
# else is told.
require_in_force() {
  local wrong
  wrong=$(wrong_here)
  [ -n "$wrong" ] || return 0
  if [ "$action" = sync ]; then
    prosody_runs || fail "Prosody does not run on this server: start it (systemctl start prosody); this is run again by itself"
    log "putting right: $wrong"
    prepare_again
    wrong=$(wrong_here)
    [ -n "$wrong" ] || return 0
  fi
  fail "the running Prosody is not as this fleet needs it ($wrong): run the prepare document with action=apply, and with restart=now when it answers restartNeeded"
}

# Its own answer is not ours; its progress is.
prepare_again() {
  local answer
  answer=$(
    set -a
    # shellcheck disable=SC1090 # written by prepare.sh
    . "$state/$BRIDGES_FLEET.environment"
    BRIDGES_LOCKED=yes "$home/prepare.sh" apply --restart never | tail -n 1
  ) || true
  [[ $answer == '{"ok":true'* ]] ||
    fail "the Jitsi Meet server was changed and cannot be prepared again by itself: $(jq -r '.error // "see stderr"' <<<"$answer")"
}

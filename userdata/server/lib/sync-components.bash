# shellcheck shell=bash disable=SC2154
# Bridges that are components: a drop-in with a block for each, which our module in Prosody
# follows. Sourced by sync.sh.

# Beside the file that prepare.sh has Prosody include.
drop_in_of_fleet() {
  local own
  own=$(sed -n 's/^whole [0-9a-f]* //p' "$state/$BRIDGES_FLEET.files")
  printf '%s.bridges.cfg.lua' "${own%.cfg.lua}"
}

make_drop_in() {
  printf -- '-- Written by sync.sh from the parameters below %s; edits are lost.\n' "$BRIDGES_PARAMETERS"
  local id secret
  while read -r id _ secret; do
    printf '\nComponent "jvb-%s.%s"\n    component_secret = "%s"\n    jitsi_bridge = true\n' \
      "${id#i-}" "$BRIDGES_DOMAIN" "$secret"
  done <"$work/bridges"
}

# "<host> <secret>" of a drop-in.
wanted_components() {
  sed -n 's/^Component "\([^"]*\)"$/\1/p; s/^    component_secret = "\([^"]*\)"$/\1/p' "$1" | paste -d ' ' - - | LC_ALL=C sort
}

# Leaves Prosody's active bridges in $work/active, those of them that report in $work/reporting,
# all that are connected in $work/sessions, as users, and the digest over the active ones in
# `active_digest`. Lines of the admin shell on stdin come before. Fails when Prosody does not
# answer.
observe_components() {
  { cat && printf '> %s.registered()\n' "$(module_of_domain)"; } | admin_shell >"$work/answers"
  [[ $(tail -n 1 "$work/answers") =~ ^([0-9a-f]{64})( |$) ]] || return 1
  active_digest=${BASH_REMATCH[1]}
  tail -n 1 "$work/answers" | tr ' ' '\n' | sed 1d >"$work/hosts"
  sed 's/[+*]$//' "$work/hosts" | LC_ALL=C sort >"$work/active"
  sed -n 's/\*$//p' "$work/hosts" | LC_ALL=C sort >"$work/reporting"
  sed -n "s/\.${BRIDGES_DOMAIN}[+*]\$//p" "$work/hosts" >"$work/sessions"
}

in_step() { [ "$active_digest" = "$wanted_digest" ]; }

# Beside the file first, under a name that Prosody does not include: a rename is all or nothing.
place_drop_in() {
  local temporary=$drop_in.new
  "$(prosody_lua)" -e "assert(loadfile('$work/drop-in'))" >&2 ||
    fail "the generated drop-in is not valid Lua; nothing was changed"
  install -m 640 -g prosody "$work/drop-in" "$temporary"
  mv "$temporary" "$drop_in"
}

# Prosody says only in its log why a configuration does not load.
follow_drop_in() {
  local deadline=$((SECONDS + seconds_for_prosody))
  observe_components <<<'config:reload()' || true
  [ "$(wc -l <"$work/answers")" -gt 1 ] || fail "Prosody refused to reload its configuration (is all of the configuration valid?): see its log"
  until in_step; do
    [ "$SECONDS" -lt "$deadline" ] || fail "Prosody has not loaded the bridges in $seconds_for_prosody s: see its log"
    sleep 0.2
    observe_components </dev/null || true
  done
  log "activated $(wc -l <"$work/activated"), deactivated $(wc -l <"$work/deactivated")"
}

components_in_step() {
  drop_in=$(drop_in_of_fleet)
  make_drop_in >"$work/drop-in"
  wanted_components "$work/drop-in" >"$work/wanted"
  wanted_digest=$(sha256sum <"$work/wanted" | cut -d ' ' -f 1)
  observe_components </dev/null ||
    fail "no answer from Prosody's admin shell: is it running, its configuration valid, and mod_jitsi_bridges loaded on $BRIDGES_DOMAIN?"
  cut -d ' ' -f 1 "$work/wanted" >"$work/wanted-hosts"
  LC_ALL=C comm -23 "$work/wanted-hosts" "$work/active" >"$work/activated"
  LC_ALL=C comm -13 "$work/wanted-hosts" "$work/active" >"$work/deactivated"
  refuse_odd_set "$(LC_ALL=C comm -12 "$work/deactivated" "$work/reporting" | wc -l)" "$(wc -l <"$work/active")"
  [ "$action" = sync ] || return 0
  cmp -s "$work/drop-in" "$drop_in" || place_drop_in
  in_step || follow_drop_in
}

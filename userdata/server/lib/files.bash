# shellcheck shell=bash disable=SC2154
# Every file that prepare.sh touches: edited in a private copy ($work/stage), shown as a diff, put in place one rename at
# a time, taken back. Sourced.

stage_files() {
  local file
  stage=$work/stage
  mkdir -p "$stage$prosody"
  (cd "$prosody" && find -L . -name '*.cfg.lua' -exec cp -L --parents {} "$stage$prosody" \;)
  for file in "$bridge_config" "$bridge_properties" "$jicofo_config" "$jicofo_properties"; do
    mkdir -p "$stage$(dirname "$file")"
    [ ! -f "$file" ] || cp "$file" "$stage$file"
  done
}

# Leaves in `found` the files of the configuration that have a section, `VirtualHost` or `Component`, of this name.
find_section() {
  local pattern="^[[:space:]]*$1[[:space:]]*\\(?[[:space:]]*[\"']${2//./\\.}[\"']"
  mapfile -t found < <(grep -lE "$pattern" "$stage$prosody/prosody.cfg.lua" "$stage$prosody"/conf.d/*.cfg.lua 2>/dev/null)
  found=("${found[@]#"$stage"}")
}

# An undo takes a missing brewery as it is: nothing of ours can be in it.
find_prosody_files() {
  local found
  find_section VirtualHost "$BRIDGES_DOMAIN"
  [ "${#found[@]}" = 1 ] || fail "VirtualHost $BRIDGES_DOMAIN must be in exactly one file of $prosody, found ${#found[@]}"
  domain_file=${found[0]}
  brewery_file=
  is_muc || return 0
  find_section Component "${BRIDGES_BREWERY#*@}"
  [ "${#found[@]}" = 1 ] || [ "$action" = undo ] ||
    fail "Component ${BRIDGES_BREWERY#*@} must be in exactly one file of $prosody, found ${#found[@]}: bridges need Jitsi Meet's room for them"
  brewery_file=${found[0]-}
}

prosody_files() { printf '%s\n' "$prosody/prosody.cfg.lua" "$domain_file" ${brewery_file:+"$brewery_file"} | sort -u; }

jitsi_files() {
  ! has_default_bridge || printf '%s\n' "$bridge_config" "$bridge_properties"
  printf '%s\n' "$jicofo_config" "$jicofo_properties"
}

# The secret is in the environment of this one process only: what is restarted later must not inherit it.
config_tool() {
  BRIDGES_DEFAULT_SECRET=$default_secret "$lua" "$home/prosody-config.lua" "$@"
}

# On the configuration below a root. From inside its folder: Prosody's parser trips over a long path when it has to
# warn about an option that is set twice.
on_configuration() {
  local root=$1 command=$2
  shift 2
  (cd "$root$prosody" && config_tool "$command" ./prosody.cfg.lua "$@")
}

edit() {
  local file=$1
  shift
  "$@" >"$work/edited" || return 1
  cat "$work/edited" >"$stage$file"
}

# An edit of Prosody's configuration, which Prosody's own parser may refuse.
edit_prosody() {
  local problem
  problem=$(edit "$@" 2>&1) || fail "cannot edit Prosody's configuration: $problem"
}

strip_shell_block() { sed '/^# jitsi-bridges begin$/,/^# jitsi-bridges end$/d' "$1"; }

strip_all() {
  local file
  while read -r file; do
    edit "$file" config_tool strip "$stage$file" || fail "cannot read $file"
  done < <(prosody_files)
  while read -r file; do
    [ ! -f "$stage$file" ] || edit "$file" strip_shell_block "$stage$file"
  done < <(jitsi_files)
}

# The last assignment of a key wins in a shell script, an EnvironmentFile and a Java properties file alike, so what
# the packages wrote may stay as it is.
append_block() {
  local file=$stage$1
  shift
  [ ! -s "$file" ] || [ -z "$(tail -c 1 "$file")" ] || printf '\n' >>"$file"
  { printf '# jitsi-bridges begin\n' && printf '%s\n' "$@" && printf '# jitsi-bridges end\n'; } >>"$file"
}

verify_configuration() {
  local root=$1 problem
  problem=$(on_configuration "$root" "verify-$BRIDGES_GENERATION" "$BRIDGES_DOMAIN" 2>&1) && return
  log "$problem"
  return 1
}

original_of() { printf '%s.jitsi-bridges.orig' "$(readlink -f "$1")"; }

same_but_for_space() { cmp -s <(tr -d '[:space:]' <"$1") <(tr -d '[:space:]' <"$2"); }

# What the operator has changed since stays; where nothing has, the file is what it was to the byte.
restore_originals() {
  local file original
  while read -r file; do
    original=$(original_of "$file")
    if [ -f "$original" ] && same_but_for_space "$original" "$stage$file"; then cp "$original" "$stage$file"; fi
  done < <(prosody_files && jitsi_files)
}

forget_originals() {
  local file
  while read -r file; do rm -f "$(original_of "$file")"; done < <(prosody_files && jitsi_files)
}

# Of a run that was killed in the middle of a file.
remove_leftovers() {
  local file real
  while read -r file; do
    real=$(readlink -f "$file")
    rm -f "$real.jitsi-bridges.new" "$real.jitsi-bridges.orig.new"
  done < <(prosody_files && jitsi_files)
  rm -f "$prosody"/conf.d/jitsi-bridges-*.cfg.lua.new
}

find_changes() {
  local file
  changed=()
  while read -r file; do
    [ -f "$stage$file" ] || continue
    cmp -s "$file" "$stage$file" || changed+=("$file")
  done < <(prosody_files && jitsi_files)
}

# Without the values of secrets, also those of lines that only stand beside ours.
print_changes() {
  local file
  for file in "${changed[@]}"; do
    diff -U 0 --label "$file" --label "$file (prepared)" "$file" "$stage$file" |
      sed -E 's/^([+-].*(secret|password)[^=]*=).*/\1 …/I' >&2 || true
  done
}

# One rename, keeping owner and mode; a link in conf.d goes on pointing to the file in conf.avail.
put() {
  local file=$2 temporary=$2.jitsi-bridges.new
  if [ -f "$file" ]; then
    cp --preserve=mode,ownership "$file" "$temporary"
  else
    install -m 640 /dev/null "$temporary"
    chown --reference="$(dirname "$file")" "$temporary"
  fi
  cat "$1" >"$temporary"
  mv "$temporary" "$file"
}

# Whole or not at all, as a later undo believes what it finds.
keep_original() {
  local original=$1.jitsi-bridges.orig
  [ -f "$original" ] && return
  cp -p "$1" "$original.new"
  mv "$original.new" "$original"
}

place_changes() {
  local file real
  mkdir -p "$state" "$work/before"
  remove_leftovers
  ! changes_need_restart || note_restart
  for file in "${changed[@]}"; do
    real=$(readlink -f "$file")
    if [ -f "$real" ]; then
      mkdir -p "$work/before$(dirname "$file")"
      cp "$real" "$work/before$file"
      [ "$action" = undo ] || keep_original "$real"
    fi
    put "$stage$file" "$real"
    log "changed $file"
  done
}

roll_back() {
  local file
  for file in "${changed[@]}"; do
    if [ -f "$work/before$file" ]; then put "$work/before$file" "$(readlink -f "$file")"; else rm -f "$file"; fi
  done
}

# Accounts go by way of the running Prosody, which knows them all and closes their sessions.
remove_what_sync_left() {
  rm -f "$prosody/conf.d/jitsi-bridges-$BRIDGES_FLEET.cfg.lua"
  mkdir -p "$work/none"
  : >"$work/none/accounts"
  chmod -R u=rwX,go=rX "$work/none"
  chmod 711 "$work"
  if prosody_runs; then
    printf '> dofile("%s/prosody-accounts.lua")("auth.%s", "%s/none/accounts", "apply")\n' \
      "$home" "$BRIDGES_DOMAIN" "$work" | admin_shell >/dev/null
  fi
  prosodyctl deluser "$BRIDGES_COLLECTOR_USER@auth.$BRIDGES_DOMAIN" >/dev/null 2>&1 || true
}

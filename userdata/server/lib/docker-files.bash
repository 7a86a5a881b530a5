# shellcheck shell=bash disable=SC2154
# What a fleet has in a docker-jitsi-meet: files of its own in the folders that the operator
# mounts, nothing in theirs. They outlive containers and images. Sourced by prepare-docker.sh and
# sync.sh.

readonly loader_module=jitsi_bridges_loader
readonly drop_in_name=jitsi-bridges.cfg.lua
# Where things were put, for an undo without the containers: lines "file <path> <digest>" and
# "folder <path>", newest first.
readonly ledger=$state/$BRIDGES_FLEET.docker-files

# Leaves in `wanted` what has to stand on this host, each with its content below $work/stage. A
# certificate that a container makes at each start is kept, else every bridge would lose the one
# that it believes.
stage_wanted() {
  local name
  wanted=()
  for name in $guard_of_muc $loader_module; do want "$plugin_folder/mod_$name.lua" <"$home/prosody/mod_$name.lua"; done
  want "$config_folder/conf.d/$drop_in_name" < <(drop_in)
  if [ "$layout" = rootless ] && ! operator_has_certificate; then
    for name in crt key; do
      prosody_exec cat "/run/prosody/config/certs/$BRIDGES_AUTH_HOST.$name" </dev/null >"$work/certificate" ||
        fail "the certificate of $BRIDGES_AUTH_HOST cannot be read in the container of Prosody"
      want "$config_folder/certs/$BRIDGES_AUTH_HOST.$name" <"$work/certificate"
    done
    rm -f "$work/certificate"
  fi
}

want() {
  mkdir -p "$work/stage$(dirname "$1")"
  cat >"$work/stage$1"
  wanted+=("$1")
}

# Two fleets on one Prosody would take each other's bridges for leftovers.
drop_in() {
  printf '%s\n' "-- Of fleet \"$BRIDGES_FLEET\" of Jitsi Bridge Autoscaler, whose prepare document takes it away with action=undo." \
    "Component \"$(section)\" \"$loader_module\"" \
    "    jitsi_bridges_host = \"${BRIDGES_BREWERY#*@}\"" "    jitsi_bridges_modules = { \"$guard_of_muc\" }" \
    "    jitsi_bridges_brewery = \"$BRIDGES_BREWERY\"" "    jitsi_bridges_accounts = \"$BRIDGES_AUTH_HOST\"" \
    "    jitsi_bridges_collector = \"$BRIDGES_COLLECTOR_USER\""
}

fleet_of_drop_in() { sed -n '1s/^-- Of fleet "\([a-z0-9-]*\)" .*/\1/p' "$1" 2>/dev/null || true; }

refuse_other_fleet() {
  local other
  other=$(fleet_of_drop_in "$config_folder/conf.d/$drop_in_name")
  [ -z "$other" ] || [ "$other" = "$BRIDGES_FLEET" ] ||
    fail "this Prosody is prepared for fleet $other: one Prosody serves one fleet (undo that one first)"
}

# Its own, or one of days when the image kept its certificates there.
operator_has_certificate() {
  local kept=$config_folder/certs/$BRIDGES_AUTH_HOST.crt
  [ -e "$kept" ] && ! grep -sF "file $kept " "$ledger" >/dev/null
}

find_docker_changes() {
  local file
  changed=()
  for file in "${wanted[@]}"; do
    cmp -s "$file" "$work/stage$file" || changed+=("$file")
  done
}

# A key is named, not shown; so are programs of ours that are not there yet, and a copy of what the
# container has.
print_docker_changes() {
  local file old
  for file in "${changed[@]}"; do
    old=/dev/null
    [ ! -f "$file" ] || old=$file
    case $old$file in
      *.key | /dev/null*.crt) log "$file is to hold what the container has now" ;;
      /dev/null*/mod_*) log "$file is to be added" ;;
      *) diff -U 0 --label "$file" --label "$file (prepared)" "$old" "$work/stage$file" >&2 || true ;;
    esac
  done
}

# Noted before it is there, so that an undo finds what a killed run has left.
note() { # <kind> <path> [digest]
  mkdir -p "$state"
  touch "$ledger"
  {
    printf '%s\n' "$*"
    grep -vxF -- "$*" "$ledger" || true
  } >"$ledger.new"
  mv "$ledger.new" "$ledger"
}

digest_of() { sha256sum <"$1" | cut -d ' ' -f 1; }

make_folder() {
  [ -d "$1" ] || { note folder "$1" && install -d -m 755 "$1"; }
}

# A certificate belongs to whom it belongs in the container, as this host counts users; whatever
# else, anybody may read.
place_docker_file() { # <path>
  local file=$1 owner=0:0 mode=644 inside
  make_folder "$(dirname "$file")"
  note file "$file" "$(digest_of "$work/stage$file")"
  if [[ $file == */certs/* ]]; then
    inside=/proc/$(inspected .pid)/root/run/prosody/config/certs/$(basename "$file")
    owner=$(stat -c %u:%g "$inside") mode=$(stat -c %a "$inside")
  fi
  install -m 600 "$work/stage$file" "$file.jitsi-bridges.new"
  chown "$owner" "$file.jitsi-bridges.new"
  chmod "$mode" "$file.jitsi-bridges.new"
  mv "$file.jitsi-bridges.new" "$file"
  log "changed $file"
}

place_docker_changes() {
  local file
  mkdir -p "$work/before"
  for file in "${changed[@]}"; do
    [ ! -f "$file" ] || { mkdir -p "$work/before$(dirname "$file")" && cp -p "$file" "$work/before$file"; }
    place_docker_file "$file"
  done
}

# The running container has its own copy of what it read at its start.
place_rendered_drop_in() {
  [ "$layout" = rootless ] || return 0
  # shellcheck disable=SC2016 # expanded in the container
  drop_in | prosody_exec sh -c 'cat >"$1.new" && mv "$1.new" "$1"' _ "/run/prosody/config/conf.d/$drop_in_name"
}

remove_rendered_drop_in() {
  [ "$layout" = rootless ] || return 0
  prosody_exec rm -f "/run/prosody/config/conf.d/$drop_in_name" "/run/prosody/config/conf.d/$drop_in_name.new" </dev/null
}

# Files and folders that are ours. What is not in a folder of ours, or has another content where an
# operator's file may be meant, stays: certificates and the file that publishes the port.
remove_docker_files() {
  local kind path digest
  [ -f "$ledger" ] || return 0
  while read -r kind path digest; do
    case $kind in
      file)
        rm -f "$path.jitsi-bridges.new"
        [ -f "$path" ] || continue
        if [[ $path == */mod_jitsi_bridges_*.lua || $path == */$drop_in_name ]] || [ "$(digest_of "$path")" = "$digest" ]; then
          rm -f "$path"
          log "removed $path"
          changed+=("$path")
        else
          log "$path was changed by somebody else since, and stays"
        fi
        ;;
      folder) rmdir "$path" 2>/dev/null || true ;;
    esac
  done < <(sort -s -k 1,1 "$ledger")
  rm -f "$ledger"
}

# Prosody takes files of its own folder over without dropping a session: new options, a new
# component, new code.
load_in_prosody() {
  place_rendered_drop_in
  printf '%s\n' 'config:reload()' "host:activate(\"$(section)\")" "module:reload(\"$loader_module\", \"$(section)\")" | admin_shell >"$work/loaded"
  [ -s "$work/loaded" ]
}

unload_from_prosody() {
  remove_rendered_drop_in
  printf "%s\n" "module:unload(\"$guard_of_muc\", \"${BRIDGES_BREWERY#*@}\")" "host:deactivate(\"$(section)\")" "config:reload()" | admin_shell >/dev/null
}

focus_is_there() { [[ " $(running .focus) " == *" $BRIDGES_BREWERY "* ]]; }

# shellcheck shell=bash disable=SC2154
# What a fleet of bridges that are clients needs: a room where their real addresses show and nobody else may be, and
# Prosody listening for them. Sourced by prepare.sh.

# Where Prosody looks in any version and configuration, and without a restart, which another plugin path would need.
readonly guard_module=jitsi_bridges_brewery
guard_link=$(module_folder)/mod_$guard_module.lua

link_guard() { ln -sfn "$home/prosody/mod_$guard_module.lua" "$guard_link"; }

unlink_guard() { rm -f "$guard_link"; }

edit_for_muc() {
  check_brewery_of_jicofo
  edit_prosody "$prosody/prosody.cfg.lua" on_configuration "$stage" globals
  edit_prosody "$brewery_file" on_configuration "$stage" brewery "$stage$brewery_file" "${BRIDGES_BREWERY#*@}"
}

# `jicofo.bridge.brewery-jid` of a HOCON file, nested or in one line; other parts of Jicofo have breweries of their own.
brewery_in_hocon() {
  awk '
    function path_to(name,   i, full) {
      for (i = 1; i <= depth; i++) full = full path[i] "."
      return full name
    }
    {
      sub(/^[ \t]*(#|\/\/).*/, "")
      while (match($0, /[A-Za-z0-9_."-]+[ \t]*([:=]?[ \t]*[{]|[:=])|[{}]/)) {
        token = substr($0, RSTART, RLENGTH)
        $0 = substr($0, RSTART + RLENGTH)
        name = token
        gsub(/[ \t":={}]/, "", name)
        if (token ~ /[{]$/) path[++depth] = name
        else if (token == "}") depth--
        else if (path_to(name) ~ /(^|[.])bridge[.]brewery-jid$/) {
          found = $0
          gsub(/[ \t",;]/, "", found)
          sub(/[}].*/, "", found)
        }
      }
    }
    END { printf "%s", found }
  ' "$1"
}

brewery_of_jicofo() {
  local found=
  [ ! -r "$jicofo_hocon" ] || found=$(brewery_in_hocon "$jicofo_hocon")
  if [ -z "$found" ] && [ -r "$jicofo_properties" ]; then
    found=$(sed -n 's/^[[:space:]]*org\.jitsi\.jicofo\.BRIDGE_MUC[[:space:]]*=[[:space:]]*//p' "$jicofo_properties" | tail -n 1)
  fi
  printf '%s' "$found"
}

# Prosody knows rooms in lower case only.
check_brewery_of_jicofo() {
  local found
  found=$(brewery_of_jicofo)
  [ -n "$found" ] ||
    fail "Jicofo has no room for bridges: set jicofo.bridge.brewery-jid in $jicofo_hocon (before 2021: org.jitsi.jicofo.BRIDGE_MUC in $jicofo_properties) to $BRIDGES_BREWERY"
  [ "${found,,}" = "${BRIDGES_BREWERY,,}" ] || fail "Jicofo looks for bridges in $found: set \"brewery\" in the fleet's config to it"
}

# The option holds for rooms that are made from now on; the one that there is, is told.
show_addresses_in_brewery() {
  ! restart_pending || return 0
  if [ "$action" = undo ]; then
    reload_prosody || log "the running Prosody has not taken this over: it will at its next start"
    printf 'module:unload("%s", "%s")\n' "$guard_module" "${BRIDGES_BREWERY#*@}" | admin_shell >/dev/null
    return
  fi
  reload_prosody || fail "Prosody refused to reload its configuration: see its log"
  # One expression: nil when there is no such room yet.
  printf '> (function (muc) local room = muc and muc.get_room_from_jid("%s"); return room and room:set_whois("anyone") and "shown" or "same"; end)(prosody.hosts["%s"].modules.muc)\n' \
    "${BRIDGES_BREWERY,,}" "${BRIDGES_BREWERY#*@}" | admin_shell | grep -q . ||
    fail "Prosody's room for bridges could not be asked to show addresses: is the admin shell enabled?"
  load_guard
}

# Again where it is loaded already: this may be a new version of it, and who is in the room is looked at each time.
load_guard() {
  local host=${BRIDGES_BREWERY#*@}
  printf '%s\n' "module:load(\"$guard_module\", \"$host\")" "module:reload(\"$guard_module\", \"$host\")" \
    "> prosody.hosts[\"$host\"].modules.$guard_module and \"guarded\" or \"open\"" | admin_shell | grep -qx guarded ||
    fail "Prosody's room for bridges is not guarded from guests: mod_$guard_module does not load, see Prosody's log"
}

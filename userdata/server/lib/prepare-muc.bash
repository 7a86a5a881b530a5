# shellcheck shell=bash disable=SC2154
# What a fleet of bridges that are clients needs: a room where their real addresses show, and Prosody listening for them.
# Sourced by prepare.sh.

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
    return
  fi
  reload_prosody || fail "Prosody refused to reload its configuration: see its log"
  # One expression: nil when there is no such room yet.
  printf '> (function (muc) local room = muc and muc.get_room_from_jid("%s"); return room and room:set_whois("anyone") and "shown" or "same"; end)(prosody.hosts["%s"].modules.muc)\n' \
    "${BRIDGES_BREWERY,,}" "${BRIDGES_BREWERY#*@}" | admin_shell | grep -q . ||
    fail "Prosody's room for bridges could not be asked to show addresses: is the admin shell enabled?"
}

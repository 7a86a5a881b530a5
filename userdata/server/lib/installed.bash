# shellcheck shell=bash disable=SC2154,SC2034
# What is installed on the server, and whether it can serve the generation that was asked for.
# Sourced by prepare.sh.

# The service is jitsi-videobridge2 and its package has the same name from 2019 on; paths are the
# same.
readonly bridge_config=/etc/jitsi/videobridge/config
readonly bridge_properties=/etc/jitsi/videobridge/sip-communicator.properties
readonly jicofo_config=/etc/jitsi/jicofo/config
readonly jicofo_properties=/etc/jitsi/jicofo/sip-communicator.properties

# Builds of Jicofo: the last that reads bridges' statistics from pubsub, the first that finds
# bridges in a room.
readonly last_pubsub_jicofo=580 first_brewery_jicofo=420
# The last commit of the bridge's second version that can be a component.
readonly last_component_bridge=202

# Empty for a package that was removed with its configuration left, as for one that never was there.
installed_version() {
  local line
  line=$(dpkg-query -W -f '${db:Status-Status} ${Version}' "$1" 2>/dev/null) || return 0
  [[ $line != "installed "* ]] || printf '%s' "${line#installed }"
}

package_was_removed() {
  local status
  status=$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) || return 1
  [ "$status" != installed ]
}

bridge_service() {
  if [ -n "$(installed_version jitsi-videobridge2)" ]; then echo jitsi-videobridge2; else echo jitsi-videobridge; fi
}

# One that was built by hand has no package at all, and its configuration where the packages have
# it.
has_default_bridge() {
  [ -f "$bridge_config" ] || return 1
  [ -z "$(installed_version jitsi-videobridge)$(installed_version jitsi-videobridge2)" ] || return 0
  ! package_was_removed jitsi-videobridge && ! package_was_removed jitsi-videobridge2
}

has_jicofo() { [ -n "$(installed_version jicofo)" ] || { [ -d /etc/jitsi/jicofo ] && ! package_was_removed jicofo; }; }

# Number of the build, empty when Jicofo was not installed by its package.
jicofo_build() { [[ $1 =~ ^1\.[01]-([0-9]+) ]] && printf '%s' "${BASH_REMATCH[1]}"; }

# The program's own word: its package may be prosody, prosody-0.12, prosody-13.0 or prosody-trunk.
prosody_version() {
  local about
  about=$(prosody_exec prosodyctl about 2>/dev/null </dev/null) || return 0
  [[ $about =~ (^|$'\n')Prosody\ ([^$'\n']*) ]] && printf '%s' "${BASH_REMATCH[2]}"
}

# A docker-jitsi-meet needs another value in the config.
where_else() {
  local containers
  containers=$(docker ps -q --filter label=com.docker.compose.service=prosody 2>/dev/null 9>&-) || containers=
  if [ -n "$containers" ]; then
    echo "its container runs here (docker-jitsi-meet): set server.kind: docker in the fleet's config and deploy"
  else
    echo "this document is for the server that Jitsi Meet runs on"
  fi
}

check_generation() {
  local jicofo build version
  jicofo=$(installed_version jicofo)
  build=$(jicofo_build "$jicofo") || build=
  case $BRIDGES_GENERATION in
    component)
      [ -z "$build" ] || ((build <= last_pubsub_jicofo)) ||
        fail "BRIDGES_GENERATION: Jicofo $jicofo cannot see component bridges (the last that can is 1.0-$last_pubsub_jicofo): the fleet's generation must be muc"
      check_default_bridge
      ;;
    muc)
      [ -z "$build" ] || ((build >= first_brewery_jicofo)) ||
        fail "BRIDGES_GENERATION: Jicofo $jicofo cannot see bridges in a room (the first that can is 1.0-$first_brewery_jicofo): the fleet's generation must be component"
      ;;
  esac
  [ -n "$(command -v prosodyctl)" ] || fail "Prosody is not installed on this server: $(where_else)"
  version=$(prosody_version)
  # A build of the development branch has no number, and is newer than any.
  if [[ $version =~ ^([0-9]+)\.([0-9]+) ]] && ((BASH_REMATCH[1] == 0 && BASH_REMATCH[2] < 11)); then
    fail "Prosody $version: 0.11 or later is needed; upgrade it, then run this again"
  fi
}

check_default_bridge() {
  local version
  version=$(installed_version jitsi-videobridge2)
  ! [[ $version =~ ^2\.([0-9]+)-([0-9]+) ]] || ((BASH_REMATCH[1] == 1 && BASH_REMATCH[2] <= last_component_bridge)) ||
    fail "BRIDGES_GENERATION: this server's own bridge $version cannot be a component (the last that can is 2.1-$last_component_bridge): the fleet's generation must be muc"
}

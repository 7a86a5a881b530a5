# shellcheck shell=bash disable=SC2154,SC2034
# What is installed on Server A, and whether it can serve the generation that was asked for. Sourced by prepare.sh.

# The service is jitsi-videobridge2 and its package has the same name from 2019 on; paths are the same.
readonly bridge_config=/etc/jitsi/videobridge/config
readonly bridge_properties=/etc/jitsi/videobridge/sip-communicator.properties
readonly jicofo_config=/etc/jitsi/jicofo/config
readonly jicofo_properties=/etc/jitsi/jicofo/sip-communicator.properties
readonly jicofo_hocon=/etc/jitsi/jicofo/jicofo.conf

# Builds of Jicofo: the last that reads bridges' statistics from pubsub, the first that finds bridges in a room.
readonly last_pubsub_jicofo=580 first_brewery_jicofo=420
# The last commit of the bridge's second version that can be a component.
readonly last_component_bridge=202

installed_version() {
  local status version
  IFS=$'\t' read -r status version < <(dpkg-query -W -f '${db:Status-Status}\t${Version}\n' "$1" 2>/dev/null) || return 0
  [ "$status" != installed ] || printf '%s' "$version"
}

has_default_bridge() { [ -f "$bridge_config" ]; }

bridge_service() {
  if [ -n "$(installed_version jitsi-videobridge2)" ]; then echo jitsi-videobridge2; else echo jitsi-videobridge; fi
}

# Number of the build, empty when Jicofo was not installed by its package.
jicofo_build() { [[ $1 =~ ^1\.[01]-([0-9]+) ]] && printf '%s' "${BASH_REMATCH[1]}"; }

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
  version=$(installed_version prosody)
  dpkg --compare-versions "${version:-0}" ge 0.11 || fail "Prosody ${version:-is not installed}: 0.11 or later is needed"
}

check_default_bridge() {
  local version
  version=$(installed_version jitsi-videobridge2)
  ! [[ $version =~ ^2\.([0-9]+)-([0-9]+) ]] || ((BASH_REMATCH[1] == 1 && BASH_REMATCH[2] <= last_component_bridge)) ||
    fail "BRIDGES_GENERATION: this server's own bridge $version cannot be a component (the last that can is 2.1-$last_component_bridge): the fleet's generation must be muc"
}

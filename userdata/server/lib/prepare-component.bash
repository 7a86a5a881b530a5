# shellcheck shell=bash disable=SC2154,SC2034
# Part 1 of the tutorial: what a fleet of component bridges needs in the files of Server A's own
# bridge and of Jicofo.
# Sourced by prepare.sh.

# Sets what the plan of Prosody's configuration needs to know of the default bridge: its component
# and secret.
find_default_bridge() {
  local options
  default_secret='' default_component='' bridge_options=''
  { has_default_bridge && ! is_muc; } || return 0
  default_secret=$(shell_value "$bridge_config" JVB_SECRET)
  [ -n "$default_secret" ] || [ "$action" = undo ] || fail "JVB_SECRET is not set in $bridge_config: set it to the secret of the bridge's component"
  stage_program_file "$bridge_config"
  options=$(shell_value "$work/stage$bridge_config" JVB_OPTS)
  merge_options "$options"
}

# The bridge's own options stay; its two APIs are added to those that it has, and its name is the
# one that it has.
merge_options() {
  local word words=() apis='' subdomain=jitsi-videobridge api
  for word in $1; do
    case $word in
      --apis=*) apis=${word#--apis=} ;;
      --subdomain=*) subdomain=${word#--subdomain=} ;;
      *) words+=("$word") ;;
    esac
  done
  for api in rest xmpp; do apis=$(with_word "$apis" "$api"); done
  words+=("--apis=$apis" "--subdomain=$subdomain")
  bridge_options=${words[*]}
  default_component=$subdomain.$BRIDGES_DOMAIN
}

# A list with commas, and in it the word.
with_word() {
  local list=${1#,}
  list=${list%,}
  case ,$list, in
    *,"$2",*) printf %s "$list" ;;
    ,,) printf %s "$2" ;;
    *) printf '%s,%s' "$list" "$2" ;;
  esac
}

edit_for_component() {
  ! has_default_bridge || edit_default_bridge
  [ -r "$jicofo_config" ] || fail "$jicofo_config is missing: Jicofo must be installed on this server"
  edit_jicofo
}

undo_for_component() {
  local file
  for file in "$bridge_config" "$bridge_properties" "$jicofo_config" "$jicofo_properties"; do
    [ -f "$file" ] || continue
    stage_program_file "$file"
    change "$file" "$work/stage$file"
  done
}

# Whether Prosody hears components where a program with this setting of its server dials. Empty is
# localhost in the start scripts.
dials_prosody() {
  local addresses='127.0.0.1 ::1' address
  [ "${1:-localhost}" = localhost ] || addresses=$(getent ahosts "$1" | awk '{ print $1 }') || addresses=
  for address in $addresses; do
    case " ${fact[component_interfaces]-} " in *" * "* | *" 0.0.0.0 "* | *" $address "*) return 0 ;; esac
  done
  return 1
}

# Steps 2 and 4: where Server A's own bridge and Jicofo find Prosody. What works stays as the
# operator has it.
server_line() {
  local name=$1 value=$2
  if ! dials_prosody "$value"; then
    log "$name=$value: Prosody hears no components there; it becomes ${fact[component_loopback]}"
    printf '%s=%s\n' "$name" "${fact[component_loopback]}"
  fi
}

# Steps 2 and 5.
edit_default_bridge() {
  local lines transport
  stage_program_file "$bridge_config"
  mapfile -t lines < <(server_line JVB_HOST "$(shell_value "$work/stage$bridge_config" JVB_HOST)")
  append_lines "$bridge_config" "${lines[@]}" "JVB_OPTS=\"$bridge_options\""
  change "$bridge_config" "$work/stage$bridge_config"
  stage_program_file "$bridge_properties"
  transport=$(property "$work/stage$bridge_properties" org.jitsi.videobridge.STATISTICS_TRANSPORT)
  append_lines "$bridge_properties" \
    'org.jitsi.videobridge.ENABLE_STATISTICS=true' \
    "org.jitsi.videobridge.STATISTICS_TRANSPORT=$(with_word "${transport//[[:space:]]/}" pubsub)" \
    "org.jitsi.videobridge.PUBSUB_SERVICE=$BRIDGES_DOMAIN" \
    "org.jitsi.videobridge.PUBSUB_NODE=$BRIDGES_STATS_NODE"
  change "$bridge_properties" "$work/stage$bridge_properties"
}

# Steps 4 and 6. The tutorial names org.jitsi.focus.STATS_PUBSUB_NODE, Jicofo reads the other. With
# the node it finds new bridges by their first report, in every build that the check of the
# generation lets by.
edit_jicofo() {
  local lines
  stage_program_file "$jicofo_config"
  mapfile -t lines < <(server_line JICOFO_HOST "$(shell_value "$work/stage$jicofo_config" JICOFO_HOST)")
  append_lines "$jicofo_config" "${lines[@]}"
  change "$jicofo_config" "$work/stage$jicofo_config"
  stage_program_file "$jicofo_properties"
  append_lines "$jicofo_properties" \
    "org.jitsi.focus.pubsub.ADDRESS=$BRIDGES_DOMAIN" \
    "org.jitsi.focus.STATS_PUBSUB_NODE=$BRIDGES_STATS_NODE" \
    "org.jitsi.jicofo.STATS_PUBSUB_NODE=$BRIDGES_STATS_NODE"
  change "$jicofo_properties" "$work/stage$jicofo_properties"
}

#!/usr/bin/env bash
# Prepares Server A for a fleet of bridges: part 1 of the tutorial, all seven steps, on what Jitsi Meet's packages
# left there. Idempotent. Usage: prepare.sh apply|check|undo [--restart now|never]; environment: README.md.
# Tells its progress on stderr; the last line on stdout is {"ok":true,"changed":[…],"restartNeeded":…} or
# {"ok":false,"error":"…"}.
set -euo pipefail
umask 077
# Where the AWS CLI may be besides: its own installer's place, and Ubuntu's for snaps.
export PATH=$PATH:/usr/local/bin:/snap/bin

readonly home=${BRIDGES_HOME:-/opt/jitsi-bridges}
readonly state=/var/lib/jitsi-bridges
readonly prosody=/etc/prosody
readonly bridge_config=/etc/jitsi/videobridge/config
readonly bridge_properties=/etc/jitsi/videobridge/sip-communicator.properties
readonly jicofo_config=/etc/jitsi/jicofo/config
readonly jicofo_properties=/etc/jitsi/jicofo/sip-communicator.properties
# Last build of Jicofo that reads bridges' statistics from pubsub.
readonly last_pubsub_jicofo=580

log() { printf 'prepare: %s\n' "$*" >&2; }

fail() {
  jq -cn --arg error "$*" '{ok: false, error: $error}'
  log "$*"
  trap - EXIT
  cleanup
  exit 1
}

cleanup() { rm -rf -- "${stage:-}"; }

ended() {
  local status=$?
  cleanup
  [ "$status" = 0 ] || printf '{"ok":false,"error":"prepare ended unexpectedly, see stderr"}\n'
}

# --- what we were asked -------------------------------------------------------------------------------------

require_env() {
  local name=$1 pattern=$2
  [[ ${!name-} =~ ^($pattern)$ ]] || fail "$name is missing or malformed"
}

check_environment() {
  require_env BRIDGES_FLEET '[a-z0-9][a-z0-9-]{0,62}'
  require_env BRIDGES_DOMAIN '([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?'
  require_env BRIDGES_GENERATION 'component|muc'
  require_env BRIDGES_STATS_NODE '[A-Za-z0-9_.-]{1,64}'
  require_env BRIDGES_COLLECTOR_USER '[a-z0-9_.-]{1,64}'
  require_env BRIDGES_SERVER_ADDRESS '[0-9]{1,3}(\.[0-9]{1,3}){3}'
  export BRIDGES_PLUGIN_PATH=$home/prosody
}

parse_arguments() {
  action=${1-}
  restart=never
  case $action in apply | check | undo) shift ;; *) fail "the action must be apply, check or undo" ;; esac
  while [ $# -gt 0 ]; do
    case "$1 ${2-}" in
      "--restart now" | "--restart never") restart=$2 && shift 2 ;;
      *) fail "unknown argument $1: only --restart now or --restart never" ;;
    esac
  done
}

# --- what we found ------------------------------------------------------------------------------------------

installed_version() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || true; }

check_generation() {
  local jicofo prosody_version
  [ "$BRIDGES_GENERATION" = component ] || fail "BRIDGES_GENERATION: this server can be prepared for component only"
  jicofo=$(installed_version jicofo)
  if [[ $jicofo =~ ^1\.[01]-([0-9]+) ]] && ((BASH_REMATCH[1] > last_pubsub_jicofo)); then
    fail "BRIDGES_GENERATION: Jicofo $jicofo cannot see component bridges (the last that can is 1.0-$last_pubsub_jicofo)"
  fi
  prosody_version=$(installed_version prosody)
  dpkg --compare-versions "${prosody_version:-0}" ge 0.12 || fail "Prosody ${prosody_version:-is not installed}: 0.12 or later is needed"
}

# Before anything that needs them. Ubuntu's images come without the first two; what is installed on this server, and
# when, is its operator's to say.
check_tools() {
  local tool missing=()
  for tool in jq aws openssl ip flock diff; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  [ "${#missing[@]}" = 0 ] && return
  trap - EXIT
  printf '{"ok":false,"error":"this server lacks %s: install it first (apt-get install jq awscli openssl; where apt has no awscli: snap install aws-cli --classic)"}\n' "${missing[*]}"
  exit 1
}

check_server() {
  local file
  for file in "$prosody/prosody.cfg.lua" "$jicofo_config" "$home/prosody-config.lua" "$home/prosody/mod_jitsi_bridges.lua"; do
    [ -r "$file" ] || fail "$file is missing"
  done
  ip -o -4 address show | grep -qwF "inet $BRIDGES_SERVER_ADDRESS" ||
    fail "BRIDGES_SERVER_ADDRESS: $BRIDGES_SERVER_ADDRESS is not an address of this machine"
}

has_default_bridge() { [ -f "$bridge_config" ]; }

# Prosody's own Lua, which need not be the one called `lua`.
lua_interpreter() { head -n 1 "$(command -v prosodyctl)" | awk '{ sub(/^#!/, ""); print $NF }'; }

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

# The value as the bridge's init script sees it: the file is a shell script.
default_bridge_secret() {
  has_default_bridge || return 0
  # shellcheck disable=SC2016 # expanded by the inner shell
  bash -c 'set -a; . "$1" >/dev/null; printf %s "${JVB_SECRET-}"' _ "$bridge_config"
}

# --- candidates: every file that we touch, edited in a private copy --------------------------------------------

stage_files() {
  stage=$(mktemp -d /run/jitsi-bridges-prepare.XXXXXX)
  local file
  mkdir -p "$stage$prosody"
  (cd "$prosody" && find -L . -name '*.cfg.lua' -exec cp -L --parents {} "$stage$prosody" \;)
  for file in "$bridge_config" "$bridge_properties" "$jicofo_config" "$jicofo_properties"; do
    mkdir -p "$stage$(dirname "$file")"
    [ ! -f "$file" ] || cp "$file" "$stage$file"
  done
}

find_domain_file() {
  local pattern files
  pattern="^[[:space:]]*VirtualHost[[:space:]]*\\(?[[:space:]]*[\"']${BRIDGES_DOMAIN//./\\.}[\"']"
  mapfile -t files < <(grep -lE "$pattern" "$stage$prosody/prosody.cfg.lua" "$stage$prosody"/conf.d/*.cfg.lua 2>/dev/null)
  [ "${#files[@]}" = 1 ] || fail "VirtualHost $BRIDGES_DOMAIN must be in exactly one file of $prosody, found ${#files[@]}"
  domain_file=${files[0]#"$stage"}
}

prosody_files() { printf '%s\n' "$prosody/prosody.cfg.lua" "$domain_file" | sort -u; }

jitsi_files() {
  ! has_default_bridge || printf '%s\n' "$bridge_config" "$bridge_properties"
  printf '%s\n' "$jicofo_config" "$jicofo_properties"
}

edit() {
  local file=$1
  shift
  "$@" >"$stage/edited" || return 1
  cat "$stage/edited" >"$stage$file"
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

# Steps 1 and 3: who may publish, and where Prosody listens for components.
edit_prosody() {
  local main=$prosody/prosody.cfg.lua problem
  problem=$({
    edit "$main" on_configuration "$stage" globals &&
      edit "$domain_file" config_tool host "$stage$domain_file" "$BRIDGES_DOMAIN"
  } 2>&1) || fail "cannot edit Prosody's configuration: $problem"
}

# Part 3 of the tutorial, step 1: the default bridge's component may be missing, or have another secret.
edit_default_component() {
  local name=jitsi-videobridge.$BRIDGES_DOMAIN status=0
  [ -n "$default_secret" ] || fail "JVB_SECRET is not set in $bridge_config"
  on_configuration "$stage" secret "$name" || status=$?
  case $status in
    0) ;;
    3) edit "$domain_file" config_tool component "$stage$domain_file" "$name" ;;
    *) fail "Prosody's configuration cannot be loaded" ;;
  esac
}

# Steps 2 and 5. Loopback, not the domain: see README.md.
edit_default_bridge() {
  append_block "$bridge_config" 'JVB_HOST=127.0.0.1' 'JVB_OPTS="--apis=rest,xmpp --subdomain=jitsi-videobridge"'
  append_block "$bridge_properties" \
    'org.jitsi.videobridge.ENABLE_STATISTICS=true' \
    'org.jitsi.videobridge.STATISTICS_TRANSPORT=pubsub' \
    "org.jitsi.videobridge.PUBSUB_SERVICE=$BRIDGES_DOMAIN" \
    "org.jitsi.videobridge.PUBSUB_NODE=$BRIDGES_STATS_NODE"
}

# Steps 4 and 6. The tutorial names org.jitsi.focus.STATS_PUBSUB_NODE, Jicofo reads the other.
edit_jicofo() {
  append_block "$jicofo_config" 'JICOFO_HOST=127.0.0.1'
  append_block "$jicofo_properties" \
    "org.jitsi.focus.pubsub.ADDRESS=$BRIDGES_DOMAIN" \
    "org.jitsi.focus.STATS_PUBSUB_NODE=$BRIDGES_STATS_NODE" \
    "org.jitsi.jicofo.STATS_PUBSUB_NODE=$BRIDGES_STATS_NODE"
}

verify_configuration() {
  local root=$1 problem component=()
  ! has_default_bridge || component=("jitsi-videobridge.$BRIDGES_DOMAIN")
  problem=$(on_configuration "$root" verify "$BRIDGES_DOMAIN" "${component[@]}" 2>&1) && return
  log "$problem"
  return 1
}

make_prepared_candidates() {
  strip_all
  edit_prosody
  if has_default_bridge; then
    edit_default_component
    edit_default_bridge
  fi
  edit_jicofo
  verify_configuration "$stage" || fail "the edited configuration would not load or not do; nothing was changed"
}

same_but_for_space() { cmp -s <(tr -d '[:space:]' <"$1") <(tr -d '[:space:]' <"$2"); }

# What the operator has changed since stays; where nothing has, the file is what it was to the byte.
make_original_candidates() {
  local file original
  strip_all
  while read -r file; do
    original=$(readlink -f "$file").jitsi-bridges.orig
    if [ -f "$original" ] && same_but_for_space "$original" "$stage$file"; then cp "$original" "$stage$file"; fi
  done < <(prosody_files && jitsi_files)
}

# --- putting them in place ------------------------------------------------------------------------------------

find_changes() {
  local file
  changed=()
  while read -r file; do
    [ -f "$stage$file" ] || continue
    cmp -s "$file" "$stage$file" || changed+=("$file")
  done < <(prosody_files && jitsi_files)
}

print_changes() {
  local file
  for file in "${changed[@]}"; do
    diff -U 0 --label "$file" --label "$file (prepared)" "$file" "$stage$file" |
      sed -E 's/^([+-].*(secret|SECRET|PASSWORD)[^=]*=).*/\1 …/' >&2 || true
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

place_changes() {
  local file real
  mkdir -p "$state" "$stage/before"
  [ "${#changed[@]}" = 0 ] || touch "$state/restart-needed"
  for file in "${changed[@]}"; do
    real=$(readlink -f "$file")
    if [ -f "$real" ]; then
      mkdir -p "$stage/before$(dirname "$file")"
      cp "$real" "$stage/before$file"
      [ "$action" = undo ] || [ -f "$real.jitsi-bridges.orig" ] || cp -p "$real" "$real.jitsi-bridges.orig"
    fi
    put "$stage$file" "$real"
    log "changed $file"
  done
}

roll_back() {
  local file
  for file in "${changed[@]}"; do
    if [ -f "$stage/before$file" ]; then put "$stage/before$file" "$(readlink -f "$file")"; else rm -f "$file"; fi
  done
}

remove_what_sync_left() {
  local file
  rm -f "$prosody/conf.d/jitsi-bridges-$BRIDGES_FLEET.cfg.lua"
  prosodyctl deluser "$BRIDGES_COLLECTOR_USER@auth.$BRIDGES_DOMAIN" >/dev/null 2>&1 || true
  while read -r file; do rm -f "$(readlink -f "$file").jitsi-bridges.orig"; done < <(prosody_files && jitsi_files)
}

# --- the one restart ------------------------------------------------------------------------------------------

# Pending until Prosody has been started after our last change, by us or by the operator.
restart_pending() {
  [ -f "$state/restart-needed" ] && [ ! /run/prosody/prosody.pid -nt "$state/restart-needed" ]
}

prosody_listens() {
  local address=$1 tries
  for ((tries = 0; tries < 60; tries++)); do
    if timeout 1 bash -c "exec 3<>/dev/tcp/$address/5347" 2>/dev/null; then return 0; fi
    sleep 0.5
  done
  return 1
}

restart_services() {
  local address=$BRIDGES_SERVER_ADDRESS
  [ "$action" = apply ] || address=127.0.0.1
  log "restarting prosody, jicofo and the default bridge"
  if ! systemctl restart prosody >&2 || ! prosody_listens "$address"; then
    roll_back
    systemctl restart prosody >&2 || true
    fail "Prosody did not come up on $address:5347; the configuration is what it was before"
  fi
  systemctl restart jicofo >&2 || fail "Prosody runs prepared, but jicofo could not be restarted"
  ! has_default_bridge || systemctl restart jitsi-videobridge >&2 ||
    fail "Prosody runs prepared, but jitsi-videobridge could not be restarted"
  rm -f "$state/restart-needed"
}

# A new version of our module, when Prosody runs prepared already: what it holds stays where it is.
reload_module() {
  restart_pending || ! [ -e /run/prosody/prosody.pid ] ||
    timeout 30 prosodyctl shell module reload jitsi_bridges "$BRIDGES_DOMAIN" >/dev/null 2>&1 ||
    log "the running Prosody has not taken over the module: it will at its next start"
}

# Step 7: not for a script on this server to open.
print_ports() {
  cat >&2 <<TEXT
Ports that must be open on this server ($BRIDGES_SERVER_ADDRESS), in its security group:
  5347/tcp   from the bridges' security group      components; plain text, so never to the world
  5222/tcp   from the collector's security group   XMPP client, STARTTLS
TEXT
}

reply() {
  local pending=false
  if [ "$action" = check ] && [ "${#changed[@]}" -gt 0 ] || restart_pending; then pending=true; fi
  jq -cn --argjson pending "$pending" '{ok: true, changed: $ARGS.positional, restartNeeded: $pending}' --args "${changed[@]}"
}

main() {
  check_tools
  parse_arguments "$@"
  check_environment
  check_generation
  check_server
  lua=$(lua_interpreter)
  default_secret=$(default_bridge_secret)
  stage_files
  find_domain_file
  if [ "$action" = undo ]; then make_original_candidates; else make_prepared_candidates; fi
  find_changes
  print_changes
  if [ "$action" != check ]; then
    place_changes
    if [ "$action" = undo ]; then
      remove_what_sync_left
    elif ! verify_configuration ""; then
      roll_back
      fail "the configuration does not load in place; it is what it was before"
    fi
    if [ "$restart" = now ] && restart_pending; then
      restart_services
    elif [ "$action" = apply ]; then
      reload_module
    fi
  fi
  [ "$action" = undo ] || print_ports
  reply
}

trap ended EXIT
main "$@"

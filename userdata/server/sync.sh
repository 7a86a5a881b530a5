#!/usr/bin/env bash
# Makes Prosody on Server A hold exactly the credentials that are in SSM: one component per bridge, and the
# collector's account. Usage: sync.sh sync|check; environment: README.md. Tells its progress on stderr; the last
# line on stdout is {"ok":true,"digest":…,"bridges":…,"activated":[…],"deactivated":[…],"certificate":…} or
# {"ok":false,"error":"…"}. Secrets pass through pipes and files only, never through arguments or output.
set -euo pipefail
umask 077
# The AWS CLI's own installer puts it into the first, Ubuntu's snap into the second, which will not start without HOME.
export PATH=$PATH:/usr/local/bin:/snap/bin HOME=${HOME:-/root}

readonly drop_in_directory=/etc/prosody/conf.d
readonly seconds_for_prosody=30

log() { printf 'sync: %s\n' "$*" >&2; }

cleanup() { rm -rf -- "${work:-}"; }

fail() {
  jq -cn --arg error "$*" '{ok: false, error: $error}'
  log "$*"
  trap - EXIT
  cleanup
  exit 1
}

ended() {
  local status=$?
  cleanup
  [ "$status" = 0 ] || printf '{"ok":false,"error":"sync ended unexpectedly, see stderr"}\n'
}

require_env() {
  local name=$1 pattern=$2
  [[ ${!name-} =~ ^($pattern)$ ]] || fail "$name is missing or malformed"
}

# Everything that reaches Lua or a path later is checked here or in read_parameters.
check_request() {
  action=${1-}
  case $action in sync | check) ;; *) fail "the action must be sync or check" ;; esac
  require_env BRIDGES_FLEET '[a-z0-9][a-z0-9-]{0,62}'
  require_env BRIDGES_DOMAIN '([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?'
  require_env BRIDGES_REGION '[a-z0-9-]+'
  require_env BRIDGES_PARAMETERS '(/[A-Za-z0-9_.-]+)+'
  require_env BRIDGES_COLLECTOR_USER '[a-z0-9_.-]{1,64}'
  drop_in=$drop_in_directory/jitsi-bridges-$BRIDGES_FLEET.cfg.lua
}

only_one() {
  exec 9>/run/lock/jitsi-bridges-sync
  flock -w 60 9 || fail "another sync has been running for 60 s"
}

# --- what SSM wants -------------------------------------------------------------------------------------------

parameters_below() {
  timeout 60 aws ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} --region "$BRIDGES_REGION" --output json \
    ssm get-parameters-by-path --recursive --with-decryption --path "$1" 9>&-
}

# Leaves $work/bridges (lines "<instance id> <version> <secret>", sorted) and $work/password (empty when there is
# none). A parameter that is not what it should be stops everything: an unknown state changes nothing.
read_parameters() {
  local path=$1/bridges
  parameters_below "$path" >"$work/bridges.json" || fail "cannot read the parameters below $path"
  parameters_below "$1/collector" >"$work/collector.json" || fail "cannot read the parameters below $1/collector"

  jq -r --arg path "$path/" '.Parameters[] | select(
      (.Name | ltrimstr($path) | test("^i-[0-9a-f]{8,17}/secret$") | not) or (.Value | test("^[A-Za-z0-9]{32,128}$") | not)
    ) | .Name' "$work/bridges.json" >"$work/refused"
  [ ! -s "$work/refused" ] || fail "parameters with a foreign name or a malformed secret: $(tr '\n' ' ' <"$work/refused")"
  jq -r --arg path "$path/" '.Parameters[] | "\(.Name | ltrimstr($path) | rtrimstr("/secret")) \(.Version) \(.Value)"' \
    "$work/bridges.json" | LC_ALL=C sort >"$work/bridges"

  jq -j --arg name "$1/collector/password" '.Parameters[] | select(.Name == $name) | .Value' "$work/collector.json" >"$work/password"
  [[ $(<"$work/password") =~ ^([A-Za-z0-9]{32,128})?$ ]] || fail "malformed password in $1/collector/password"
}

digest() { awk '{ print $1 ":" $2 }' "$work/bridges" | LC_ALL=C sort | sha256sum | cut -c 1-16; }

make_drop_in() {
  printf -- '-- Written by sync.sh from the parameters below %s; edits are lost.\n' "$BRIDGES_PARAMETERS"
  local id secret
  while read -r id _ secret; do
    printf '\nComponent "jvb-%s.%s"\n    component_secret = "%s"\n    jitsi_bridge = true\n' \
      "${id#i-}" "$BRIDGES_DOMAIN" "$secret"
  done <"$work/bridges"
}

# "<host> <secret>" of all our drop-ins (a domain may have more than one fleet), this fleet's being as given.
wanted_components() {
  local file
  for file in "$drop_in_directory"/jitsi-bridges-*.cfg.lua; do
    if [ -f "$file" ] && [ "$file" != "$drop_in" ]; then cat "$file"; fi
  done | cat - "$1" | sed -n 's/^Component "\([^"]*\)"$/\1/p; s/^    component_secret = "\([^"]*\)"$/\1/p' | paste -d ' ' - - |
    LC_ALL=C sort
}

# --- what Prosody has -------------------------------------------------------------------------------------------

# Runs the admin shell's line on stdin and prints its answer, nothing when it was an error or there is no answer. Prosody 0.12 has no way to hand an
# expression over but as argument or input, and an argument can be read by every user of the machine.
# Lua's readline, where it is installed, would keep every line in a history file: it must not be found.
admin_shell() {
  { cat && printf 'quit\n'; } |
    LUA_INIT='package.preload.readline = function () error("not here") end' \
      timeout "$seconds_for_prosody" prosodyctl shell --quiet 2>&1 9>&- |
    sed -En 's/^.*\| (Result|OK): //p' | tail -n 1 || true
}

ask_module() {
  printf '> prosody.hosts["%s"].modules.jitsi_bridges.%s\n' "$BRIDGES_DOMAIN" "$1" | admin_shell
}

# Leaves Prosody's active bridges in $work/active and the digest over them in `active_digest`.
observe() {
  local answer
  answer=$(ask_module 'registered()')
  [[ $answer =~ ^[0-9a-f]{64}( |$) ]] ||
    fail "no answer from Prosody's admin shell: is it running, its configuration valid, and mod_jitsi_bridges loaded on $BRIDGES_DOMAIN?"
  active_digest=${answer%% *}
  printf '%s\n' "$answer" | tr ' ' '\n' | sed 1d | LC_ALL=C sort >"$work/active"
}

in_step() { [ "$active_digest" = "$wanted_digest" ]; }

# --- making them equal ------------------------------------------------------------------------------------------

# Beside the file first, under a name that Prosody does not include: a rename is all or nothing.
place_drop_in() {
  local temporary=$drop_in.new
  is_valid_lua "$work/drop-in" || fail "the generated drop-in is not valid Lua; nothing was changed"
  install -m 640 -g prosody "$work/drop-in" "$temporary"
  mv "$temporary" "$drop_in"
}

is_valid_lua() {
  local lua
  lua=$(head -n 1 "$(command -v prosodyctl)" | awk '{ sub(/^#!/, ""); print $NF }')
  "$lua" -e "assert(loadfile('$1'))" >&2
}

reload() {
  local answer
  answer=$(printf 'config:reload()\n' | admin_shell)
  [ -n "$answer" ] || fail "Prosody refused to reload its configuration: see its log"
}

wait_until_in_step() {
  local deadline=$((SECONDS + seconds_for_prosody))
  until observe && in_step; do
    [ "$SECONDS" -lt "$deadline" ] || fail "Prosody has not taken over the bridges in $seconds_for_prosody s: see its log"
    sleep 0.5
  done
}

ensure_collector() {
  [ -s "$work/password" ] || { log "no collector password yet" && return; }
  local answer
  answer=$(ask_module "ensure_account(\"$BRIDGES_COLLECTOR_USER\", \"auth.$BRIDGES_DOMAIN\", \"$(<"$work/password")\")")
  case $answer in
    unchanged) ;;
    created | changed) log "account $BRIDGES_COLLECTOR_USER $answer" ;;
    *) fail "the account $BRIDGES_COLLECTOR_USER@auth.$BRIDGES_DOMAIN could not be set" ;;
  esac
}

# The leaf certificate that clients of auth.<domain> are shown.
certificate() {
  timeout 10 openssl s_client -starttls xmpp -xmpphost "auth.$BRIDGES_DOMAIN" -connect 127.0.0.1:5222 \
    </dev/null 2>/dev/null | openssl x509 2>/dev/null
}

json_list() { jq -R . | jq -cs .; }

# Everything that may fail comes before the one line on stdout.
reply() {
  local pem
  pem=$(certificate) || fail "no certificate for auth.$BRIDGES_DOMAIN on 127.0.0.1:5222"
  jq -cn --arg digest "$(digest)" --argjson bridges "$(wc -l <"$work/bridges")" --arg certificate "$pem" \
    --argjson activated "$(json_list <"$work/activated")" --argjson deactivated "$(json_list <"$work/deactivated")" \
    '{ok: true, $digest, $bridges, $activated, $deactivated, $certificate}'
}

main() {
  check_request "$@"
  work=$(mktemp -d /run/jitsi-bridges-sync.XXXXXX)
  only_one
  read_parameters "$BRIDGES_PARAMETERS"
  make_drop_in >"$work/drop-in"
  wanted_components "$work/drop-in" >"$work/wanted"
  wanted_digest=$(sha256sum <"$work/wanted" | cut -d ' ' -f 1)
  observe
  LC_ALL=C comm -23 <(cut -d ' ' -f 1 "$work/wanted") "$work/active" >"$work/activated"
  LC_ALL=C comm -13 <(cut -d ' ' -f 1 "$work/wanted") "$work/active" >"$work/deactivated"
  if [ "$action" = sync ]; then
    cmp -s "$work/drop-in" "$drop_in" || place_drop_in
    if ! in_step; then
      reload
      wait_until_in_step
      log "activated $(wc -l <"$work/activated"), deactivated $(wc -l <"$work/deactivated")"
    fi
    ensure_collector
  fi
  reply
}

trap ended EXIT
main "$@"

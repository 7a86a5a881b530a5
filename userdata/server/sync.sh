#!/usr/bin/env bash
# Makes Prosody on Server A hold exactly the credentials that are in SSM: a component or an account
# per bridge, and the collector's account. Usage: sync.sh sync|check [--force no|yes]; environment:
# README.md. Tells its progress on stderr; the last line on stdout is
# {"ok":true,"digest":…,"bridges":…,"activated":[…],"deactivated":[…],"connected":[…],
# "certificate":…} or {"ok":false,"error":"…"}. Secrets pass through pipes and files only, never
# through arguments or output.
set -euo pipefail

readonly home=${BRIDGES_HOME:-/opt/jitsi-bridges}
# shellcheck source=lib/answer.bash
. "$home/lib/answer.bash"
# shellcheck source=lib/host-packages.bash
. "$home/lib/host-${BRIDGES_SERVER_KIND:-packages}.bash"
# shellcheck source=lib/admin-shell.bash
. "$home/lib/admin-shell.bash"
if [ "${BRIDGES_SERVER_KIND:-packages}" = docker ]; then
  # shellcheck source=lib/docker-files.bash
  . "$home/lib/docker-files.bash"
  # shellcheck source=lib/docker-in-step.bash
  . "$home/lib/docker-in-step.bash"
else
  # shellcheck source=lib/sync-server.bash
  . "$home/lib/sync-server.bash"
fi
# shellcheck source=lib/sync-components.bash
. "$home/lib/sync-components.bash"
# shellcheck source=lib/sync-accounts.bash
. "$home/lib/sync-accounts.bash"

check_request() {
  action=${1-}
  force=no
  case $action in sync | check) ;; *) fail "the action must be sync or check" ;; esac
  case "${2-} ${3-}" in
    " " | "--force no") ;;
    "--force yes") force=yes ;;
    *) fail "unknown argument $2: only --force no or --force yes" ;;
  esac
  require_fleet
  require_env BRIDGES_REGION '[a-z0-9-]+'
  require_env BRIDGES_PARAMETERS '(/[A-Za-z0-9_.-]+)+'
  require_env BRIDGES_SERVER_ADDRESS '[0-9]{1,3}(\.[0-9]{1,3}){3}'
  [ "$BRIDGES_GENERATION" = component ] || require_brewery
}

# --- what SSM wants
# -------------------------------------------------------------------------------------------

parameters_below() {
  timeout 60 aws ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} --region "$BRIDGES_REGION" --output json \
    ssm get-parameters-by-path --recursive --with-decryption --path "$1" 9>&-
}

# Leaves $work/bridges (lines "<instance id> <version> <secret>", sorted) and $work/password (empty
# when there is none). A parameter that is not what it should be stops everything: an unknown state
# changes nothing.
read_parameters() {
  local path=$1/bridges bridges
  parameters_below "$path" >"$work/bridges.json" &
  bridges=$!
  parameters_below "$1/collector" >"$work/collector.json" || fail "cannot read the parameters below $1/collector"
  wait "$bridges" || fail "cannot read the parameters below $path"

  jq -r --arg path "$path/" '.Parameters[] | select(
      (.Name | ltrimstr($path) | test("\\Ai-[0-9a-f]{8,17}/secret\\z") | not) or (.Value | test("\\A[A-Za-z0-9]{32,128}\\z") | not)
    ) | .Name | @json' "$work/bridges.json" >"$work/refused"
  [ ! -s "$work/refused" ] || fail "parameters with a foreign name or a malformed secret: $(tr '\n' ' ' <"$work/refused")"
  jq -r --arg path "$path/" '.Parameters[] | "\(.Name | ltrimstr($path) | rtrimstr("/secret")) \(.Version) \(.Value)"' \
    "$work/bridges.json" | LC_ALL=C sort >"$work/bridges"

  jq -r --arg name "$1/collector/password" '.Parameters[] | select(.Name == $name) | .Value' "$work/collector.json" >"$work/password"
  [ ! -s "$work/password" ] || [[ $(<"$work/password") =~ ^[A-Za-z0-9]{32,128}$ ]] ||
    fail "malformed password in $1/collector/password"
}

digest() { awk '{ print $1 ":" $2 }' "$work/bridges" | LC_ALL=C sort | sha256sum | cut -c 1-16; }

# --- what Prosody has
# -------------------------------------------------------------------------------------------

# A set that takes away more than half of the bridges while such a bridge is connected is rather a
# mistake of whoever made it. An instance that is gone is not connected.
refuse_odd_set() {
  local connected=$1 active=$2 wanted
  wanted=$(wc -l <"$work/bridges")
  if [ "$force" = no ] && ((connected > 0 && wanted * 2 < active)); then
    fail "the set looks wrong: it has $wanted bridges of $active, and $connected of the others are connected; --force yes if it is right"
  fi
}

# Instance ids of this fleet's bridges that have a session now.
connected() { sed -n 's/^jvb-/i-/p' "$work/sessions" | LC_ALL=C sort | LC_ALL=C join - <(cut -d ' ' -f 1 "$work/bridges"); }

# What bridges and the collector have to call it, where that is found here and not in the fleet's
# config.
found_names() {
  [ "${BRIDGES_SERVER_KIND:-packages}" = docker ] || { echo '{}' && return; }
  jq -cn --arg authHost "$BRIDGES_AUTH_HOST" --arg brewery "$BRIDGES_BREWERY" '{xmpp: {$authHost, $brewery}}'
}

json_list() { jq -R . | jq -cs .; }

# Everything that may fail comes before the one line on stdout. SSM hands on 24,000 characters of
# it: too few for the connected bridges of a very large fleet, which are left out then.
reply() {
  local pem
  pem=$(shown_certificate "$BRIDGES_SERVER_ADDRESS:5222") ||
    fail "Prosody shows no certificate for $BRIDGES_AUTH_HOST on $BRIDGES_SERVER_ADDRESS:5222: $(cure_of_certificate)"
  jq -cn --arg digest "$(digest)" --argjson bridges "$(wc -l <"$work/bridges")" --arg certificate "$pem" \
    --argjson activated "$(json_list <"$work/activated")" \
    --argjson deactivated "$(json_list <"$work/deactivated")" \
    --argjson connected "$(connected | json_list)" --argjson names "$(found_names)" \
    '{ok: true, $digest, $bridges, $activated, $deactivated, $certificate} + $names + if $bridges > 500 then {} else {$connected} end'
}

main() {
  require_tools jq aws openssl flock ss
  check_request "$@"
  only_one
  require_prepared
  locate_prosody
  require_in_force
  read_parameters "$BRIDGES_PARAMETERS"
  case $BRIDGES_GENERATION in
    component) components_in_step && accounts_in_step_for_component ;;
    muc) accounts_in_step_for_muc ;;
  esac
  unshare_files
  reply
}

trap ended EXIT
main "$@"

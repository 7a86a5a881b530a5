# shellcheck shell=bash
# What the scripts of Server A share: one line of JSON as the answer on stdout, progress on stderr,
# checked environment. Sourced.

umask 077
# The AWS CLI's own installer puts it into the first, Ubuntu's snap into the second, which will not
# start without HOME.
export PATH=$PATH:/usr/local/bin:/snap/bin HOME=${HOME:-/root}

# Facts about the server, for the other scripts.
# shellcheck disable=SC2034
readonly state=/var/lib/jitsi-bridges prosody=/etc/prosody
# The longest that one conversation with the running Prosody may take.
# shellcheck disable=SC2034
readonly seconds_for_prosody=30
# A private folder of this run, taken away at its end.
work=

log() { printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2; }

cleanup() {
  rm -rf -- "$work"
  ! declare -F unshare_files >/dev/null || unshare_files
}

fail() {
  trap - EXIT
  jq -cn --arg error "$*" '{ok: false, error: $error}'
  log "$*"
  cleanup
  exit 1
}

ended() {
  local status=$?
  cleanup
  [ "$status" = 0 ] || printf '{"ok":false,"error":"%s ended unexpectedly, see stderr"}\n' "$(basename "$0" .sh)"
}

# Before anything that needs them. What is installed on this server, and when, is its operator's to
# say.
require_tools() {
  local tool missing=()
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
    trap - EXIT
    printf '{"ok":false,"error":"this server has bash %s: 4.4 or later is needed (Debian 9, Ubuntu 18.04)"}\n' "$BASH_VERSION"
    exit 1
  fi
  for tool in "$@"; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  if [ "${#missing[@]}" = 0 ]; then
    require_jq
    return
  fi
  trap - EXIT
  printf '{"ok":false,"error":"this server lacks %s: install it first (apt-get install jq awscli openssl; where apt has no awscli: snap install aws-cli --classic)"}\n' "${missing[*]}"
  exit 1
}

# A program of 1.4 lacks functions that ours use, and says so only where it comes to them.
require_jq() {
  local version
  version=$(jq --version 2>&1) || version=unknown
  ! [[ $version =~ ^jq-?1\.[0-4]($|[^0-9]) ]] || {
    trap - EXIT
    printf '{"ok":false,"error":"this server has %s: 1.5 or later is needed: apt-get install jq"}\n' "$version"
    exit 1
  }
}

# Everything that reaches Lua, a path or a unit file later is checked here.
require_env() {
  local name=$1 pattern=$2
  [[ ${!name-} =~ ^($pattern)$ ]] || fail "$name is missing or malformed"
}

readonly host_pattern='([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?'

# What the server's hosts are called is found on it where it is a docker-jitsi-meet; there they may
# be left out.
require_fleet() {
  require_env BRIDGES_FLEET '[a-z0-9][a-z0-9-]{0,62}'
  [ "${BRIDGES_SERVER_KIND-}${BRIDGES_DOMAIN-}" = docker ] || require_env BRIDGES_DOMAIN "$host_pattern"
  # As Jitsi's packages name it; another kind of server is asked for it.
  export BRIDGES_AUTH_HOST=auth.${BRIDGES_DOMAIN-}
  require_env BRIDGES_GENERATION 'component|muc'
  require_env BRIDGES_COLLECTOR_USER '[a-z0-9_.-]{1,64}'
}

require_brewery() {
  [ "${BRIDGES_SERVER_KIND-}${BRIDGES_BREWERY-}" = docker ] || require_env BRIDGES_BREWERY "[A-Za-z0-9_.-]{1,64}@$host_pattern"
}

# What a run that was killed has left: no other run is going on while this one has the lock. Not in
# /run/lock, where every user of the machine may make the file first and hold the lock for ever. A
# run that another one of ours has started works under its lock.
only_one() {
  if [ -z "${BRIDGES_LOCKED-}" ]; then
    exec 9>/run/jitsi-bridges-lock
    flock -w 60 9 || fail "another prepare or sync has been running for 60 s: wait for it, then run this again"
    rm -rf /run/jitsi-bridges.*
  fi
  work=$(mktemp -d /run/jitsi-bridges.XXXXXX)
}

# shellcheck shell=bash disable=SC2154
# What a fleet of bridges that are clients needs of Jicofo and of the certificate. Sourced by
# prepare.sh.

# The process, for what it was started with.
jicofo_process() {
  local process words
  for process in /proc/[0-9]*; do
    words=()
    mapfile -d '' -t words 2>/dev/null <"$process/cmdline" || continue
    [[ ${words[*]} == *jicofo* && ${words[0]-} == *java* ]] || continue
    [ "$process/ns/pid" -ef /proc/self/ns/pid ] && printf '%s\n' "$process" && return
  done
}

# Believed first is what is seen: Jicofo's account sits in the room, on this Prosody. Where it
# cannot be seen, its configuration says which room it looks into; where that cannot be told
# either, nothing is guessed.
check_jicofo() {
  local process kind value where room='' room_at='' server='' server_at='' why='' rooms
  if ask_running; then
    rooms=" $(running .focus) "
    [[ $rooms != *" ${BRIDGES_BREWERY,,} "* ]] || return 0
  fi
  process=$(jicofo_process)
  while IFS=$'\t' read -r kind value where; do
    case $kind in
      room) room=$value room_at=$where ;;
      server) server=$value server_at=$where ;;
      *) why=$value ;;
    esac
  done < <(lua_tool jicofo.lua "${process:+$process/cmdline}" "${process:+$process/environ}")
  if [ -n "$server" ] && ! is_this_prosody "$server"; then
    fail "$server_at: Jicofo looks for bridges on another Prosody ($server), not on this one: run this document on that server, or take the setting out and restart Jicofo"
  fi
  [ -n "$room" ] ||
    fail "cannot tell which room Jicofo looks for bridges in ($why), and it does not sit in $BRIDGES_BREWERY on this Prosody: set jicofo.bridge.brewery-jid in /etc/jitsi/jicofo/jicofo.conf (before 2021: org.jitsi.jicofo.BRIDGE_MUC in $jicofo_properties) to $BRIDGES_BREWERY and start Jicofo, then run this again"
  [ "${room,,}" = "${BRIDGES_BREWERY,,}" ] ||
    fail "$room_at: Jicofo looks for bridges in $room: set \"brewery\" in the fleet's config to it, deploy, and run this again"
}

# A connection for bridges alone may still lead here.
is_this_prosody() {
  local host=${1%:*} port=${1##*:} address
  [ "$port" = 5222 ] || return 1
  for address in $(getent ahosts "$host" | awk '{ print $1 }'); do
    case $address in 127.* | ::1 | "$BRIDGES_SERVER_ADDRESS") return 0 ;; esac
  done
  return 1
}

# Where Prosody hears clients now, which before apply may not be where bridges will dial.
client_address() {
  jq -r --arg address "$BRIDGES_SERVER_ADDRESS" '.ports | split(" ") | map(split("|") | select(.[0] == "c2s")) |
    (map(select(.[1] == "*" or .[1] == "0.0.0.0" or .[1] == $address)) | map([$address, .[2]])) + map([.[1], .[2]]) |
    if length == 0 then empty else .[0] | "\(.[0]):\(.[1])" end' "$work/running.json"
}

# Bridges check that the certificate bears the host's own name, and would all fail their boot.
check_certificate() {
  local at pem auth=auth.$BRIDGES_DOMAIN
  ask_running && at=$(client_address) && [ -n "$at" ] || return 0
  pem=$(shown_certificate "$at") ||
    fail "Prosody shows no certificate for $auth (${fact[accounts_at]}): make one with: prosodyctl cert generate $auth, name it in that VirtualHost, reload Prosody, and run this again"
  [[ $(openssl x509 -noout -checkhost "$auth" <<<"$pem" 2>/dev/null) == *"does match"* ]] ||
    fail "the certificate that Prosody shows for $auth does not bear that name (${fact[certificate_at]}), and bridges refuse it: make one with: prosodyctl cert generate $auth, name it in VirtualHost \"$auth\", reload Prosody, and run this again"
}

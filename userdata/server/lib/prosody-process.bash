# shellcheck shell=bash
# The process of the Prosody that is meant, on any kind of server. Sourced by host-*.bash, whose
# prosody_pid_namespace says which one that is. No pid file is believed.

# The first word is an interpreter where the second is the program. A Prosody in another container
# is another one's.
prosody_pid() {
  local process words namespace
  namespace=$(prosody_pid_namespace) || return 1
  for process in /proc/[0-9]*; do
    words=()
    mapfile -d '' -t words 2>/dev/null <"$process/cmdline" || continue
    [[ ${words[0]-} == */prosody || ${words[0]-} == prosody || ${words[1]-} == */prosody ]] || continue
    [ "$process/ns/pid" -ef "$namespace" ] || continue
    printf '%s\n' "${process#/proc/}"
    return
  done
  return 1
}

# Epoch seconds.
prosody_started() {
  local pid words booted
  pid=$(prosody_pid) || return 1
  words=$(<"/proc/$pid/stat") || return 1
  read -r -a words <<<"${words##*) }"
  booted=$(awk '$1 == "btime" { print $2 }' /proc/stat)
  printf '%s\n' $((booted + words[19] / $(getconf CLK_TCK)))
}

prosody_environment() {
  local pid
  pid=$(prosody_pid) && printf '/proc/%s/environ\n' "$pid"
}

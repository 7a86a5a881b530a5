# shellcheck shell=bash disable=SC2154
# How Prosody is reached where Debian packages installed it (`server.kind: packages`). Everything
# that differs from docker-jitsi-meet is behind these functions: another kind of server is another
# file with the same ones. Sourced.
#
#   locate_prosody           finds out which Prosody it is and what its hosts are called
#                            (BRIDGES_AUTH_HOST and others); fails with a sentence if there is none
#   prosody_sockets OPTION…  connections of clients, as `ss` shows them
#   prosody_exec COMMAND…    runs a command where Prosody's files, interpreter and addresses are;
#                            passes stdin on
#   prosody_config           path of the configuration file that Prosody starts from, as
#                            prosody_exec sees it
#   prosody_source           folder of Prosody's own Lua code there
#   prosody_lua              Prosody's own Lua interpreter, which need not be the one called `lua`
#   prosody_console          sends the lines on stdin to the running Prosody and prints its raw
#                            answers; none if it is down
#   console_is_a_shell       whether that console serves others while it works for us (the telnet
#                            console does not)
#   prosody_pid_namespace    path of the process namespace that the Prosody that is meant runs in
#   start_prosody, stop_prosody, restart_prosody
#   program_file NAME        path of a Lua file of ours (below userdata/server) as the running
#                            Prosody sees it
#   share_file FILE NAME     copies FILE to where the running Prosody may read it, prints that path
#                            as Prosody sees it
#   unshare_files            removes what was shared
#   cure_of_certificate      what to do when no certificate is shown where bridges connect
#   module_folder            folder on this host from which Prosody takes modules, in every version,
#                            without a restart
#
# prosody-process.bash adds prosody_pid, prosody_started and prosody_environment.

# shellcheck source=prosody-process.bash
. "${BASH_SOURCE[0]%/*}/prosody-process.bash"

readonly shared=/run/jitsi-bridges.shared

# It must not inherit the lock.
services() { systemctl "$@" >&2 9>&-; }

service_active() { systemctl is-active --quiet "$1" 9>&-; }

locate_prosody() { true; }

prosody_sockets() { ss "$@" 'sport = :5222'; }

prosody_exec() { "$@" 9>&-; }

prosody_lua() {
  local first
  IFS= read -r first <"$(command -v prosodyctl)" && printf '%s\n' "${first##*[ /]}"
}

# A unit of the operator's own may start Prosody with another file.
prosody_config() {
  local pid words=() index
  if pid=$(prosody_pid) && [ -r "/proc/$pid/cmdline" ]; then
    mapfile -d '' -t words <"/proc/$pid/cmdline"
    for index in "${!words[@]}"; do
      case ${words[index]} in
        --config=*) printf '%s\n' "${words[index]#--config=}" && return ;;
        --config) printf '%s\n' "${words[index + 1]-}" && return ;;
      esac
    done
  fi
  printf '%s\n' /etc/prosody/prosody.cfg.lua
}

# A container's Prosody is another host's.
prosody_pid_namespace() { echo /proc/self/ns/pid; }

start_prosody() { services start prosody; }

stop_prosody() { services stop prosody; }

restart_prosody() { services restart prosody; }

# Through the admin shell, or through the telnet console where there is no shell yet (before 0.12).
prosody_console() { if console_is_a_shell; then admin_socket; else telnet_console; fi; }

console_is_a_shell() { [ -e "$(module_folder)/mod_admin_shell.lua" ]; }

# Lua's readline, where it is installed, would keep our lines in the operator's history: it must
# not be found.
admin_socket() {
  { cat && printf 'quit\n'; } |
    LUA_INIT='package.preload.readline = function () error("not here") end' \
      timeout "$seconds_for_prosody" prosodyctl --config "$(prosody_config)" shell --quiet 2>&1 9>&- || true
}

# It answers every line before it obeys `quit`, which closes the connection.
telnet_console() {
  local lines
  lines=$(cat)
  # shellcheck disable=SC2016 # expanded by the inner shell
  timeout "$seconds_for_prosody" bash -c '
    exec 3<>/dev/tcp/127.0.0.1/$2 && printf "%s\nquit\n" "$1" >&3 && tr -d "\r\000" <&3
  ' _ "$lines" "${console_port:-5582}" 2>/dev/null 9>&- || true
}

# As the package was built; the last of several folders is Prosody's own.
built_with() {
  local value
  value=$(sed -n "s/^CFG_$1='\(.*\)';.*/\1/p" "$(command -v prosodyctl)" 2>/dev/null) || value=
  value=${value%/}
  printf '%s\n' "${value:-$2}"
}

prosody_source() { built_with SOURCEDIR /usr/lib/prosody; }

module_folder() { built_with PLUGINDIR /usr/lib/prosody/modules; }

cure_of_certificate() {
  echo "make one (prosodyctl cert generate $BRIDGES_AUTH_HOST), name it in that VirtualHost and reload Prosody"
}

program_file() { printf '%s/%s\n' "$home" "$1"; }

# $work is private to root: only what is shared may be seen by Prosody.
share_file() {
  install -d -m 750 -g prosody "$shared"
  install -m 640 -g prosody "$1" "$shared/$2"
  printf '%s/%s\n' "$shared" "$2"
}

unshare_files() { rm -rf -- "$shared"; }

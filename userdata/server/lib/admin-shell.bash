# shellcheck shell=bash disable=SC2154
# Talks to the running Prosody: through its admin shell, or through the telnet console where there is no shell yet
# (before 0.12). Sourced.

readonly seconds_for_prosody=30
readonly prosody_modules=/usr/lib/prosody/modules

has_admin_shell() { [ -e "$prosody_modules/mod_admin_shell.lua" ]; }

# Runs the lines on stdin and prints an answer for each that has one; none when Prosody does not answer. No secret
# may be in a line: the console of 0.11 can be reached by every user of the machine.
admin_shell() {
  if has_admin_shell; then admin_socket; else telnet_console; fi | sed -En 's/^.*\| (Result|OK): //p'
}

# Lua's readline, where it is installed, would keep our lines in the operator's history: it must not be found.
admin_socket() {
  { cat && printf 'quit\n'; } |
    LUA_INIT='package.preload.readline = function () error("not here") end' \
      timeout "$seconds_for_prosody" prosodyctl shell --quiet 2>&1 9>&- || true
}

# It answers every line before it obeys `quit`, which closes the connection.
telnet_console() {
  local lines
  lines=$(cat)
  # shellcheck disable=SC2016 # expanded by the inner shell
  timeout "$seconds_for_prosody" bash -c '
    exec 3<>/dev/tcp/127.0.0.1/5582 && printf "%s\nquit\n" "$1" >&3 && tr -d "\r\000" <&3
  ' _ "$lines" 2>/dev/null 9>&- || true
}

module_of_domain() { printf 'prosody.hosts["%s"].modules.jitsi_bridges' "$BRIDGES_DOMAIN"; }

prosody_runs() { [ -e /run/prosody/prosody.pid ] && [ -d "/proc/$(cat /run/prosody/prosody.pid)" ]; }

# Reads all configuration files again. Prosody says only in its log when they do not load.
reload_prosody() { [ -n "$(printf 'config:reload()\n' | admin_shell)" ]; }

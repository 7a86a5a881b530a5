# shellcheck shell=bash
# Talks to the running Prosody, wherever it is (host-*.bash). Sourced.

# Runs the lines on stdin and prints an answer for each that has one; none when Prosody does not answer. No secret
# may be in a line: the console of 0.11 can be reached by every user of the machine.
admin_shell() { prosody_console | sed -En 's/^.*\| (Result|OK): //p'; }

module_of_domain() { printf 'prosody.hosts["%s"].modules.jitsi_bridges' "$BRIDGES_DOMAIN"; }

prosody_runs() { prosody_pid >/dev/null; }

# Reads all configuration files again. Prosody says only in its log when they do not load.
reload_prosody() { [ -n "$(printf 'config:reload()\n' | admin_shell)" ]; }

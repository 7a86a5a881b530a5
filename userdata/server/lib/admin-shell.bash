# shellcheck shell=bash disable=SC2154
# Talks to the running Prosody, wherever it is (host-*.bash), and asks it what it holds. Sourced.

readonly guard_of_muc=jitsi_bridges_brewery guard_of_component=jitsi_bridges

# Runs the lines on stdin and prints an answer for each that has one; none when Prosody does not
# answer. No secret may be in a line: the console of 0.11 can be reached by every user of the
# machine.
admin_shell() { prosody_console | sed -En 's/^.*\| (Result|OK): //p'; }

is_muc() { [ "$BRIDGES_GENERATION" = muc ]; }

# Our section of Prosody's configuration, the host that it guards, and the module that does it.
section() { printf '%s.jitsi-bridges.invalid' "$BRIDGES_FLEET"; }

guarded_host() { if is_muc; then printf '%s' "${BRIDGES_BREWERY#*@}"; else printf '%s' "$BRIDGES_DOMAIN"; fi; }

guard_module() { if is_muc; then printf %s "$guard_of_muc"; else printf %s "$guard_of_component"; fi; }

module_of_domain() { printf 'prosody.hosts["%s"].modules.jitsi_bridges' "$BRIDGES_DOMAIN"; }

prosody_runs() { prosody_pid >/dev/null; }

# Reads all configuration files again. Prosody says only in its log when they do not load.
reload_prosody() { [ -n "$(printf 'config:reload()\n' | admin_shell)" ]; }

# Leaves what the running Prosody holds in $work/running.json. Fails when it does not answer.
ask_running() {
  printf '> dofile("%s")("%s", "%s", "%s", "%s")\n' "$(program_file prosody-running.lua)" "$BRIDGES_AUTH_HOST" \
    "$(guarded_host)" "$(guard_module)" "$(section)" | admin_shell >"$work/answer"
  sed -n '/^{/p' "$work/answer" >"$work/running.json"
  # An empty file is no answer: old versions of jq have no objection to it.
  [ -s "$work/running.json" ] && jq -es 'length == 1 and (.[0] | type == "object")' "$work/running.json" >/dev/null 2>&1
}

running() { jq -r "$1" "$work/running.json"; }

# What the running Prosody lacks of what this fleet needs, as phrases in one line; empty when it
# has all. After ask_running.
lacking() {
  jq -r --arg address "$BRIDGES_SERVER_ADDRESS" --arg generation "$BRIDGES_GENERATION" --arg host "$(guarded_host)" \
    --arg guard "mod_$(guard_module)" --arg brewery "${BRIDGES_BREWERY-}" \
    --arg auth "$BRIDGES_AUTH_HOST" --arg port "${xmpp_port:-5222}" \
    --arg collector "$BRIDGES_COLLECTOR_USER" '
    def words: split(" ") | map(select(. != ""));
    def heard($service; $port): .ports | words | map(split("|") | select(.[0] == $service and .[2] == $port) | .[1])
      | any(. == "*" or . == "0.0.0.0" or . == $address);
    . as $all | [
      (if .accounts | test("^internal_(hashed|plain)$") then empty else "\($auth) keeps no accounts" end),
      (if .module == false then "\($guard) is not loaded on \($host)"
       elif .module.guarded != true then "\($guard) does not guard \($host)"
       elif $generation == "muc" and (.module.brewery != ($brewery | ascii_downcase) or .module.accounts != $auth or .module.collector != $collector)
         then "\($guard) on \($host) has other options (\(.module.brewery))"
       elif $generation == "component" and (.module.members | words | index($collector + "@" + $auth) == null)
         then "\($guard) on \($host) has other options"
       else empty end),
      (if heard("c2s"; $port) then empty else "no clients are heard on \($address):\($port)" end),
      (if $generation == "muc" or heard("component"; "5347") then empty else "no components are heard on \($address):5347" end)
    ] | join("; ")' "$work/running.json" || printf 'its answer cannot be read'
}

# The leaf certificate that clients of the accounts' host are shown at an address. In two steps:
# the second program may have read enough while the first still writes.
shown_certificate() {
  timeout 10 openssl s_client -starttls xmpp -xmpphost "$BRIDGES_AUTH_HOST" -connect "$1" \
    </dev/null >"$work/shown" 2>/dev/null 9>&- || true
  openssl x509 -in "$work/shown" 2>/dev/null
}

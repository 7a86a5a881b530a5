# shellcheck shell=bash disable=SC2154
# Part 1 of the tutorial: what a fleet of component bridges needs. Sourced by prepare.sh.

# The value as the bridge's init script sees it: the file is a shell script.
default_bridge_secret() {
  { has_default_bridge && ! is_muc; } || return 0
  # shellcheck disable=SC2016 # expanded by the inner shell
  bash -c 'set -a; . "$1" >/dev/null; printf %s "${JVB_SECRET-}"' _ "$bridge_config"
}

edit_for_component() {
  [ -r "$jicofo_config" ] || fail "$jicofo_config is missing"
  # Steps 1 and 3: who may publish, and where Prosody listens.
  edit_prosody "$prosody/prosody.cfg.lua" on_configuration "$stage" globals
  edit_prosody "$domain_file" config_tool host "$stage$domain_file" "$BRIDGES_DOMAIN"
  if has_default_bridge; then
    edit_default_component
    edit_default_bridge
  fi
  edit_jicofo
}

# Part 3 of the tutorial, step 1: the default bridge's component may be missing, or have another secret.
edit_default_component() {
  local name=jitsi-videobridge.$BRIDGES_DOMAIN status=0
  [ -n "$default_secret" ] || fail "JVB_SECRET is not set in $bridge_config"
  on_configuration "$stage" secret "$name" || status=$?
  case $status in
    0) ;;
    3) edit_prosody "$domain_file" config_tool component "$stage$domain_file" "$name" ;;
    *) fail "Prosody's configuration cannot be loaded" ;;
  esac
}

# Where Server A's own bridge and Jicofo find Prosody: see README.md.
own_host() { if is_public; then printf %s "$BRIDGES_SERVER_ADDRESS"; else printf 127.0.0.1; fi; }

# Steps 2 and 5.
edit_default_bridge() {
  append_block "$bridge_config" "JVB_HOST=$(own_host)" 'JVB_OPTS="--apis=rest,xmpp --subdomain=jitsi-videobridge"'
  append_block "$bridge_properties" \
    'org.jitsi.videobridge.ENABLE_STATISTICS=true' \
    'org.jitsi.videobridge.STATISTICS_TRANSPORT=pubsub' \
    "org.jitsi.videobridge.PUBSUB_SERVICE=$BRIDGES_DOMAIN" \
    "org.jitsi.videobridge.PUBSUB_NODE=$BRIDGES_STATS_NODE"
}

# Steps 4 and 6. The tutorial names org.jitsi.focus.STATS_PUBSUB_NODE, Jicofo reads the other. With the node it finds
# new bridges by their first report, in every build that the check of the generation lets by.
edit_jicofo() {
  append_block "$jicofo_config" "JICOFO_HOST=$(own_host)"
  append_block "$jicofo_properties" \
    "org.jitsi.focus.pubsub.ADDRESS=$BRIDGES_DOMAIN" \
    "org.jitsi.focus.STATS_PUBSUB_NODE=$BRIDGES_STATS_NODE" \
    "org.jitsi.jicofo.STATS_PUBSUB_NODE=$BRIDGES_STATS_NODE"
}

# A new version of our module, when Prosody runs prepared already: what it holds stays where it is.
reload_module() {
  [ "$action" = apply ] && ! restart_pending || return 0
  printf 'module:reload("jitsi_bridges", "%s")\n' "$BRIDGES_DOMAIN" | admin_shell | grep -q . ||
    log "the running Prosody has not taken over the module: it will at its next start"
}

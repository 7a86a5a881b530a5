# shellcheck shell=bash disable=SC2154
# What the images render from their templates at each start, as text; only what a fleet of bridges
# meets. Sourced by the init scripts, which set `config` (the folder of the configuration), `data`,
# `pidfile`, and for modules that not every release has `admin_shell` and `muc_filter` (a name, or
# nothing).

: "${XMPP_DOMAIN:=meet.jitsi}" "${XMPP_AUTH_DOMAIN:=auth.meet.jitsi}" "${XMPP_PORT:=5222}"
: "${XMPP_MUC_DOMAIN:=muc.meet.jitsi}" "${XMPP_INTERNAL_MUC_DOMAIN:=internal-muc.meet.jitsi}"
: "${JVB_AUTH_USER:=jvb}" "${PROSODY_HTTP_PORT:=5280}" "${LOG_LEVEL:=info}"

quoted_list() { tr ',' '\n' <<<"$1" | sed -n 's/.*[^[:space:]].*/        "&";/p'; }

render_main() {
  cat <<LUA
admins = { }
component_admins_as_room_owners = true
modules_enabled = {
        "roster"; "saslauth"; "tls"; "disco"; "private"; "limits"; "version"; "ping"; "posix"; "http_health";
$(quoted_list "$admin_shell")
$(quoted_list "${GLOBAL_MODULES-}")
};
component_ports = { }
https_ports = { }
modules_disabled = { "offline"; "register"; "s2s"; };
allow_registration = false;
limits = { c2s = { rate = "10kb/s"; }; }
pidfile = "$pidfile";
c2s_require_encryption = true;
c2s_ports = { $XMPP_PORT }
c2s_interfaces = { "*", "::" }
authentication = "internal_hashed"
log = { { levels = { min = "$LOG_LEVEL" }, timestamps = "%Y-%m-%d %X", to = "console" }; }
${GLOBAL_CONFIG-}
network_backend = "epoll";
http_ports = { $PROSODY_HTTP_PORT }
http_interfaces = { "*", "::" }
data_path = "$data"
Include "conf.d/*.cfg.lua"
LUA
}

certificate() { printf 'ssl = { key = "%s/certs/%s.key"; certificate = "%s/certs/%s.crt"; }' "$config" "$1" "$config" "$1"; }

render_site() {
  cat <<LUA
admins = { "focus@$XMPP_AUTH_DOMAIN", "$JVB_AUTH_USER@$XMPP_AUTH_DOMAIN" }
unlimited_jids = { "focus@$XMPP_AUTH_DOMAIN", "$JVB_AUTH_USER@$XMPP_AUTH_DOMAIN" }
plugin_paths = { "/prosody-plugins-custom", "/prosody-plugins/", "/prosody-plugins-contrib" }
http_default_host = "$XMPP_DOMAIN"
consider_bosh_secure = true;
consider_websocket_secure = true;
smacks_hibernation_time = 60;
smacks_max_old_sessions = 1;
storage = { smacks_h = "memory" }

VirtualHost "$XMPP_DOMAIN"
    authentication = "jitsi-anonymous"
    $(certificate "$XMPP_DOMAIN")
    modules_enabled = { "bosh"; "websocket"; "smacks"; }
    c2s_require_encryption = true

VirtualHost "$XMPP_AUTH_DOMAIN"
    $(certificate "$XMPP_AUTH_DOMAIN")
    modules_enabled = { "limits_exception"; "smacks"; }
    authentication = "internal_hashed"
    smacks_hibernation_time = 15;

Component "$XMPP_INTERNAL_MUC_DOMAIN" "muc"
    storage = "memory"
    modules_enabled = {
        "muc_hide_all";
$(quoted_list "$muc_filter")
$(quoted_list "${XMPP_INTERNAL_MUC_MODULES-}")
    }
    restrict_room_creation = true
    muc_filter_whitelist="$XMPP_AUTH_DOMAIN"
    muc_room_locking = false
    muc_room_default_public_jids = true
    muc_room_cache_size = 1000
    muc_tombstones = false
    muc_room_allow_persistent = false

Component "$XMPP_MUC_DOMAIN" "muc"
    restrict_room_creation = true
    storage = "memory"
    modules_enabled = { "muc_hide_all"; }
    muc_room_cache_size = 10000
    muc_room_locking = false
    muc_room_default_public_jids = true
    muc_tombstones = false
    muc_room_allow_persistent = false
LUA
}

make_certificate() {
  [ -f "$config/certs/$1.crt" ] || echo | prosodyctl --config "$config/prosody.cfg.lua" cert generate "$1"
}

# prosodyctl leaves them in the data folder.
make_certificates() {
  make_certificate "$XMPP_DOMAIN"
  make_certificate "$XMPP_AUTH_DOMAIN"
  mv "$data"/*.crt "$data"/*.key "$config/certs/" 2>/dev/null || true
  rm -f "$data"/*.cnf
}

# A Prosody that ends is started again, and nothing is rendered for it. The container ends when it
# is told to.
supervise() {
  local program=
  trap 'trap "" TERM; [ -z "$program" ] || kill "$program" 2>/dev/null; wait; exit 0' TERM INT
  while :; do
    "$@" &
    program=$!
    wait "$program" || true
    sleep 0.5
  done
}

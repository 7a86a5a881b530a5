#!/usr/bin/env bash
# Leaves on a root file system what jitsi-meet-prosody of today leaves on a server that has jicofo
# and jitsi-videobridge2: the state that preparing Server A for bridges with accounts starts from.
# Runs inside it, as root; Debian's prosody is installed. Idempotent. Usage: install-today.sh
# [DOMAIN]
set -euo pipefail

readonly domain=${1:-meet.test}
readonly site=/etc/prosody/conf.avail/$domain.cfg.lua
readonly authorities=/usr/local/share/ca-certificates

# Jitsi's own Prosody modules are left out: nothing here needs them, and Debian's Prosody does not
# have them.
write_prosody_site() {
  [ ! -e "$site" ] || return 0
  install -D -m 640 /dev/stdin "$site" <<TEXT
cross_domain_bosh = false;
consider_bosh_secure = true;

ssl = {
    protocol = "tlsv1_2+";
}

unlimited_jids = {
    "focus@auth.$domain",
    "jvb@auth.$domain"
}

VirtualHost "$domain"
    authentication = "anonymous"
    ssl = {
        key = "/etc/prosody/certs/$domain.key";
        certificate = "/etc/prosody/certs/$domain.crt";
    }
    modules_enabled = {
        "bosh";
        "websocket";
        "smacks";
        "ping"; -- Enable mod_ping
    }
    c2s_require_encryption = false

Component "conference.$domain" "muc"
    restrict_room_creation = true
    storage = "memory"
    admins = { "focus@auth.$domain" }
    muc_room_locking = false
    muc_room_default_public_jids = true

-- internal muc component
Component "internal.auth.$domain" "muc"
    storage = "memory"
    modules_enabled = {
        "ping";
    }
    admins = { "focus@auth.$domain", "jvb@auth.$domain" }
    muc_room_locking = false
    muc_room_default_public_jids = true

VirtualHost "auth.$domain"
    ssl = {
        key = "/etc/prosody/certs/auth.$domain.key";
        certificate = "/etc/prosody/certs/auth.$domain.crt";
    }
    modules_enabled = {
        "smacks";
    }
    authentication = "internal_hashed"
    smacks_hibernation_time = 15;
TEXT
  chgrp prosody "$site"
  ln -sfn "$site" "/etc/prosody/conf.d/$domain.cfg.lua"
}

make_certificate() {
  local name=$1
  [ ! -f "/etc/prosody/certs/$name.crt" ] || return 0
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=$name" -addext "subjectAltName=DNS:$name" \
    -keyout "/etc/prosody/certs/$name.key" -out "/etc/prosody/certs/$name.crt" 2>/dev/null
  chgrp prosody "/etc/prosody/certs/$name.key" "/etc/prosody/certs/$name.crt"
  chmod 640 "/etc/prosody/certs/$name.key"
  # Jicofo and the bridge run as users of their own and check it against what the system trusts.
  chmod 644 "/etc/prosody/certs/$name.crt"
}

trust_certificate() {
  install -D -m 644 "/etc/prosody/certs/auth.$domain.crt" "$authorities/auth.$domain.crt"
  update-ca-certificates >/dev/null 2>&1
}

password_in() { sed -n "s/^[[:space:]]*$2[[:space:]]*=[[:space:]]*//Ip" "$1" | tr -d '"' | sed -n 1p; }

# As the package's postinst does it. prosodyctl takes the password as an argument; it is of a
# throw-away machine.
register() {
  prosodyctl register "$1" "auth.$domain" "$2" >/dev/null
}

make_certificate "$domain"
make_certificate "auth.$domain"
trust_certificate
write_prosody_site
register focus "$(password_in /etc/jitsi/jicofo/jicofo.conf password)"
register jvb "$(password_in /etc/jitsi/videobridge/jvb.conf PASSWORD)"

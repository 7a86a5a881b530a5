#!/usr/bin/env bash
# Leaves on a root file system what Jitsi Meet's packages of 2019 (jitsi-meet-prosody, jicofo,
# jitsi-videobridge 1126) leave on a server: the state that preparing Server A starts from. Runs
# inside it, as root; Debian's prosody is installed. Idempotent; files that a package has written
# already stay. Every secret is made here.
# Usage: install.sh [DOMAIN]
set -euo pipefail

readonly domain=${1:-meet.test}
readonly site=/etc/prosody/conf.avail/$domain.cfg.lua

random_secret() { openssl rand -hex 8; }

value_of() { sed -n "s/^$2=//p" "$1" | tail -n 1 | tr -d '"'; }

# Writes stdin to a file that no package has written.
write_if_absent() {
  local file=$1 mode=$2
  if [ -e "$file" ]; then
    cat >/dev/null
  else
    install -D -m "$mode" /dev/stdin "$file"
  fi
}

write_bridge_files() {
  write_if_absent /etc/jitsi/videobridge/config 640 <<TEXT
# Jitsi Videobridge settings

# sets the XMPP domain (default: none)
JVB_HOSTNAME=$domain

# sets the hostname of the XMPP server (default: domain if set, localhost otherwise)
JVB_HOST=

# sets the port of the XMPP server (default: 5275)
JVB_PORT=5347

# sets the shared secret used to authenticate to the XMPP server
JVB_SECRET=$(random_secret)

# extra options to pass to the JVB daemon
JVB_OPTS=""

# adds java system props that are passed to jvb (default are for home and logging config file)
JAVA_SYS_PROPS="-Dnet.java.sip.communicator.SC_HOME_DIR_LOCATION=/etc/jitsi -Dnet.java.sip.communicator.SC_HOME_DIR_NAME=videobridge -Dnet.java.sip.communicator.SC_LOG_DIR_LOCATION=/var/log/jitsi -Djava.util.logging.config.file=/etc/jitsi/videobridge/logging.properties"
TEXT
  write_if_absent /etc/jitsi/videobridge/sip-communicator.properties 640 <<TEXT
org.jitsi.videobridge.AUTHORIZED_SOURCE_REGEXP=focus@auth.$domain/.*
TEXT
}

write_jicofo_files() {
  write_if_absent /etc/jitsi/jicofo/config 640 <<TEXT
# Jitsi Conference Focus settings
# sets the host name of the XMPP server
JICOFO_HOST=localhost

# sets the XMPP domain (default: none)
JICOFO_HOSTNAME=$domain

# sets the secret used to authenticate as an XMPP component
JICOFO_SECRET=$(random_secret)

# sets the port to use for the XMPP component connection
JICOFO_PORT=5347

# sets the XMPP domain name to use for XMPP user logins
JICOFO_AUTH_DOMAIN=auth.$domain

# sets the username to use for XMPP user logins
JICOFO_AUTH_USER=focus

# sets the password to use for XMPP user logins
JICOFO_AUTH_PASSWORD=$(random_secret)

# extra options to pass to the jicofo daemon
JICOFO_OPTS=""
TEXT
  write_if_absent /etc/jitsi/jicofo/sip-communicator.properties 640 </dev/null
}

write_prosody_site() {
  write_if_absent "$site" 640 <<TEXT
VirtualHost "$domain"
        -- enabled = false -- Remove this line to enable this host
        authentication = "anonymous"
        -- Assign this host a certificate for TLS, otherwise it would use the one
        -- set in the global section (if any).
        ssl = {
                key = "/etc/prosody/certs/$domain.key";
                certificate = "/etc/prosody/certs/$domain.crt";
        }
        -- we need bosh
        modules_enabled = {
            "bosh";
            "pubsub";
            "ping"; -- Enable mod_ping
        }

        c2s_require_encryption = false

Component "conference.$domain" "muc"
    storage = "memory"
admins = { "focus@auth.$domain" }

Component "jitsi-videobridge.$domain"
    component_secret = "$(value_of /etc/jitsi/videobridge/config JVB_SECRET)"

VirtualHost "auth.$domain"
    ssl = {
        key = "/etc/prosody/certs/auth.$domain.key";
        certificate = "/etc/prosody/certs/auth.$domain.crt";
    }
    authentication = "internal_hashed"

Component "focus.$domain"
    component_secret = "$(value_of /etc/jitsi/jicofo/config JICOFO_SECRET)"
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
}

# As the package's postinst does it. prosodyctl takes the password as an argument; it is of a
# throw-away machine.
register_focus() {
  local password
  password=$(value_of /etc/jitsi/jicofo/config JICOFO_AUTH_PASSWORD)
  prosodyctl register focus "auth.$domain" "$password" >/dev/null
}

write_bridge_files
write_jicofo_files
make_certificate "$domain"
make_certificate "auth.$domain"
write_prosody_site
register_focus

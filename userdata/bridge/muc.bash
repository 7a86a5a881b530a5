# shellcheck shell=bash
# The names of this file and of those that source it are one set.
# shellcheck disable=SC2034,SC2154
# Generation `muc`: current bridges, accounts of Prosody that report by presence in the brewery
# room.
unit=jitsi-videobridge2
prosody_port=5222
package=jitsi-videobridge2
# Within which Jicofo knows what has changed: a presence is sent every 5 s.
told_seconds=6

trust=$etc/jitsi-bridges-trust.p12
# Guards nothing: the file holds one public certificate. keytool wants one of six letters or more.
trust_password=changeit

# The package's installer makes a jvb.conf only where there is none, and adds nothing to one that
# names its file in JAVA_SYS_PROPS: both are written whole, after it, and stay.
configure_login() { # <instance id> <private address> [public address]
  local name=${1/#i-/jvb-} mapping='' is_public=false
  if [[ -n ${3:-} ]]; then
    is_public=true
    mapping="{ local-address = \"$2\", public-address = \"$3\", name = \"ec2\" }"
  fi
  replace "$etc/jvb.conf" <<END
# Made by Jitsi Bridge Autoscaler when this machine booted.
videobridge {
  apis {
    xmpp-client {
      configs {
        jitsi-bridges {
          HOSTNAME = "$BRIDGES_SERVER_ADDRESS"
          PORT = "5222"
          DOMAIN = "${BRIDGES_DOMAIN:+auth.$BRIDGES_DOMAIN}"
          USERNAME = "$name"
          PASSWORD = ""
          MUC_JIDS = "$BRIDGES_BREWERY"
          MUC_NICKNAME = "$name"
          SECURITY_MODE = "required"
          DISABLE_CERTIFICATE_VERIFICATION = "false"
        }
      }
    }
    rest {
      enabled = true
    }
  }
  rest {
    shutdown {
      enabled = true
    }
  }
  http-servers {
    private {
      host = "127.0.0.1"
      port = 8080
    }
  }
  stats {
    interval = 5 seconds
  }
  health {
    # A private address alone counts as none there.
    require-valid-address = $is_public
  }
}
ice4j {
  harvest {
    mapping {
      aws {
        enabled = false
      }
      stun {
        addresses = []
      }
      static-mappings = [$mapping]
    }
  }
}
END
  set_keys "$etc/config" <<END
JAVA_SYS_PROPS="-Dconfig.file=$etc/jvb.conf -Dnet.java.sip.communicator.SC_HOME_DIR_LOCATION=/etc/jitsi -Dnet.java.sip.communicator.SC_HOME_DIR_NAME=videobridge -Dnet.java.sip.communicator.SC_LOG_DIR_LOCATION=/var/log/jitsi -Djava.util.logging.config.file=$etc/logging.properties -Djavax.net.ssl.trustStore=$trust -Djavax.net.ssl.trustStorePassword=$trust_password"
END
}

# Where the server is a docker-jitsi-meet, what its XMPP is called was found there. It goes into a
# file that is code to HOCON, so it must be nothing but names.
fetch_names() { # <tries>
  local names domain rooms text
  [[ ${BRIDGES_SERVER_KIND:-packages} == docker ]] || return 0
  names=$(retry "$1" parameter server/names) || return
  domain=$(jq -er .authHost <<<"$names") && rooms=$(jq -er .brewery <<<"$names") || return
  if ! [[ $domain =~ ^[a-z0-9.-]+$ && $rooms =~ ^[A-Za-z0-9_.-]+@[a-z0-9.-]+$ ]]; then
    echo 'server/names has something else than names'
    return 1
  fi
  text=$(awk -v domain="$domain" -v rooms="$rooms" '
    $1 == "DOMAIN" { sub(/=.*/, "= \"" domain "\"") }
    $1 == "MUC_JIDS" { sub(/=.*/, "= \"" rooms "\"") }
    { print }' "$etc/jvb.conf") || return
  printf '%s\n' "$text" | replace "$etc/jvb.conf"
}

put_secret() { # the secret on stdin
  local text
  text=$(awk '
    NR == FNR { secret = $0; next }
    $1 == "PASSWORD" { sub(/=.*/, "= \"" secret "\"") }
    { print }' - "$etc/jvb.conf") || return
  printf '%s\n' "$text" | replace "$etc/jvb.conf"
}

# The bridge believes the one certificate that Server A has, and no authority. Java accepts a leaf
# that is in its trust store as it is; the bridge then compares the name in it with the host
# of its account.
fetch_trust() { # <tries>
  local new=$trust.new stored pem
  fetch_names "$1" || return
  stored=$(retry "$1" parameter server/certificate) || return
  pem=$(jq -r '.pem // empty' <<<"$stored") || return
  if [[ -z $pem ]]; then
    pem=$(retry "$1" shown_certificate "$(jq -er .fingerprint <<<"$stored")") || return
  fi
  rm -f "$new"
  keytool -importcert -noprompt -alias prosody -storetype PKCS12 -storepass "$trust_password" \
    -keystore "$new" <<<"$pem" || return
  chown jvb:jitsi "$new"
  chmod 640 "$new"
  mv "$new" "$trust"
}

# A certificate with many names does not fit into its parameter, which then has the fingerprint
# alone. The server shows the certificate to everyone; the one with that fingerprint is believed.
shown_certificate() { # <SHA-256 fingerprint, lower-case hex>: PEM
  local domain talk pem shown
  domain=$(awk -F'"' '$1 ~ /^ *DOMAIN = / { print $2 }' "$etc/jvb.conf")
  talk=$(timeout 20 openssl s_client -starttls xmpp -xmpphost "$domain" \
    -connect "$BRIDGES_SERVER_ADDRESS:$prosody_port" </dev/null 2>/dev/null) || true
  pem=$(openssl x509 <<<"$talk" 2>/dev/null) || {
    echo "$BRIDGES_SERVER_ADDRESS:$prosody_port shows no certificate for $domain" >&2
    return 1
  }
  shown=$(openssl x509 -noout -fingerprint -sha256 <<<"$pem") || return
  shown=${shown#*=} shown=${shown//:/}
  if [[ ${shown,,} != "$1" ]]; then
    echo "the certificate for $domain on $BRIDGES_SERVER_ADDRESS is not the pinned one" >&2
    return 1
  fi
  printf '%s\n' "$pem"
}

# Its own health check does not look at XMPP.
is_connected() {
  stats | jq -e '(.mucs_joined | tonumber) > 0' >/dev/null
}

# shellcheck shell=bash
# The names of this file and of those that source it are one set.
# shellcheck disable=SC2034,SC2154
# Generation `component`: v1 bridges, XEP-0114 components of Prosody that publish statistics to a
# node.
unit=jitsi-videobridge
prosody_port=5347
package=jitsi-videobridge
# A v1 bridge in graceful shutdown refuses new calls itself, at once.
told_seconds=0

configure_login() { # <instance id> <private address> [public address]
  local property=org.jitsi.videobridge harvest=org.ice4j.ice.harvest
  local properties=$etc/sip-communicator.properties
  set_keys "$etc/config" <<END
JVB_HOSTNAME=$BRIDGES_DOMAIN
JVB_HOST=$BRIDGES_SERVER_ADDRESS
JVB_PORT=5347
JVB_OPTS="--apis=rest,xmpp --subdomain=${1/#i-/jvb-}"
END
  [[ -e $properties ]] || install -m 640 -o jvb -g jitsi /dev/null "$properties"
  # Without the first line, which packages after 1126 take out, any guest may allocate conferences.
  # v1 asks the metadata service without a token, which is refused: the addresses are written down.
  set_keys "$properties" <<END
$property.AUTHORIZED_SOURCE_REGEXP=focus@auth.$BRIDGES_DOMAIN/.*
$property.ENABLE_STATISTICS=true
$property.STATISTICS_TRANSPORT=pubsub
$property.PUBSUB_SERVICE=$BRIDGES_DOMAIN
$property.PUBSUB_NODE=$BRIDGES_STATS_NODE
$property.ENABLE_REST_SHUTDOWN=true
$property.shutdown.ALLOWED_SOURCE_REGEXP=127[.]0[.]0[.]1
$property.DISABLE_TCP_HARVESTER=true
$harvest.DISABLE_AWS_HARVESTER=true
${3:+$harvest.NAT_HARVESTER_LOCAL_ADDRESS=$2}
${3:+$harvest.NAT_HARVESTER_PUBLIC_ADDRESS=$3}
END
}

put_secret() { # the secret on stdin
  sed 's/^/JVB_SECRET=/' | set_keys "$etc/config"
}

# Component connections are plain text by protocol.
fetch_trust() { :; }

# Prosody hangs up at once on a component that it refuses.
is_connected() {
  [[ -n $(ss -Htn state established "dst $BRIDGES_SERVER_ADDRESS and dport = 5347") ]]
}

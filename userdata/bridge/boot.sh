# shellcheck shell=bash
# Makes a fresh machine a bridge: PART 2 of the tutorial, automated. Runs once as root, behind the
# lines that export BRIDGES_* and install bridge.sh. Stages that are done are not done again.
# The console gets one line a stage; what the tools say goes to $log. A failure ends in power off:
# the instance terminates itself and the scaler launches another.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
# cloud-init sets no HOME, and snaps are not in every PATH.
export HOME=${HOME:-/root} PATH=$PATH:/snap/bin
umask 022

state=/var/lib/jitsi-bridges
log=/var/log/jitsi-bridges.log
etc=/etc/jitsi/videobridge
unit=jitsi-videobridge
imds=http://169.254.169.254/latest
now='nothing'

say() { printf 'jitsi-bridges: %s\n' "$*"; }

finish() {
  local status=$?
  if ((status == 0)); then return; fi
  say "FAILED in stage $now (exit $status); last lines of its log:"
  tail -n 20 "$log" | sed 's/^/jitsi-bridges: | /' || true
  poweroff
}

stage() { # <name>: the function stage_<name>, unless it is done already
  local began=$SECONDS
  now=$1
  if [[ -e $state/$now ]]; then
    say "stage $now was done before"
    return
  fi
  "stage_$now" </dev/null >>"$log" 2>&1
  touch "$state/$now"
  say "stage $now done in $((SECONDS - began))s"
}

retry() { # <tries> <command…>, 3 seconds apart
  local tries=$1
  shift
  until "$@"; do
    ((--tries > 0)) || return 1
    sleep 3
  done
}

# The image's own upgrades at first boot may hold dpkg's lock for minutes. For that of the package
# lists apt does not wait by itself: hence the many tries of `apt update`.
apt() { apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"; }

metadata() { # <path below latest/meta-data>; fails where there is none
  local token
  token=$(curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$imds/api/token") || return
  curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" "$imds/meta-data/$1"
}

set_keys() { # <file>: KEY=VALUE lines on stdin replace the file's; its other lines stay as they are
  local new
  new=$(mktemp "$1.XXXXXX")
  awk -F= '
    NR == FNR { if ($1 != "") { line[$1] = $0; key[++n] = $1 } next }
    !($1 in line) { print; next }
    !seen[$1]++ { print line[$1] }
    END { for (i = 1; i <= n; i++) if (!seen[key[i]]++) print line[key[i]] }' - "$1" >"$new"
  chown --reference="$1" "$new"
  chmod 640 "$new"
  mv "$new" "$1"
}

stage_prerequisites() {
  local missing=() pair
  for pair in curl:curl jq:jq gpg:gnupg ss:iproute2; do
    command -v "${pair%:*}" || missing+=("${pair#*:}")
  done
  if ((${#missing[@]})) || ! command -v aws; then
    retry 60 apt update
    apt install --no-install-recommends ca-certificates "${missing[@]}"
  fi
  # Ubuntu 24.04 has it as a snap only.
  command -v aws || apt install --no-install-recommends awscli || snap install aws-cli --classic
}

# The keyring gets the one pinned key, whatever else the file may hold.
stage_repository() {
  local pin=${BRIDGES_PACKAGE_KEY_FINGERPRINT//[[:space:]]/} keyring=/etc/apt/keyrings/jitsi-bridges.gpg home
  local list=/etc/apt/sources.list.d/jitsi-bridges.list
  home=$(mktemp -d)
  retry 5 curl -fsSL -m 30 -o "$home/key" "$BRIDGES_PACKAGE_KEY_URL"
  gpg --homedir "$home" --batch --quiet --import "$home/key"
  if ! gpg --homedir "$home" --batch --with-colons --list-keys |
    awk -F: -v pin="${pin^^}" '$1 == "pub" { primary = 1; next }
      $1 == "fpr" { if (primary && $10 == pin) found = 1; primary = 0 } END { exit !found }'; then
    echo "$BRIDGES_PACKAGE_KEY_URL does not hold the key with fingerprint $pin; it holds:"
    gpg --homedir "$home" --batch --with-colons --list-keys | awk -F: '$1 == "fpr" { print $10 }'
    return 1
  fi
  mkdir -p "${keyring%/*}"
  gpg --homedir "$home" --batch --export "$pin" >"$keyring"
  rm -rf "$home"
  echo "deb [signed-by=$keyring] $BRIDGES_PACKAGE_URL $BRIDGES_PACKAGE_SUITE" >"$list"
  retry 60 apt -o Dir::Etc::sourcelist="$list" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 \
    -o APT::Update::Error-Mode=any update
}

# Installed but not started: it has neither secret nor right to publish yet, and a bridge that is
# refused once goes silent.
stage_install() {
  local policy=/usr/sbin/policy-rc.d package=$unit${BRIDGES_PACKAGE_VERSION:+=$BRIDGES_PACKAGE_VERSION}
  echo "$unit jitsi-videobridge/jvb-hostname string $BRIDGES_DOMAIN" | debconf-set-selections
  if [[ -e $policy && ! -e $state/policy-rc.d ]]; then mv "$policy" "$state/policy-rc.d"; fi
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  # A first try with the package lists of the image; stale or absent ones are fetched.
  if ! apt install "$package"; then
    retry 60 apt update
    apt install "$package"
  fi
  rm "$policy"
  if [[ -e $state/policy-rc.d ]]; then mv "$state/policy-rc.d" "$policy"; fi
  # The next version's installer would take component mode out of the configuration.
  apt-mark hold "$unit"
}

stage_configure() {
  local id local_address public_address property=org.jitsi.videobridge harvest=org.ice4j.ice.harvest
  local properties=$etc/sip-communicator.properties dropin=/etc/systemd/system/$unit.service.d
  id=$(retry 20 metadata instance-id)
  local_address=$(retry 20 metadata local-ipv4)
  public_address=$(metadata public-ipv4) || echo 'no public address: the bridge announces its private one'
  set_keys "$etc/config" <<END
JVB_HOSTNAME=$BRIDGES_DOMAIN
JVB_HOST=$BRIDGES_SERVER_ADDRESS
JVB_PORT=5347
JVB_OPTS="--apis=rest,xmpp --subdomain=${id/#i-/jvb-}"
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
${public_address:+$harvest.NAT_HARVESTER_LOCAL_ADDRESS=$local_address}
${public_address:+$harvest.NAT_HARVESTER_PUBLIC_ADDRESS=$public_address}
END
  # Security upgrades go on, but must not restart a bridge with calls on it.
  mkdir -p /etc/needrestart/conf.d
  echo "\$nrconf{override_rc}{qr(^$unit)} = 0;" >/etc/needrestart/conf.d/jitsi-bridges.conf
  mkdir -p "$dropin"
  # v1's unit has no Restart=: a crashed bridge would stay down.
  printf '[Service]\nRestart=on-failure\nRestartSec=2\n' >"$dropin/restart.conf"
}

stage_registration() {
  local end=$((SECONDS + 600))
  until metadata tags/instance/bridges:registered; do
    if ((SECONDS >= end)); then
      echo 'no tag bridges:registered after 10 minutes: the registrar has not registered this bridge'
      return 1
    fi
    sleep 2
  done
}

# From the process that fetches it through pipes into the file: on no command line and in no log.
fetch_secret() {
  aws ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} --region "$BRIDGES_REGION" \
    ssm get-parameter --with-decryption --name "$BRIDGES_PARAMETERS/bridges/$1/secret" \
    --query Parameter.Value --output text
}

stage_secret() {
  local id secret
  id=$(retry 20 metadata instance-id)
  secret=$(retry 20 fetch_secret "$id")
  if ! [[ $secret =~ ^[A-Za-z0-9]{32,}$ ]]; then
    echo 'the secret is not 32 or more letters and digits'
    return 1
  fi
  printf 'JVB_SECRET=%s\n' "$secret" | set_keys "$etc/config"
}

is_up() {
  curl -sf -m 5 -o /dev/null http://127.0.0.1:8080/about/health &&
    [[ -n $(ss -Htn state established "dst $BRIDGES_SERVER_ADDRESS and dport = 5347") ]]
}

stage_start() {
  systemctl daemon-reload
  systemctl restart "$unit"
  local end=$((SECONDS + 120)) seen=0
  # Twice in a row: Prosody hangs up at once on a component that it refuses.
  while ((seen < 2)); do
    if is_up; then seen=$((seen + 1)); else seen=0; fi
    if ((SECONDS >= end)); then
      echo 'not healthy or not connected to Prosody after 120 seconds'
      tail -n 10 /var/log/jitsi/jvb.log || true
      return 1
    fi
    sleep 1
  done
}

trap finish EXIT
mkdir -p "$state"
touch "$log"
chmod 600 "$log"
for name in prerequisites repository install configure registration secret start; do
  stage "$name"
done
say "healthy after ${SECONDS}s"

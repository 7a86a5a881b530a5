#!/bin/bash
# Makes a fresh machine a bridge: PART 2 of the tutorial, automated. Runs as root, as user data and
# again after a reboot until it is through; stages that are done are not done again. The console
# gets one line a stage; what the tools say goes to $log. A failure ends in power off: the instance
# terminates itself and the scaler launches another. With BRIDGES_BAKE=1 it prepares the disk for an
# image instead: the stages that know nothing of a bridge, then power off; a failure leaves the
# machine up.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
umask 022

here=$(dirname "$(readlink -f "$0")")
. "$here/common.bash"
. "$here/packages.bash"

# By instance: an image may have been made of a machine that booted once.
state=/var/lib/jitsi-bridges/$(cat /var/lib/cloud/data/instance-id 2>/dev/null || echo first)
log=/var/log/jitsi-bridges.log
now='nothing'

say() { printf 'jitsi-bridges: %s\n' "$*"; }

finish() {
  local status=$?
  if ((status == 0)); then return; fi
  say "FAILED in stage $now (exit $status); last lines of its log:"
  tail -n 20 "$log" | sed 's/^/jitsi-bridges: | /' || true
  if [[ -z ${BRIDGES_BAKE:-} ]]; then poweroff; fi
}

stage() { # <name>: the function stage_<name>, unless it is done already
  local began=$SECONDS
  now=$1
  if [[ -e $state/$now ]]; then
    say "stage $now was done before"
    return
  fi
  "stage_$now" </dev/null >>"$log" 2>&1
  echo "$((SECONDS - began))" >"$state/$now"
  say "stage $now done in $(<"$state/$now")s"
}

# Half of the memory: media is outside of the heap, and the page tables of thousands of threads too.
heap_megabytes() {
  local half
  half=$(awk '$1 == "MemTotal:" { print int($2 / 2048) }' /proc/meminfo)
  echo "$((half > 12288 ? 12288 : half))"
}

stage_configure() {
  local id local_address public_address dropin=/etc/systemd/system/$unit.service.d
  id=$(retry 20 metadata instance-id)
  local_address=$(retry 20 metadata local-ipv4)
  public_address=$(metadata public-ipv4) || echo 'no public address: the bridge announces its private one'
  configure_login "$id" "$local_address" "$public_address"
  # Bursts of media from hundreds of senders do not fit the kernel's own buffers.
  printf 'net.core.%s\n' rmem_max=10485760 wmem_max=10485760 netdev_max_backlog=100000 \
    >/etc/sysctl.d/60-jitsi-bridges.conf
  sysctl -p /etc/sysctl.d/60-jitsi-bridges.conf || echo 'this kernel does not let its buffers be set'
  # Security upgrades go on, but must not restart a bridge with calls on it.
  mkdir -p /etc/needrestart/conf.d
  echo "\$nrconf{override_rc}{qr(^$unit)} = 0;" >/etc/needrestart/conf.d/jitsi-bridges.conf
  mkdir -p "$dropin"
  # v1's unit has no Restart=: a crashed bridge would stay down.
  cat >"$dropin/jitsi-bridges.conf" <<END
[Unit]
StartLimitIntervalSec=0
[Service]
Restart=on-failure
RestartSec=2
LimitNOFILE=65000
LimitNPROC=65000
TasksMax=65000
Environment=VIDEOBRIDGE_MAX_MEMORY=$(heap_megabytes)m
END
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

stage_secret() { fetch_login 20; }

stage_start() {
  systemctl daemon-reload
  systemctl restart "$unit"
  local end=$((SECONDS + 120)) seen=0
  # Twice in a row: a refused login may look like a connection for a moment.
  while ((seen < 2)); do
    if is_healthy && is_connected; then seen=$((seen + 1)); else seen=0; fi
    if ((SECONDS >= end)); then
      echo 'not healthy or not connected to Prosody after 120 seconds'
      tail -n 10 /var/log/jitsi/jvb.log || true
      return 1
    fi
    sleep 1
  done
}

# Time to capacity is what users feel; a metric that fails is no reason to do without the bridge.
publish_times() { # <seconds in all>
  local name
  for name in "${stages[@]}"; do
    if [[ -e $state/$name ]]; then echo "$name $(<"$state/$name")"; fi
  done |
    jq -cRn --arg fleet "$BRIDGES_FLEET" --argjson total "$1" '
      [inputs | split(" ") | {name: .[0], seconds: (.[1] | tonumber)}] + [{name: "total", seconds: $total}]
      | map({MetricName: "BootSeconds", Unit: "Seconds", Value: .seconds,
             Dimensions: [{Name: "Fleet", Value: $fleet}, {Name: "Stage", Value: .name}]})' >"$state/times"
  measure "file://$state/times" >>"$log" 2>&1 || say 'the times were not published'
}

# A machine that is restarted half way continues where it was. Services know nothing of the
# environment that user data was given.
stay() {
  if [[ -n ${AWS_ENDPOINT_URL:-} ]] && ! grep -q ^AWS_ENDPOINT_URL= "$here/env"; then
    printf "AWS_ENDPOINT_URL='%s'\n" "$AWS_ENDPOINT_URL" >>"$here/env"
  fi
  install -m 644 "$here"/*.service /etc/systemd/system
  systemctl daemon-reload
  systemctl enable jitsi-bridges-boot
}

# From here on the bridge starts with the machine.
settle() {
  systemctl enable "$unit" jitsi-bridges-watchdog
  systemctl start jitsi-bridges-watchdog
  systemctl disable jitsi-bridges-boot
}

# What an instance of the image must find as if it were the first: no notes, no traces of this one.
bake() {
  for name in prerequisites repository install; do stage "$name"; done
  rm -rf /var/lib/jitsi-bridges "$here"
  if command -v cloud-init >>"$log"; then cloud-init clean --logs >>"$log" 2>&1; fi
  say 'baked'
  poweroff
}

trap finish EXIT
mkdir -p "$state"
touch "$log"
chmod 600 "$log"
if [[ -n ${BRIDGES_BAKE:-} ]]; then
  bake
  exit
fi
stay >>"$log" 2>&1
stages=(prerequisites repository install configure registration secret start)
if is_installed && [[ ! -e $state/install ]]; then
  say "$package $BRIDGES_PACKAGE_VERSION is on the image"
  stages=("${stages[@]:3}")
fi
for name in "${stages[@]}"; do stage "$name"; done
settle >>"$log" 2>&1
say "healthy after ${SECONDS}s"
if [[ ! -e $state/times ]]; then publish_times "$SECONDS"; fi

#!/usr/bin/env bash
# Runs a root file system as a machine of its own, with private mounts, processes and network, until
# stdin ends. Nothing outlives it and nothing is written to the root file system. Usage: machine.sh
# ROOTFS ADDRESS Prints "ready" when commands can be run in it: nsenter into the mounts, processes
# and network of the only child of this process, then chroot to /mnt/root.
set -euo pipefail

if [ "${1-}" != --inside ]; then
  exec unshare --net --mount --pid --fork --kill-child --mount-proc "$0" --inside "$@"
fi

rootfs=$2 address=$3
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o "lowerdir=$rootfs,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/root
mount -t proc proc /mnt/root/proc
mount --rbind /dev /mnt/root/dev
mount -t tmpfs tmpfs /mnt/root/run
mkdir -p /mnt/root/run/lock
ip link set lo up
ip address add "$address/32" dev lo
echo ready
cat >/dev/null

#!/usr/bin/env bash
# Runs a root file system as a machine of its own on which containers can run: private mounts,
# processes, network, names, until stdin ends. Nothing outlives it and nothing is written to the
# root file system. Usage: machine.sh ROOTFS ADDRESS SOURCE:TARGET…; the sources can be read in the
# machine at the targets. Prints "ready" when commands can be run in it: nsenter into all
# namespaces, root and folder of the only child of this process. Its root is no chroot: a container
# runtime leaves such a one.
set -euo pipefail

if [ "${1-}" != --inside ]; then
  exec unshare --net --mount --pid --uts --ipc --fork --kill-child --mount-proc "$0" --inside "$@"
fi

rootfs=$2 address=$3
shift 3
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o "lowerdir=$rootfs,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/root
cd /mnt/root
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /sys/fs/cgroup sys/fs/cgroup
mount --rbind /dev dev
for folder in run tmp var/lib/docker; do
  mkdir -p "$folder"
  mount -t tmpfs -o mode=755 tmpfs "$folder"
done
chmod 1777 tmp
mkdir -p run/lock
for bind in "$@"; do
  target=.${bind#*:}
  if [ -d "${bind%%:*}" ]; then mkdir -p "$target"; else mkdir -p "$(dirname "$target")" && : >"$target"; fi
  mount --bind -o ro "${bind%%:*}" "$target"
done
hostname jitsi-meet
ip link set lo up
# What is not the machine's own loopback: containers reach the private address, and a second
# network namespace is a host of the VPC that connects from outside.
ip link add vpc type bridge
ip address add "$address/16" dev vpc
ip link set vpc up
mkdir .host
pivot_root . .host
umount -l /.host
rmdir /.host
echo ready
exec cat >/dev/null

#!/usr/bin/env bash
# Leaves on a host of containers what an operator of docker-jitsi-meet has: the Docker daemon, the
# images, and a project that runs. Runs inside it, as root. Usage: install.sh rootless|classic
# [FOLDER [NAME=VALUE…]], where the rest are lines of the project's .env. Below /opt/local lie:
# node, jitsi-docker (this folder), jitsi-programs (jicofo.js and jvb.js), and for each layout the
# root file system that its images are made of, base-rootless or base-classic.
set -euo pipefail

readonly layout=$1 project=${2:-/root/docker-jitsi-meet} sources=/opt/local/jitsi-docker
readonly settings=("${@:3}")
export HOME=/root DOCKER_BUILDKIT=0 BUILDKIT_PROGRESS=plain

# Its control group can be told from those of another daemon on the machine below, which has said
# its name.
start_daemon() {
  local group=${DOCKER_CGROUP:-/docker}
  [ ! -r /run/control-group ] || group=$(</run/control-group)
  docker info >/dev/null 2>&1 && return
  setsid dockerd --cgroup-parent "$group" >/var/log/dockerd.log 2>&1 </dev/null &
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    ! docker info >/dev/null 2>&1 || return 0
    sleep 0.2
  done
  tail -n 20 /var/log/dockerd.log >&2
  return 1
}

# What only the machines of the embedded cloud need stays behind.
import_base() {
  docker image inspect "base:$layout" >/dev/null 2>&1 ||
    tar -C "/opt/local/base-$layout" --exclude './usr/lib/python3*' --exclude './usr/share/locale' -c . |
    docker import - "base:$layout" >/dev/null
}

build() { # <image> <folder> [Dockerfile]
  docker build -q --build-arg "BASE=base:$layout" -t "stand-in/$1:$layout" -f "$2/${3:-Dockerfile}" "$2" >/dev/null 2>/tmp/build.log ||
    { cat /tmp/build.log >&2 && return 1; }
}

build_images() {
  local context
  context=$(mktemp -d)
  cp -r "$sources"/{prosody,jicofo,jvb,web} "$context"
  mkdir -p "$context/jicofo/usr/share/jicofo" "$context/jvb/usr/share/jitsi-videobridge"
  cp /opt/local/jitsi-programs/jicofo.js "$context/jicofo/usr/share/jicofo/"
  cp /opt/local/jitsi-programs/jvb.js "$context/jvb/usr/share/jitsi-videobridge/"
  build prosody "$context/prosody" "Dockerfile.$layout"
  build jicofo "$context/jicofo"
  build jvb "$context/jvb"
  build web "$context/web"
  rm -rf "$context"
}

write_project() {
  local config=${CONFIG_FOLDER:-/root/.jitsi-meet-cfg}
  mkdir -p "$project" "$config"/{web,jicofo,jvb,prosody/config,prosody/prosody-plugins-custom}
  cp "$sources/projects/$layout/docker-compose.yml" "$project/"
  if [ "$layout" = rootless ]; then install -d -o 1000 -g 1000 "$config/storage/prosody"; fi
  {
    cat "$sources/projects/env"
    printf '%s\n' "CONFIG=$config" "JITSI_IMAGE_VERSION=$layout" "JICOFO_AUTH_PASSWORD=$(openssl rand -hex 16)" \
      "JVB_AUTH_PASSWORD=$(openssl rand -hex 16)" "${settings[@]}"
  } >"$project/.env"
}

compose() { if docker compose version >/dev/null 2>&1; then docker compose "$@"; else docker-compose "$@"; fi; }

start_daemon
import_base
build_images
write_project
cd "$project"
compose up -d >/tmp/compose.log 2>&1 || { cat /tmp/compose.log >&2 && exit 1; }

# shellcheck shell=bash disable=SC2154,SC2034,SC2016
# How Prosody is reached where docker-jitsi-meet runs it (`server.kind: docker`): the functions of
# host-packages.bash, by `docker exec`, whose user is the image's own: any other cannot read its
# folders. Compose itself is not needed. Sourced.

# shellcheck source=prosody-process.bash
. "${BASH_SOURCE[0]%/*}/prosody-process.bash"

readonly shared=/dev/shm/jitsi-bridges.shared

# It must not inherit the lock.
docker() { command docker "$@" 9>&-; }

# Leaves container, project, workdir, compose_files, layout, plugin_folder, config_folder,
# xmpp_port, inspected (JSON without any password), and the names that bridges need in
# BRIDGES_DOMAIN, BRIDGES_AUTH_HOST and BRIDGES_BREWERY.
locate_prosody() {
  require_docker
  find_container
  read_container
  find_folders
  find_names
  unshare_files
}

require_docker() {
  local answer
  if command -v podman >/dev/null && ! command -v docker >/dev/null || [[ $(docker --version 2>/dev/null) == *odman* ]]; then
    fail "podman runs the containers of this server: only Docker is supported for server.kind: docker"
  fi
  command -v docker >/dev/null || fail "server.kind: docker: there is no docker on this server"
  answer=$(docker info --format '{{range .SecurityOptions}}{{.}} {{end}}' 2>&1) ||
    fail "the Docker daemon of this server does not answer: $(tail -n 1 <<<"$answer")"
  [[ $answer != *name=rootless* ]] || fail "Docker runs without root on this server, which hides clients' addresses: only Docker run by root is supported"
}

# Ids of the containers of a service, of all projects or the one that is named in the config.
containers_of() { # <service> [option of docker ps]
  docker ps --no-trunc -q "${@:2}" --filter "label=com.docker.compose.service=$1" --filter label=com.docker.compose.oneoff=False \
    ${project:+--filter "label=com.docker.compose.project=$project"}
}

label_of() { docker inspect -f "{{index .Config.Labels \"com.docker.compose.$2\"}}" "$1"; }

# A failure names what there is: the operator has to choose, or to start it.
find_container() {
  local found=() each projects=() hint="is docker-jitsi-meet here"
  project=${BRIDGES_COMPOSE_PROJECT-}
  mapfile -t found < <(containers_of prosody)
  for each in "${found[@]}"; do projects+=("$(label_of "$each" project)"); done
  case ${#found[@]} in
    1) container=${found[0]} project=${projects[0]} ;;
    0)
      [ -z "$(command -v prosodyctl)" ] || hint="Prosody is installed here as a package, should server.kind be packages"
      mapfile -t found < <(containers_of prosody -a)
      [ "${#found[@]}" = 0 ] || fail "the container of docker-jitsi-meet's Prosody is stopped: start it (docker compose up -d)"
      fail "no container of a service called prosody${project:+ in compose project $project} runs on this server: $hint${project:+, and is server.composeProject right}?"
      ;;
    *) fail "Prosody runs in ${#found[@]} containers (compose projects $(printf '%s\n' "${projects[@]}" | sort -u | paste -sd, | sed 's/,/, /g')): set server.composeProject in the fleet's config to the one that the bridges are for" ;;
  esac
}

# Of the environment only names that say nothing secret.
read_container() {
  inspected=$(docker inspect "$container" | jq '.[0] | {
    pid: .State.Pid, labels: .Config.Labels, mounts: [.Mounts[] | {type: .Type, name: .Name, source: .Source, target: .Destination}],
    ports: .NetworkSettings.Ports, network: .HostConfig.NetworkMode,
    environment: [.Config.Env[] | select(test("^(XMPP_[A-Z_]*DOMAIN|XMPP_PORT|PROSODY_MODE|ENABLE_JVB_XMPP_SERVER)=."))
      | capture("^(?<key>[^=]+)=(?<value>.*)$")] | from_entries
  }') || fail "the container of Prosody cannot be inspected"
  workdir=$(inspected '.labels["com.docker.compose.project.working_dir"] // empty')
  compose_files=$(inspected '.labels["com.docker.compose.project.config_files"] // empty')
  if prosody_exec test -f /run/prosody/config/prosody.cfg.lua; then
    layout=rootless
  elif prosody_exec test -f /config/prosody.cfg.lua; then
    layout=classic
  else
    fail "the container of Prosody has no configuration where docker-jitsi-meet's images have it (/run/prosody/config or /config): is it starting, or another image?"
  fi
}

inspected() { jq -r "$@" <<<"$inspected"; }

# What the container was started with, else what its template says.
setting() { inspected --arg key "$1" --arg default "$2" '.environment[$key] // $default'; }

find_names() {
  local domain mode brewery
  mode=$(setting PROSODY_MODE client)
  [ "$mode" = client ] || fail "the container's PROSODY_MODE is $mode: bridges log in to the Prosody of the mode client"
  domain=$(setting XMPP_DOMAIN meet.jitsi)
  [ -z "${BRIDGES_DOMAIN-}" ] || [ "$BRIDGES_DOMAIN" = "$domain" ] ||
    fail "domain: the fleet's config says $BRIDGES_DOMAIN, but the containers' XMPP_DOMAIN is $domain: set domain to that, or leave it out"
  xmpp_port=$(setting XMPP_PORT 5222)
  [[ $xmpp_port =~ ^[0-9]{1,5}$ ]] || fail "the container's XMPP_PORT is no port: $xmpp_port"
  find_brewery
  BRIDGES_AUTH_HOST=$(setting XMPP_AUTH_DOMAIN auth.meet.jitsi)
  export BRIDGES_AUTH_HOST BRIDGES_DOMAIN=$domain BRIDGES_BREWERY=${brewery,,}
  require_env BRIDGES_DOMAIN "$host_pattern"
  require_env BRIDGES_AUTH_HOST "$host_pattern"
  require_brewery
}

# Leaves in `brewery` what the fleet's config says, else what Jicofo's container was started with:
# it has its own copy of the variables, and its own default. Whether Jicofo sits in that room is
# asked of the running Prosody.
find_brewery() {
  local found=() environment='{}'
  jicofo=
  mapfile -t found < <(containers_of jicofo)
  if [ "${#found[@]}" = 1 ]; then
    jicofo=${found[0]}
    environment=$(docker inspect "$jicofo" | jq '[.[0].Config.Env[]
      | select(test("^(JVB_BREWERY_MUC|XMPP_INTERNAL_MUC_DOMAIN|ENABLE_JVB_XMPP_SERVER)=.")) | capture("^(?<key>[^=]+)=(?<value>.*)$")] | from_entries')
  fi
  case $(jq -r '.ENABLE_JVB_XMPP_SERVER // "0" | ascii_downcase' <<<"$environment") in
    0 | false | no) ;;
    *) fail "ENABLE_JVB_XMPP_SERVER is set: Jicofo looks for bridges on another Prosody than people's, which is not supported" ;;
  esac
  brewery=${BRIDGES_BREWERY:-$(jq -r --arg host "$(setting XMPP_INTERNAL_MUC_DOMAIN internal-muc.meet.jitsi)" \
    '"\(.JVB_BREWERY_MUC // "jvbbrewery")@\(.XMPP_INTERNAL_MUC_DOMAIN // $host)"' <<<"$environment")}
}

# Leaves in `source` the folder on this host that the container sees at a path. An anonymous volume
# goes with the container.
find_source() { # <path in the container>
  local type name
  IFS=$'\t' read -r type name source < <(inspected --arg target "$1" \
    '.mounts[] | select(.target == $target) | [.type, .name // "-", .source] | @tsv') ||
    fail "the container of Prosody has nothing mounted at $1, where docker-jitsi-meet's compose file has a folder: what is put there would be lost"
  [ "$type" != volume ] || ! [[ $name =~ ^[0-9a-f]{64}$ ]] ||
    fail "the container of Prosody has an anonymous volume at $1, which is lost when it is made anew: give it a folder, as docker-jitsi-meet's compose file has it"
}

find_folders() {
  local source
  find_source /prosody-plugins-custom
  plugin_folder=$source
  find_source /config
  config_folder=$source
}

module_folder() { printf '%s\n' "$plugin_folder"; }

prosody_exec() { docker exec -i "$container" "$@"; }

prosody_config() { if [ "$layout" = rootless ]; then echo /run/prosody/config/prosody.cfg.lua; else echo /config/prosody.cfg.lua; fi; }

prosody_lua() {
  # shellcheck disable=SC2016 # expanded in the container
  prosody_exec sh -c 'read -r first <"$(command -v prosodyctl)" && echo "${first##*[ /]}"'
}

# As host-packages.bash does it. The program is started as a user that the image picks.
prosody_console() {
  { cat && printf 'quit\n'; } |
    timeout "$((seconds_for_prosody + 5))" docker exec -i -e 'LUA_INIT=package.preload.readline = function () error("not here") end' \
      "$container" timeout "$seconds_for_prosody" prosodyctl --config "$(prosody_config)" shell --quiet 2>&1 || true
}

console_is_a_shell() { true; }

# That of the container: a shard beside it on this host is another Prosody.
prosody_pid_namespace() {
  local first
  first=$(inspected .pid) && printf '/proc/%s/ns/pid\n' "$first"
}

prosody_source() { echo /usr/lib/prosody; }

cure_of_certificate() {
  echo "the port of its container is not published there, or it cannot read its key: run the prepare document, whose answer says what to do"
}

program_file() { share_file "$home/$1" "$(basename "$1")"; }

start_prosody() { docker start "$container" >&2; }

stop_prosody() { docker stop "$container" >&2; }

restart_prosody() { docker restart "$container" >&2; }

# Connections of clients, as `ss` shows them: this host sees only Docker's own listener.
prosody_sockets() { nsenter -t "$(inspected .pid)" -n ss "$@" "sport = :$xmpp_port"; }

# In memory, and for nobody but Prosody: where root may write there it is not Prosody's user that
# writes.
share_file() {
  # shellcheck disable=SC2016 # expanded in the container
  prosody_exec sh -c '
    umask 077 && mkdir -p "$1" && cat >"$1/$2" || exit
    [ "$(id -u)" != 0 ] || chown -R prosody:prosody "$1"' _ "$shared" "$2" <"$1" || return
  printf '%s/%s\n' "$shared" "$2"
}

unshare_files() { [ -z "${container-}" ] || prosody_exec rm -rf -- "$shared" </dev/null; }

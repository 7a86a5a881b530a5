# shellcheck shell=bash disable=SC2154,SC2034,SC2016
# The port that bridges and the collector reach Prosody at. Compose publishes none; only a
# container that is made anew can have it, so this is the operator's to do: one file beside theirs,
# and one command. Sourced by prepare-docker.sh.

readonly published_port=5222

override_text() {
  printf '%s\n' "# Jitsi Bridge Autoscaler: bridges and the collector reach Prosody at the private address of this host."
  # One version for all files, where the first Compose asks for one.
  [ -z "$compose_version" ] || printf '%s\n\n' "version: $compose_version"
  printf '%s\n' services: '    prosody:' '        ports:' "            - '$BRIDGES_SERVER_ADDRESS:$published_port:\${XMPP_PORT:-5222}'"
}

# Compose reads an override of this name by itself, unless it is told which files to read; a file
# of the operator's own of that name stays, and then ours goes with a list of all.
find_override() {
  local first name files=() file
  IFS=, read -r -a files <<<"$compose_files"
  for name in "${!files[@]}"; do [[ ${files[name]} == /* ]] || files[name]=$workdir/${files[name]}; done
  first=${files[0]-}
  case $(basename "${first:-none}") in
    docker-compose.yml | docker-compose.yaml) name=docker-compose.override.yml ;;
    compose.yml | compose.yaml) name=compose.override.yml ;;
    *) name= ;;
  esac
  compose_version=
  [ ! -r "$first" ] || compose_version=$(sed -n "s/^version:[[:space:]]*//p" "$first" | tr -d '\r' | tail -n 1)
  if [ -n "$name" ] && only_ours "$name" "${files[@]}"; then
    override=$workdir/$name
    publish_command="cd $workdir && $(compose_program) up -d prosody"
  else
    override=$workdir/docker-compose.jitsi-bridges.yml
    publish_command="cd $workdir && $(compose_program)"
    for file in "${files[@]}"; do [ "$file" = "$override" ] || publish_command+=" -f $file"; done
    publish_command+=" -f $override up -d prosody"
  fi
}

# Whether Compose was not given a list, and no override is there but the one that we have written.
only_ours() { # <our name> <the files that Compose read…>
  local name=$1 file other
  shift
  [[ $(dirname "$1") == "$workdir" ]] || return 1
  for file in "${@:2}"; do
    [ -e "$file" ] || continue
    [ "$file" = "$workdir/$name" ] && [ "$(basename "$file")" = "$name" ] && written_by_us "$file" || return 1
  done
  for other in "$workdir"/{docker-compose,compose}.override.y{a,}ml; do
    [ ! -e "$other" ] || written_by_us "$other" || return 1
  done
}

written_by_us() { [ -f "$1" ] && grep -qsxF "file $1 $(digest_of "$1")" "$ledger"; }

# As the operator calls it: the first one is a program of its own.
compose_program() { if docker compose version >/dev/null 2>&1; then echo 'docker compose'; else echo docker-compose; fi; }

# In two steps, as shown_certificate does it.
own_certificate() {
  prosody_exec cat "$(dirname "$(prosody_config)")/certs/$BRIDGES_AUTH_HOST.crt" </dev/null >"$work/own" || return
  openssl x509 -in "$work/own" 2>/dev/null
}

# Leaves in `published` yes, or no when nobody listens there for this container.
find_published() {
  local bound served
  bound=$(inspected --arg port "$xmpp_port/tcp" --arg host "$published_port" '(.ports[$port] // [])[] | select(.HostPort == $host) | .HostIp')
  if [ "$(inspected .network)" != host ]; then
    published=no
    grep -qxF -e "$BRIDGES_SERVER_ADDRESS" -e 0.0.0.0 <<<"$bound" || return 0
    ! grep -qxF 0.0.0.0 <<<"$bound" ||
      log "port $published_port is published on every address of this host: only its security group keeps the world out"
  fi
  served=$(shown_certificate "$BRIDGES_SERVER_ADDRESS:$published_port") ||
    fail "port $published_port of $BRIDGES_SERVER_ADDRESS leads to the container of Prosody, which shows no certificate for $BRIDGES_AUTH_HOST: can it read its key ($(dirname "$(prosody_config)")/certs/$BRIDGES_AUTH_HOST.key)? See docker logs"
  [ "$served" = "$(own_certificate)" ] ||
    fail "another Prosody than that of compose project $project answers at $BRIDGES_SERVER_ADDRESS:$published_port: only one project of a host can have that port"
  published=yes
}

# Only a file that we wrote is written anew.
write_override() {
  [ -d "$workdir" ] ||
    fail "the compose project has no folder on this server (${workdir:-its label is missing}): write the file by hand where its compose file is"
  [ ! -e "$override" ] || written_by_us "$override" || fail "$override is there already, and not by us: take the lines into it by hand"
  mkdir -p "$work/stage$workdir"
  override_text >"$work/stage$override"
  cmp -s "$override" "$work/stage$override" && return
  place_docker_file "$override"
  changed+=("$override")
}

show_override() {
  log "bridges cannot reach Prosody yet: its port is not published on $BRIDGES_SERVER_ADDRESS"
  log "$1 $override:"
  override_text >&2
  log "then, at a time of your choosing, since meetings are interrupted once: $publish_command"
}

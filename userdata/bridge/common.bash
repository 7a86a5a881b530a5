# shellcheck shell=bash
# What the programs of a bridge share; sourced by boot.sh, bridge.sh and watchdog.sh, which lie
# beside it.
: "${here:=/opt/jitsi-bridges}"
# cloud-init sets no HOME, and snaps are not in every PATH.
export HOME=${HOME:-/root} PATH=$PATH:/snap/bin

if [[ -z ${BRIDGES_GENERATION:-} ]]; then
  set -a
  # shellcheck source=/dev/null
  . "$here/env"
  set +a
fi

etc=/etc/jitsi/videobridge
imds=${BRIDGES_IMDS_URL:-http://169.254.169.254/latest}
rest=${BRIDGES_REST_URL:-http://127.0.0.1:8080}

# Names of package and service, and what a login needs, differ by generation.
case $BRIDGES_GENERATION in
  component) . "$here/component.bash" ;;
  muc) . "$here/muc.bash" ;;
  *)
    echo "no such generation: $BRIDGES_GENERATION" >&2
    exit 2
    ;;
esac

retry() { # <tries> <command…>, 3 seconds apart
  local tries=$1
  shift
  until "$@"; do
    ((--tries > 0)) || return 1
    sleep 3
  done
}

metadata() { # <path below latest/meta-data>; fails where there is none
  local token
  token=$(curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$imds/api/token") || return
  curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" "$imds/meta-data/$1"
}

cloud() { # <service and what to ask of it…>
  AWS_MAX_ATTEMPTS=2 aws ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} \
    --region "$BRIDGES_REGION" --cli-connect-timeout 5 --cli-read-timeout 15 "$@"
}

parameter() { # <name below the fleet's path>: its value
  cloud ssm get-parameter --with-decryption --name "$BRIDGES_PARAMETERS/$1" \
    --query Parameter.Value --output text
}

# The secret goes from the process that fetches it through pipes into the file: it is on no command
# line and in no log. It is the last that changes.
fetch_login() { # <tries>
  local id secret
  fetch_trust "$1" || return
  id=$(retry "$1" metadata instance-id) || return
  secret=$(retry "$1" parameter "bridges/$id/secret") || return
  if ! [[ $secret =~ ^[A-Za-z0-9]{32,}$ ]]; then
    echo 'the secret is not 32 or more letters and digits'
    return 1
  fi
  printf '%s\n' "$secret" | put_secret
}

set_keys() { # <file>: KEY=VALUE lines on stdin replace the file's; its other lines stay as they are
  local text
  text=$(awk -F= '
    NR == FNR { if ($1 != "") { line[$1] = $0; key[++n] = $1 } next }
    !($1 in line) { print; next }
    !seen[$1]++ { print line[$1] }
    END { for (i = 1; i <= n; i++) if (!seen[key[i]]++) print line[key[i]] }' - "$1") || return
  printf '%s\n' "$text" | replace "$1"
}

replace() { # <file>: with stdin, at once, and readable for the bridge only
  local new
  new=$(mktemp "$1.XXXXXX") || return
  cat >"$new" || return
  chown jvb:jitsi "$new"
  chmod 640 "$new"
  mv "$new" "$1"
}

stats() { curl -sf -m 5 "$rest/colibri/stats"; }

is_healthy() { curl -sf -m 5 -o /dev/null "$rest/about/health"; }

measure() { # <JSON list of metric data>; the bridge's role may write to this namespace only
  cloud cloudwatch put-metric-data --namespace "$BRIDGES_HOST_NAMESPACE" --metric-data "$1"
}

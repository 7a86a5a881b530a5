#!/bin/bash
# Gives a machine Jitsi's packages as an operator's server has them: bridge and focus for one
# domain, from one repository, installed but not started. install.sh <repository url> <key
# fingerprint> <domain> <package>=<version>…
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

url=$1 fingerprint=$2 domain=$3
packages=("${@:4}")
list=/etc/apt/sources.list.d/jitsi-stable.list
keyring=/etc/apt/keyrings/jitsi-stable.gpg
policy=/usr/sbin/policy-rc.d

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
curl -fsS -m 30 -o "$home/key" "$url/jitsi-key.gpg.key"
gpg --homedir "$home" --batch --quiet --import "$home/key"
mkdir -p "${keyring%/*}"
gpg --homedir "$home" --batch --yes --output "$keyring" --export "$fingerprint"
echo "deb [signed-by=$keyring] $url stable/" >"$list"
apt-get -q update -o Dir::Etc::sourcelist="$list" -o Dir::Etc::sourceparts=- \
  -o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any

debconf-set-selections <<END
jitsi-videobridge jitsi-videobridge/jvb-hostname string $domain
jitsi-videobridge2 jitsi-videobridge/jvb-hostname string $domain
jicofo jitsi-videobridge/jvb-hostname string $domain
jicofo jicofo/jicofo-authuser string focus
END
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -rf "$home" "$policy"' EXIT
fi
apt-get -q -y install "${packages[@]}"
apt-mark hold "${packages[@]%%=*}"

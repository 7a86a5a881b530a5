# shellcheck shell=bash
# The names of this file and of those that source it are one set.
# shellcheck disable=SC2034,SC2154
# Boot stages that bring the bridge's software onto the machine; sourced by boot.sh. None of them
# knows which bridge this will be: on a prebaked image they find their work done.

# The image's own upgrades at first boot may hold dpkg's lock for minutes. For that of the package
# lists apt does not wait by itself: hence the many tries of `apt update`.
apt() { apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"; }

is_installed() {
  local tool
  for tool in curl jq gpg ss aws; do command -v "$tool" >/dev/null || return 1; done
  has_agent || return 1
  # shellcheck disable=SC2016
  [[ $(dpkg-query -W -f '${Version} ${Status}' "$package" 2>/dev/null) == \
    "$BRIDGES_PACKAGE_VERSION hold ok installed" ]]
}

# Ubuntu's images have it as a snap, Debian's have none.
has_agent() { [[ -e /usr/bin/amazon-ssm-agent || -d /snap/amazon-ssm-agent ]]; }

# Without it nobody can ask a bridge to drain, or whether it has calls. The key that signs the
# package changes every other year, so one kept here would some day stop every boot: what proves the
# package is TLS to AWS's bucket of this region.
install_agent() {
  local source package name
  source=${BRIDGES_AGENT_URL:-https://s3.$BRIDGES_REGION.amazonaws.com$([[ $BRIDGES_REGION != cn-* ]] || echo .cn)}
  name=amazon-ssm-$BRIDGES_REGION/latest/debian_$(dpkg --print-architecture)/amazon-ssm-agent.deb
  package=$(mktemp --suffix=.deb)
  if ! retry 10 curl -fsSL -m 120 -o "$package" "$source/$name"; then
    echo "the image has no SSM agent, and there is none at $source/$name"
    return 1
  fi
  chmod 644 "$package"
  apt install --no-install-recommends "$package"
  rm "$package"
  systemctl enable amazon-ssm-agent
  systemctl restart amazon-ssm-agent
}

stage_prerequisites() {
  local missing=() pair
  for pair in curl:curl jq:jq gpg:gnupg ss:iproute2 openssl:openssl; do
    command -v "${pair%:*}" || missing+=("${pair#*:}")
  done
  if ((${#missing[@]})) || ! command -v aws; then
    retry 60 apt update
    apt install --no-install-recommends ca-certificates "${missing[@]}"
  fi
  # Ubuntu 24.04 has it as a snap only.
  command -v aws || apt install --no-install-recommends awscli || snap install aws-cli --classic
  has_agent || install_agent
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

# Installed but not started, now or after a reboot: it has neither secret nor right to publish yet,
# and a bridge that is refused once goes silent.
stage_install() {
  local policy=/usr/sbin/policy-rc.d wanted=$package=$BRIDGES_PACKAGE_VERSION
  echo "$package jitsi-videobridge/jvb-hostname string $BRIDGES_DOMAIN" | debconf-set-selections
  # The next version's installer would change the bridge's configuration.
  printf 'Package: %s\nPin: version %s\nPin-Priority: 1001\n' "$package" "$BRIDGES_PACKAGE_VERSION" \
    >/etc/apt/preferences.d/jitsi-bridges
  if [[ -e $policy && ! -e $state/policy-rc.d ]]; then mv "$policy" "$state/policy-rc.d"; fi
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  # A first try with the package lists of the image; stale or absent ones are fetched.
  if ! apt install --allow-change-held-packages --allow-downgrades "$wanted"; then
    retry 60 apt update
    apt install --allow-change-held-packages --allow-downgrades "$wanted"
  fi
  rm "$policy"
  if [[ -e $state/policy-rc.d ]]; then mv "$state/policy-rc.d" "$policy"; fi
  systemctl disable "$unit"
  apt-mark hold "$package"
}

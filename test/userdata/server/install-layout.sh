#!/usr/bin/env bash
# Makes this machine a Server A as Jitsi Meet's packages of a time leave it. Reads that folder of
# the fixtures as a tar archive on stdin. Runs inside the machine, as root; Debian's prosody is
# installed.
set -euo pipefail

readonly domain=meet.test site=/etc/prosody/conf.avail/meet.test.cfg.lua

make_certificate() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=$1" -addext "subjectAltName=DNS:$1" \
    -keyout "/etc/prosody/certs/$1.key" -out "/etc/prosody/certs/$1.crt" 2>/dev/null
  chgrp prosody "/etc/prosody/certs/$1.key" "/etc/prosody/certs/$1.crt"
  chmod 640 "/etc/prosody/certs/$1.key"
}

# Jitsi's own modules are not here: empty ones stand in their place, so that Prosody finds all that
# is enabled.
make_plugins() {
  local plugins=/usr/share/jitsi-meet/prosody-plugins name
  mkdir -p "$plugins"
  for name in speakerstats turncredentials conference_duration muc_meeting_id muc_domain_mapper speakerstats_component \
    conference_duration_component muc_lobby_rooms av_moderation av_moderation_component polls client_proxy muc_hide_all \
    muc_rate_limit features_identity muc_breakout_rooms room_metadata end_conference; do
    : >"$plugins/mod_$name.lua"
  done
  cat >"$plugins/mod_auth_jitsi-anonymous.lua" <<'LUA'
local new_sasl = require "util.sasl".new;
local function anyone() return true; end
local function nobody() return nil, "there are no accounts here"; end
module:provides("auth", {
	get_sasl_handler = function () return new_sasl(module.host, { anonymous = anyone }); end;
	user_exists = nobody, test_password = nobody, get_password = nobody, set_password = nobody, create_user = nobody,
	users = function () return next, {}, nil; end;
});
LUA
}

# As if the packages were installed.
note_packages() {
  local name version
  while read -r name version; do
    printf '\nPackage: %s\nStatus: install ok installed\nMaintainer: x\nArchitecture: all\nVersion: %s\nDescription: x\n' \
      "$name" "$version" >>/var/lib/dpkg/status
  done </packages
}

tar -x -C / --no-same-owner
chmod 640 "$site" /etc/jitsi/*/*
chgrp prosody "$site"
ln -s "$site" "/etc/prosody/conf.d/$domain.cfg.lua"
make_certificate "$domain"
make_certificate "auth.$domain"
make_plugins
note_packages
prosodyctl register focus "auth.$domain" 'a-password-of-Jicofo' >/dev/null
prosodyctl register jvb "auth.$domain" 'a-password-of-the-default-bridge' >/dev/null

/**
 * Something that people do to a Jitsi Meet server, as a command that does it to a freshly
 * installed one of today.
 */
export interface Oddity {
  readonly name: string;
  readonly command: string;
}

/** One that prepare must refuse. */
export interface Refusal extends Oddity {
  /** What its sentence names. */
  readonly refused: RegExp;
}

const main = '/etc/prosody/prosody.cfg.lua';
const site = '/etc/prosody/conf.avail/meet.test.cfg.lua';
const link = '/etc/prosody/conf.d/meet.test.cfg.lua';
const jicofo = '/etc/jitsi/jicofo';

/** Where the site's file is, and how it is reached: one of these at a time. */
export const layouts: readonly Oddity[] = [
  { name: 'as the packages have it', command: ':' },
  { name: 'an absolute Include', command: `sed -i 's#"conf.d/#"/etc/prosody/conf.d/#' ${main}` },
  {
    name: 'everything in one file',
    command: `rm ${link}; sed -i '/^Include "conf.d/d; /^VirtualHost "localhost"/d' ${main}; cat ${site} >>${main}; rm ${site}`,
  },
  {
    name: 'a folder of their own',
    command: `mkdir /etc/prosody/sites; mv ${site} /etc/prosody/sites/meet.lua; rm ${link}
      sed -i 's#^Include "conf.d/.*#Include "sites/*.lua"#' ${main}; chgrp -R prosody /etc/prosody/sites`,
  },
  {
    name: 'one file by its name, outside of /etc/prosody',
    command: `mkdir /srv/xmpp; mv ${site} /srv/xmpp/site; rm ${link}; chgrp -R prosody /srv/xmpp
      sed -i 's#^Include "conf.d/.*#Include "/srv/xmpp/site"#' ${main}`,
  },
  {
    name: 'an Include half way through',
    command: `sed -i '/^Include "conf.d/d' ${main}; sed -i '/^plugin_paths/a Include "conf.d/*.cfg.lua"' ${main}`,
  },
  { name: 'a relative link', command: `ln -sfn ../conf.avail/meet.test.cfg.lua ${link}` },
];

/**
 * Everything else: any of them together, on any layout. `FILE` stands for the file that has the
 * site.
 */
export const oddities: readonly Oddity[] = [
  { name: 'CRLF in the main file', command: `sed -i 's/$/\\r/' ${main}` },
  { name: 'CRLF in the site', command: `sed -i 's/$/\\r/' FILE` },
  { name: 'umlauts', command: `sed -i '1i -- für Jörgs Treffen 会議' FILE ${main}` },
  {
    name: 'a section in a block comment',
    command: `sed -i '1i --[[\\nVirtualHost "meet.test"\\nComponent "internal.auth.meet.test" "muc"\\n]]' FILE`,
  },
  {
    name: 'capitals in the host',
    command: `sed -i 's/VirtualHost "meet.test"/VirtualHost "Meet.Test"/' FILE`,
  },
  {
    name: 'a section that is opened again',
    command: `printf '\\nVirtualHost "auth.meet.test"\\n  admins = { "focus@auth.meet.test" }\\n' >>FILE`,
  },
  {
    name: 'sections as tables',
    command: `printf '\\nComponent "internal.auth.meet.test" "muc" { muc_max_occupants = 500 }\\n' >>FILE`,
  },
  {
    name: 'no authentication set for accounts',
    command: `sed -i 's/^ *authentication = "internal_hashed".*//' FILE ${main}`,
  },
  {
    name: 'clients heard on loopback only',
    command: `sed -i '1i c2s_interfaces = { "127.0.0.1" }' ${main}`,
  },
  {
    name: 'another setting for the same',
    command: `sed -i '1i interfaces = { "127.0.0.1", "::1" }' ${main}`,
  },
  { name: 'more ports for clients', command: `sed -i '1i c2s_ports = { 5222, 5223 }' ${main}` },
  {
    name: 'rooms for admins only',
    command: `printf '\\nComponent "internal.auth.meet.test" "muc"\\n  restrict_room_creation = true\\n' >>FILE`,
  },
  {
    name: 'rooms that are locked, moderated, for members, and hide addresses',
    command: `printf '\\nComponent "internal.auth.meet.test" "muc"\\n  muc_room_locking = true\\n  muc_room_default_moderated = true\\n  muc_room_default_members_only = true\\n  muc_room_default_public_jids = false\\n' >>FILE`,
  },
  {
    name: 'values that are computed',
    command: `printf '\\nlocal rooms = "muc"\\nComponent("internal.auth." .. "meet.test")(rooms)\\n' >>FILE`,
  },
  {
    name: "Jicofo's room in one line",
    command: `echo 'jicofo.bridge.brewery-jid=jvbbrewery"@internal.auth.meet.test"' >>${jicofo}/jicofo.conf`,
  },
  {
    name: "Jicofo's room by a substitution in an included file",
    command: `echo 'room = JvbBrewery' >${jicofo}/more.conf
      printf '\\ninclude "more.conf"\\njicofo.bridge { brewery-jid = \${room}"@internal.auth.meet.test" }\\n' >>${jicofo}/jicofo.conf`,
  },
  {
    name: 'an Include in an included file, which opens a section again',
    command: `printf 'Component "internal.auth.meet.test" "muc"\n  muc_max_occupants = 700\n' >/etc/prosody/more.lua
      chgrp prosody /etc/prosody/more.lua; printf '\nInclude "/etc/prosody/more.lua"\n' >>FILE`,
  },
  {
    name: 'an option that the environment of Prosody gives',
    command: `printf '\nif ENV_NOT_SET then error "it is set"; end\n' >>FILE`,
  },
  // What follows changes the ends of files, and comes last where all are taken.
  { name: 'no newline at the end of the main file', command: `sed -zi 's/\\n$//' ${main}` },
  { name: 'no newline at the end of the site', command: `sed -zi 's/\\n$//' FILE` },
];

/** Alone, on the layout of the packages. */
export const refusals: readonly Refusal[] = [
  {
    name: 'a room that is left over in the old configuration',
    command: `printf '\\norg.jitsi.jicofo.BRIDGE_MUC = old@internal.auth.meet.test\\n' >>${jicofo}/sip-communicator.properties`,
    refused: /sip-communicator.properties:\d+: Jicofo looks for bridges in old@/,
  },
  {
    name: 'bridges on another Prosody',
    command: `printf '\\njicofo { bridge.xmpp-connection-name = Service, xmpp.service { hostname = 203.0.113.9 } }\\n' >>${jicofo}/jicofo.conf`,
    refused: /jicofo.conf:\d+: .*another Prosody \(203.0.113.9:6222\)/,
  },
  {
    name: 'a console that is switched off',
    command: `printf '\\nmodules_disabled = { "admin_shell", "admin_telnet" }\\n' >/tmp/line; sed -i '1r /tmp/line' ${main}
      sed -i '/^modules_disabled = {$/,/^}/d' ${main}`,
    refused: /prosody.cfg.lua:\d+: modules_disabled has "admin_/,
  },
  {
    name: 'accounts kept elsewhere',
    command: `printf '\\nVirtualHost "auth.meet.test"\\n  authentication = "ldap2"\\n' >>FILE`,
    refused: /:\d+: auth.meet.test does not keep its accounts itself/,
  },
  {
    name: 'another fleet with its accounts here',
    command: `printf '\\nComponent "other.jitsi-bridges.invalid" "jitsi_bridges_loader" { jitsi_bridges_fleet = "other", jitsi_bridges_accounts = "auth.meet.test" }\\n' >>FILE`,
    refused: /:\d+: the fleet "other" has its accounts on auth.meet.test already/,
  },
  {
    name: 'a certificate that does not bear the name that bridges dial',
    command: `cp /etc/prosody/certs/meet.test.crt /etc/prosody/certs/auth.meet.test.crt; cp /etc/prosody/certs/meet.test.key /etc/prosody/certs/auth.meet.test.key
      systemctl restart prosody; timeout 30 sh -c 'until ss -ltnH sport = 5222 | grep -q LISTEN; do sleep 0.1; done'`,
    refused: /certificate that Prosody shows for auth.meet.test does not bear that name \(.*:\d+\)/,
  },
  {
    name: "an include that only Jicofo's own library can follow",
    command: `printf '\ninclude classpath("room.conf")\n' >>${jicofo}/jicofo.conf`,
    refused:
      /cannot tell which room .*jicofo.conf:\d+: an include that only Jicofo itself can follow/,
  },
  {
    name: 'a host of accounts that is switched off',
    command: `printf '\nVirtualHost "auth.meet.test"\n  enabled = false\n' >>FILE`,
    refused: /:\d+: VirtualHost "auth.meet.test" is switched off/,
  },
  {
    name: 'a component without rooms',
    command: `sed -i 's/^Component "internal.auth.meet.test" "muc"/Component "internal.auth.meet.test" "http_upload"/' FILE`,
    refused: /:\d+: internal.auth.meet.test is not a component with rooms/,
  },
  {
    name: 'a domain that is not here',
    command: `sed -i 's/VirtualHost "meet.test"/VirtualHost "other.test"/' FILE`,
    refused: /no VirtualHost "meet.test" \(.*prosody.cfg.lua and what it includes\)/,
  },
  {
    name: 'a block of ours without its end',
    command: `printf -- '-- jitsi-bridges begin\n' >>FILE`,
    refused: /: a line "jitsi-bridges begin" without its end/,
  },
  {
    name: 'a file that does not load',
    command: `printf 'broken = {\n' >>FILE`,
    refused: /configuration does not load: .*:\d+: /,
  },
];

-- Guards, on the MUC component that Jicofo finds bridges on, their one room. Jicofo believes any occupant that shows
-- statistics, and the server's guests can reach every component: without this one of them can be a bridge, or take a
-- bridge's nickname before it boots. Other rooms stay as they are. Runs on Prosody 0.11 to 13.
--
-- Options, on the component:
--   jitsi_bridges_brewery    the room, "<name>@<this component>"
--   jitsi_bridges_accounts   host of the accounts that may enter it; besides them only `admins` may
--   jitsi_bridges_collector  name of the collector's account there

local jid = require "util.jid";
local st = require "util.stanza";

local brewery = jid.prep(module:get_option_string("jitsi_bridges_brewery", ""));
local accounts = module:get_option_string("jitsi_bridges_accounts", "");
local collector = module:get_option_string("jitsi_bridges_collector", "");

local function is_bridge(name)
	return name and name:match("^jvb%-%x+$") and #name >= 12 and #name <= 21;
end

local function may_enter(from)
	local _, host = jid.split(from);
	return host == accounts or module:get_option_set("admins", {}):contains(jid.bare(from));
end

-- A bridge's account and its nickname have the same name: who has either must have both.
local function may_be_called(nickname, from)
	local user, host = jid.split(from);
	local account = host == accounts and user or nil;
	return nickname == account or not (is_bridge(nickname) or is_bridge(account));
end

-- All that a room can be told by its bare address is for its owner or its occupants, whom it tells apart by itself;
-- this is what makes an occupant, changes a nickname and shows statistics.
local function guard(event)
	local origin, stanza = event.origin, event.stanza;
	local from, kind = stanza.attr.from, stanza.attr.type;
	local nickname = select(3, jid.split(stanza.attr.to));
	if kind ~= nil or jid.bare(stanza.attr.to) ~= brewery then return; end
	if may_enter(from) and may_be_called(nickname, from) then return; end
	module:log("warn", "Kept %s out of the bridges' room as %s", from, nickname);
	origin.send(st.error_reply(stanza, "auth", "forbidden", "This room is for bridges"));
	return true;
end

module:hook("presence/full", guard, 10);

-- mod_limits slows every client down to 10 kB/s or so; Jitsi's configuration excepts the default bridge's account, by
-- name. Who has a bridge's account comes from us.
local function lift_limit(event)
	local session = event.session;
	if not (is_bridge(session.username) or session.username == collector) then return; end
	if session.conn and session.conn.setlimit then session.conn:setlimit(0); end
	session.throttle = nil;
end

local function hook_accounts(host)
	if host == accounts then module:context(host):hook("authentication-success", lift_limit); end
end

-- Prosody activates hosts in any order, and again when they are added later.
if rawget(prosody.hosts, accounts) then hook_accounts(accounts); end
module:hook_global("host-activated", hook_accounts);

-- Those who came before us: first they lose what rights they have (who is first in a room owns it), then their seat.
function module.load()
	local muc = prosody.hosts[module.host].modules.muc;
	local room = muc and muc.get_room_from_jid and muc.get_room_from_jid(brewery);
	if not room then return; end
	local outsiders, seats = {}, {};
	for address in room:each_affiliation() do
		if not may_enter(address) then outsiders[#outsiders + 1] = address; end
	end
	for _, occupant in room:each_occupant() do
		local nickname = select(3, jid.split(occupant.nick));
		if not may_enter(occupant.bare_jid) or not may_be_called(nickname, occupant.bare_jid) then
			seats[#seats + 1] = occupant.nick;
		end
	end
	for _, address in ipairs(outsiders) do room:set_affiliation(true, address, nil); end
	for _, seat in ipairs(seats) do
		room:set_role(true, seat, nil, "This room is for bridges");
		module:log("warn", "Sent %s out of the bridges' room", seat);
	end
end

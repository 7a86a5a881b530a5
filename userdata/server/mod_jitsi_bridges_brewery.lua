-- Guards, on the MUC component that Jicofo finds bridges on, their one room. Jicofo believes any
-- occupant that shows statistics, and the server's guests can reach every component: without this
-- one of them can be a bridge, or take a bridge's nickname before it boots. Other rooms stay as
-- they are. Runs on Prosody 0.11 to 13.
--
-- Options, in the section of mod_jitsi_bridges_loader:
--   jitsi_bridges_brewery    the room, "<name>@<this component>"
--   jitsi_bridges_accounts   host of the accounts that may enter it; besides them only `admins` of
--   the component may
--   jitsi_bridges_collector  name of the collector's account there

-- Prosody 13 keeps a second, empty copy of a core module that is asked for by its old name.
local function core(name)
	local found, manager = pcall(require, "prosody.core." .. name);
	return found and manager or require("core." .. name);
end

local configmanager = core "configmanager";
local jid = require "util.jid";
local st = require "util.stanza";
local timer = require "util.timer";

local before_all_others = 3000;
local brewery, accounts, collector;

-- Where the section is gone from the configuration, what held goes on to hold.
local function read_options()
	for _, options in pairs(configmanager.getconfig()) do
		if rawget(options, "component_module") == "jitsi_bridges_loader" and rawget(options, "jitsi_bridges_host") == module.host then
			brewery = jid.prep(rawget(options, "jitsi_bridges_brewery"));
			accounts = rawget(options, "jitsi_bridges_accounts");
			collector = rawget(options, "jitsi_bridges_collector");
		end
	end
	return brewery ~= nil and accounts ~= nil;
end

-- Who may do what
-- ------------------------------------------------------------------------------------------------

local function is_bridge(name)
	return name ~= nil and name:match("^jvb%-%x+$") ~= nil and #name >= 12 and #name <= 21;
end

-- Name of the bridge whose account this is, whatever its session.
local function bridge_of(address)
	local user, host = jid.split(address);
	return host == accounts and is_bridge(user) and user or nil;
end

local function may_enter(from)
	local _, host = jid.split(from);
	return host == accounts or module:get_option_set("admins", {}):contains(jid.bare(from));
end

-- A bridge's account and its nickname have the same name: who has either must have both.
local function may_be_called(nickname, from)
	return nickname == bridge_of(from) or not (is_bridge(nickname) or bridge_of(from));
end

-- The room
-- ------------------------------------------------------------------------------------------------

-- Jicofo and the collector must see whose nicknames they are, and no default of the component may
-- keep a bridge out.
local function tidy(room)
	room:set_whois("anyone");
	room:set_hidden(true);
	room:set_members_only(false);
	room:set_moderated(false);
	room:set_password("");
	room._data.locked = nil; -- of the bridge that came first and configures nothing
end

-- First they lose what rights they have (who is first in a room owns it), then their seat.
local function send_out_strangers(room)
	local rights, seats = {}, {};
	for address in room:each_affiliation() do
		if not may_enter(address) or bridge_of(address) then rights[#rights + 1] = address; end
	end
	for _, occupant in room:each_occupant() do
		local nickname = select(3, jid.split(occupant.nick));
		if not may_enter(occupant.bare_jid) or not may_be_called(nickname, occupant.bare_jid) then
			seats[#seats + 1] = occupant.nick;
		end
	end
	for _, address in ipairs(rights) do room:set_affiliation(true, address, nil); end
	for _, seat in ipairs(seats) do
		room:set_role(true, seat, nil, "This room is for bridges");
		module:log("warn", "Sent %s out of the bridges' room", seat);
	end
end

local function muc() return prosody.hosts[module.host].modules.muc; end

-- Where only admins may make rooms, a bridge that comes before Jicofo could not enter, and does
-- not try again.
local function hold_room()
	if not muc() then return; end
	local room = muc().get_room_from_jid(brewery) or muc().create_room(brewery);
	if not room then return module:log("error", "Cannot make the bridges' room %s", brewery); end
	tidy(room);
	send_out_strangers(room);
end

local function is_brewery(event) return event.room.jid == brewery; end

module:hook("muc-room-created", function (event)
	if is_brewery(event) then tidy(event.room); end
end);

module:hook("muc-room-destroyed", function (event)
	if is_brewery(event) then timer.add_task(0, hold_room); end
end, -100);

module:hook("muc-set-affiliation", function (event)
	if is_brewery(event) and bridge_of(event.jid) and event.affiliation ~= "none" then
		event.room:set_affiliation(true, event.jid, nil);
	end
end);

-- What reaches it
-- ------------------------------------------------------------------------------------------------

local function reject(event, why)
	local origin, stanza = event.origin, event.stanza;
	local kind = stanza.attr.type;
	if kind ~= "error" and kind ~= "result" and kind ~= "unavailable" then
		origin.send(st.error_reply(stanza, "auth", "forbidden", why));
	end
	return true;
end

-- Nothing of a stranger's reaches the room or anybody in it, and nothing about it reaches a
-- stranger.
local function keep_out(event)
	local stanza = event.stanza;
	if jid.bare(stanza.attr.to) ~= brewery or may_enter(stanza.attr.from) then return; end
	module:log(stanza.name == "presence" and "warn" or "debug", "Kept %s out of the bridges' room", stanza.attr.from);
	return reject(event, "This room is for bridges");
end

for _, name in ipairs { "presence", "message", "iq" } do
	module:hook(name .. "/full", keep_out, before_all_others);
	module:hook(name .. "/bare", keep_out, before_all_others);
end

-- Makes an occupant, changes a nickname, shows statistics.
module:hook("presence/full", function (event)
	local to, from = event.stanza.attr.to, event.stanza.attr.from;
	local nickname = select(3, jid.split(to));
	if event.stanza.attr.type ~= nil or jid.bare(to) ~= brewery or may_be_called(nickname, from) then return; end
	module:log("warn", "Kept %s out of the bridges' room as %s", from, nickname);
	return reject(event, "This nickname is for the account of the same name");
end, before_all_others - 1);

module:hook("iq-get/host/http://jabber.org/protocol/disco#items:query", function (event)
	if not may_enter(event.stanza.attr.from) then return reject(event, "These rooms are not listed"); end
end, before_all_others);

-- Their sessions
-- ------------------------------------------------------------------------------------------------

-- mod_limits slows every client down to 10 kB/s or so; Jitsi's configuration excepts the default
-- bridge's account, by name. Who has a bridge's account comes from us.
local function lift_limit(event)
	local session = event.session;
	if not (is_bridge(session.username) or session.username == collector) then return; end
	if session.conn and session.conn.setlimit then session.conn:setlimit(0); end
	session.throttle = nil;
end

-- A bridge that crashed and is back while its dead session still holds its seat would leave people
-- without media for as long as stream management waits: Jicofo learns of the crash only when that
-- session ends.
local function end_older_sessions(event)
	local session = event.session;
	if not is_bridge(session.username) then return; end
	local all, older = prosody.hosts[session.host].sessions[session.username], {};
	for _, other in pairs(all and all.sessions or {}) do
		if other ~= session then older[#older + 1] = other; end
	end
	for _, other in ipairs(older) do
		module:log("info", "Ended an older session of %s", other.full_jid);
		other:close({ condition = "conflict", text = "Replaced by a new session of this bridge" });
	end
end

local function hook_accounts(host)
	if host ~= accounts then return; end
	local context = module:context(host);
	context:hook("authentication-success", lift_limit);
	context:hook("resource-bind", end_older_sessions);
end

-- Prosody activates hosts in any order, and again when they are added later.
module:hook_global("host-activated", hook_accounts);

module:hook_global("config-reloaded", function ()
	read_options();
	hold_room();
end);

function module.load()
	assert(read_options(), "no section of mod_jitsi_bridges_loader names this host");
	if rawget(prosody.hosts, accounts) then hook_accounts(accounts); end
	hold_room();
end

-- What sync asks through the console: the options that are in force, and whether the room is as it
-- must be.
function holds() -- luacheck: ignore 131
	local room = muc() and muc().get_room_from_jid(brewery);
	local occupants = {};
	if room then
		for _, occupant in room:each_occupant() do occupants[#occupants + 1] = occupant.bare_jid; end
	end
	return {
		brewery = brewery, accounts = accounts, collector = collector,
		guarded = room ~= nil and room ~= false and room:get_whois() == "anyone" and room:get_hidden() == true,
		occupants = table.concat(occupants, " "),
	};
end

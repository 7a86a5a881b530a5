-- Which room and which Prosody Jicofo looks for bridges in, by its own precedence. Run by
-- Prosody's own Lua:
--
--   jicofo.lua [CMDLINE [ENVIRON]]     /proc/N/cmdline and environ of the running Jicofo, where it
--   runs
--
-- Prints "room<TAB><address><TAB><file:line>", "server<TAB><host>:<port><TAB><file:line>" where
-- bridges are on another connection than Jicofo's own, or "unknown<TAB><why>". In
-- sip-communicator.properties everything wins over jicofo.conf.

local cmdline, environ = ...;
local here = arg[0]:match("^(.*/)") or "./";
local hocon = dofile(here .. "hocon.lua");
local properties = dofile(here .. "properties.lua");

local function slurp(path)
	local file = path and path ~= "" and io.open(path, "rb");
	local text = file and file:read("*a");
	if file then file:close(); end
	return text;
end

-- From the command line of the running program; else as its start script would have it.
local function system_properties()
	local found = {};
	local text = slurp(cmdline) or (slurp("/etc/jitsi/jicofo/config") or ""):gsub("[\"'%s]+", "\0");
	for name, value in text:gmatch("%-D([^=%z]+)=([^%z]*)") do found[name] = value; end
	return found;
end

local system = system_properties();
local environment = {};
for name, value in (slurp(environ) or ""):gmatch("([^=%z]+)=([^%z]*)") do environment[name] = value; end

local function unknown(why)
	print("unknown\t" .. why);
	os.exit(0);
end

-- The old configuration
-- ---------------------------------------------------------------------------------------------

local legacy_path = (system["net.java.sip.communicator.SC_HOME_DIR_LOCATION"] or "/etc/jitsi") .. "/"
	.. (system["net.java.sip.communicator.SC_HOME_DIR_NAME"] or "jicofo") .. "/sip-communicator.properties";
local legacy = properties.read(legacy_path) or {};

local function old(name)
	local set = legacy[name];
	if set and set.value ~= "" then return (set.value:gsub("%s+$", "")), legacy_path .. ":" .. set.line; end
end

-- The new one
-- ------------------------------------------------------------------------------------------------

local overridden = system["config.override_with_env_vars"] == "true" or environment.CONFIG_FORCE_jicofo_bridge_brewery__jid;
if overridden then unknown("Jicofo's configuration is overridden by its environment"); end
if system["config.resource"] or system["config.url"] then unknown("Jicofo's configuration is inside of the program or at an address"); end

local new_path = system["config.file"] or "/etc/jitsi/jicofo/jicofo.conf";
local document;

local function new(name)
	if system[name] then return system[name], "Jicofo's command line"; end
	if document == nil then
		if not slurp(new_path) then
			document = false;
		else
			local ok, read = pcall(hocon.read, new_path, function (variable) return system[variable] or environment[variable]; end);
			if not ok then unknown(tostring(read)); end
			document = read;
		end
	end
	if not document then return nil; end
	local ok, value, where = pcall(document.get, name);
	if not ok then unknown(tostring(value)); end
	if value ~= nil and type(value) ~= "string" then unknown(where .. ": " .. name .. " is not one text"); end
	return value, where;
end

-- Which connection
-- ------------------------------------------------------------------------------------------------

local host, where = old "org.jitsi.jicofo.BRIDGE_MUC_XMPP_HOST";
local connection, connection_at = new "jicofo.bridge.xmpp-connection-name";
if not host and connection and connection:lower() == "service" then
	host, where = new "jicofo.xmpp.service.hostname";
	host, where = host or "localhost", where or connection_at;
end
if host then
	print(("server\t%s:%s\t%s"):format(host, old "org.jitsi.jicofo.BRIDGE_MUC_XMPP_PORT" or new "jicofo.xmpp.service.port" or "6222", where));
end

local room, room_at = old "org.jitsi.jicofo.BRIDGE_MUC";
if not room then room, room_at = new "jicofo.bridge.brewery-jid"; end
if room then
	print(("room\t%s\t%s"):format(room, room_at));
else
	unknown(("neither jicofo.bridge.brewery-jid in %s nor org.jitsi.jicofo.BRIDGE_MUC in %s is set"):format(new_path, legacy_path));
end

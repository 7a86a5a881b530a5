-- Loads our modules on hosts of the operator's, from one section of the configuration that is
-- wholly ours: no list of theirs has to be edited, and no order of files decides. Runs on Prosody
-- 0.11 to 13.
--
--   Component "<fleet>.jitsi-bridges.invalid" "jitsi_bridges_loader" {
--       jitsi_bridges_host = "internal.auth.example.org"      the host that they belong on
--       jitsi_bridges_modules = { "jitsi_bridges_brewery" }   in order
--       …                                                     their options, which they look up
--       here
--   }
--
-- It also loads the console through which sync talks to Prosody, where nothing else has enabled it.

-- Prosody 13 keeps a second, empty copy of a core module that is asked for by its old name.
local function core(name)
	local found, manager = pcall(require, "prosody.core." .. name);
	return found and manager or require("core." .. name);
end

local modulemanager = core "modulemanager";
local timer = require "util.timer";

local host = module:get_option_string("jitsi_bridges_host", "");
local wanted = module:get_option("jitsi_bridges_modules", {});

local function load_on(name, place)
	if modulemanager.is_loaded(place, name) then return; end
	local ok, problem = modulemanager.load(place, name);
	if not ok then module:log("error", "mod_%s does not load on %s: %s", name, place, tostring(problem)); end
end

-- prosody.jitsi_bridges_console is the console's name while it runs because one of us loaded it: a
-- second fleet's section needs it as well.
local function load_console()
	local shell = io.open(prosody.paths.source .. "/modules/mod_admin_shell.lua");
	if shell then shell:close(); end
	local name = shell and "admin_shell" or "admin_telnet";
	if modulemanager.is_loaded("*", name) then return; end
	load_on(name, "*");
	prosody.jitsi_bridges_console = name;
end

local function console_is_needed()
	for place in pairs(prosody.hosts) do
		if modulemanager.is_loaded(place, module.name) then return true; end
	end
	return false;
end

local function unload_console()
	local name = prosody.jitsi_bridges_console;
	if not name or console_is_needed() then return; end
	prosody.jitsi_bridges_console = nil;
	modulemanager.unload("*", name);
end

-- Prosody activates hosts in any order, and opens no port before the last. A host may also be
-- activated anew later.
local function load_modules(activated)
	if activated ~= host then return; end
	for _, name in ipairs(wanted) do load_on(name, host); end
end

function module.load()
	load_console();
	if rawget(prosody.hosts, host) then load_modules(host); end
end

-- A reload takes over other options and new versions of our modules, all before anybody's next
-- stanza.
function module.save()
	return { host = host, wanted = wanted };
end

function module.restore(before)
	for _, name in ipairs(before.wanted) do
		if name:match("^jitsi_bridges") and rawget(prosody.hosts, before.host) and modulemanager.is_loaded(before.host, name) then
			local stays = before.host == host and table.concat(wanted, " "):find(name, 1, true);
			modulemanager[stays and "reload" or "unload"](before.host, name);
		end
	end
	if rawget(prosody.hosts, host) then load_modules(host); end
end

-- The console goes when it has answered whoever took us away, unless one of us is there again:
-- after a reload, or when the server is prepared anew.
function module.unload()
	timer.add_task(2, unload_console);
end

-- After Prosody's own handler, which loads the modules that the host itself has enabled.
module:hook_global("host-activated", load_modules, -10);

-- What sync asks through the console.
function holds() -- luacheck: ignore 131
	local missing = {};
	for _, name in ipairs(wanted) do
		if not rawget(prosody.hosts, host) or not modulemanager.is_loaded(host, name) then missing[#missing + 1] = name; end
	end
	return missing;
end

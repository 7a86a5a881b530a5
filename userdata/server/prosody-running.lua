-- What the running Prosody holds: runs inside it, called through its console:
--
--   dofile("prosody-running.lua")(AUTH_HOST, GUARDED_HOST, MODULE, SECTION)
--
-- Returns one line of JSON. Nothing in it is secret, and nothing is changed.

-- Prosody 13 keeps a second, empty copy of a core module that is asked for by its old name.
local function core(name)
	local found, manager = pcall(require, "prosody.core." .. name);
	return found and manager or require("core." .. name);
end

local json = require "util.json";
local jid = require "util.jid";
local configmanager = core "configmanager";
local portmanager = core "portmanager";

-- One string, since not every version of Prosody tells an empty list from an empty object.
local function words(set)
	local names = {};
	for name in pairs(set) do names[#names + 1] = name; end
	table.sort(names);
	return table.concat(names, " ");
end

-- "<service>|<interface>|<port>", as they are bound.
local function ports()
	local found = {};
	for service, interface, port in portmanager.get_active_services():iter(nil, nil, nil) do
		found[("%s|%s|%s"):format(service, interface, port)] = true;
	end
	return words(found);
end

-- Programs of the server that are connected: components by their names, accounts of the auth host
-- by their users. A session that only waits for its client to return is none.
local function connected(auth)
	local found = {};
	for name, host in pairs(prosody.hosts) do
		local component = host.modules and host.modules.component;
		if component and component.session then found[name] = true; end
	end
	for user, account in pairs(rawget(prosody.hosts, auth) and prosody.hosts[auth].sessions or {}) do
		for _, session in pairs(account.sessions) do
			if not session.hibernating then found[user .. "@" .. auth] = true; end
		end
	end
	return words(found);
end

-- Rooms of any component that an account called `user` sits in, as Jicofo's does.
local function rooms_of(user, auth)
	local found = {};
	for _, host in pairs(prosody.hosts) do
		local muc = host.modules and host.modules.muc;
		for room in (muc and muc.live_rooms or function () return function () end end)() do
			for _, occupant in room:each_occupant() do
				if jid.bare(occupant.bare_jid) == user .. "@" .. auth then found[room.jid] = true; end
			end
		end
	end
	return words(found);
end

local function options_of(section)
	local options = rawget(configmanager.getconfig(), section) or {};
	local ours = {};
	for name, value in pairs(options) do
		if name:match("^jitsi_bridges_") then ours[name] = value; end
	end
	return ours;
end

return function (auth, guarded, module_name, section)
	local function host(name) return rawget(prosody.hosts, name); end
	local module = host(guarded) and host(guarded).modules[module_name];
	local loader = host(section) and host(section).modules.jitsi_bridges_loader;
	local provider = host(auth) and host(auth).users;
	return json.encode {
		version = tostring(prosody.version),
		config = tostring(prosody.config_file),
		accounts = provider and tostring(provider.name) or "",
		ports = ports(),
		connected = connected(auth),
		focus = rooms_of("focus", auth),
		guarded_host = host(guarded) and tostring(host(guarded).type) or "",
		section = loader ~= nil,
		options = options_of(section),
		module = module and module.holds and module.holds() or false,
	};
end

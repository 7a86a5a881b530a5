-- Reads and edits Prosody's configuration for prepare.sh. The configuration is a program: it is read by Prosody's
-- own parser, and edited only by inserting marked blocks of lines, which `strip` takes out again.
--
--   prosody-config.lua strip FILE                 prints FILE without our blocks
--   prosody-config.lua globals MAIN               prints MAIN (prosody.cfg.lua) with the global options that it lacks
--   prosody-config.lua host FILE DOMAIN           prints FILE with our blocks in its VirtualHost DOMAIN
--   prosody-config.lua component FILE NAME        prints FILE with Component NAME and $BRIDGES_DEFAULT_SECRET
--   prosody-config.lua secret MAIN NAME           exit 3 unless Component NAME has $BRIDGES_DEFAULT_SECRET
--   prosody-config.lua brewery MAIN FILE NAME     prints FILE with our module and its options on Component NAME
--   prosody-config.lua verify-component MAIN DOMAIN, verify-muc MAIN DOMAIN
--                                                 fail unless the configuration as a whole says what we want
-- What the blocks say comes from the environment (BRIDGES_*), as prepare.sh has checked it.

local action, file, name, other = ...;
local begin_mark, end_mark = "-- jitsi-bridges begin", "-- jitsi-bridges end";

local function env(variable)
	local value = assert(os.getenv(variable), variable .. " is not set");
	return value; -- alone: assert hands its message on, too
end

local function read(path)
	local f = assert(io.open(path, "rb"));
	local text = f:read("*a");
	f:close();
	return text;
end

local function strip(text)
	local kept, inside = {}, false;
	for line in text:gmatch("[^\n]*\n?") do
		if line:find(begin_mark, 1, true) then inside = true; end
		if not inside then kept[#kept + 1] = line; end
		if line:find(end_mark, 1, true) then inside = false; end
	end
	assert(not inside, "a marked block of ours has no end: restore it or take it out by hand");
	return table.concat(kept);
end

local function block(indent, lines)
	local marked = { begin_mark };
	for _, line in ipairs(lines) do marked[#marked + 1] = line; end
	marked[#marked + 1] = end_mark;
	return indent .. table.concat(marked, "\n" .. indent) .. "\n";
end

local function quoted(strings)
	local list = {};
	for _, s in ipairs(strings) do list[#list + 1] = ("%q"):format(s); end
	return "{ " .. table.concat(list, ", ") .. " }";
end

-- Prosody's own parser -------------------------------------------------------------------------------------

local function load_configuration(main)
	package.path = "/usr/lib/prosody/?.lua;" .. package.path;
	package.cpath = "/usr/lib/prosody/?.so;" .. package.cpath;
	-- From 13 on its modules ask for each other by names that its loader understands.
	if not pcall(require, "prosody.loader") then pcall(require, "loader"); end
	local found, manager = pcall(require, "prosody.core.configmanager");
	if not found then manager = require "core.configmanager"; end
	local ok, _, problem = manager.load(main, "lua");
	if not ok then error(tostring(problem), 0); end
	return manager;
end

local function list(value)
	if value == nil then return {}; end
	return type(value) == "table" and value or { value };
end

local function contains(value, wanted)
	for _, element in ipairs(list(value)) do
		if element == wanted then return true; end
	end
	return false;
end

-- Where things stand in the text ---------------------------------------------------------------------------

-- Start and end of the line that opens the section of `kind` (a pattern) and `host` (nil: any).
local function find_section(text, kind, host, from)
	local position = from or 1;
	while position <= #text do
		local line_end = text:find("\n", position, true) or #text;
		local opened = text:sub(position, line_end):match("^%s*" .. kind .. "%s*%(?%s*[\"']([^\"']+)[\"']");
		if opened and (host == nil or opened == host) then return position, line_end; end
		position = line_end + 1;
	end
end

local function first_section(text, from)
	local host = find_section(text, "VirtualHost", nil, from) or #text + 1;
	local other = find_section(text, "Component", nil, from) or #text + 1;
	return math.min(host, other);
end

-- Position of the opening brace of the table that `option` is set to between two positions, outside of comments.
local function find_table(text, option, from, to)
	local position = from;
	while position < to do
		local brace = text:sub(position, to - 1):match("^%s*" .. option .. "%s*=%s*(){");
		if brace then return position + brace - 1; end
		position = (text:find("\n", position, true) or #text) + 1;
	end
end

local function insert(text, position, piece)
	return text:sub(1, position - 1) .. piece .. text:sub(position);
end

-- Puts elements first into a table that stands in the text, so that what the operator adds to it later still counts.
local function insert_elements(text, brace, elements)
	local piece = block("        ", elements);
	local rest = text:match("^[^\n]*", brace + 1);
	if rest:find("%S") then return insert(text, brace + 1, "\n" .. piece); end
	return insert(text, brace + #rest + 2, piece);
end

-- The edits ------------------------------------------------------------------------------------------------

-- The console through which we talk to Prosody: on a socket of its own from 0.12 on, by telnet before.
local function console()
	local shell = io.open("/usr/lib/prosody/modules/mod_admin_shell.lua");
	if shell then shell:close(); end
	return shell and "admin_shell" or "admin_telnet";
end

local function client_interfaces(config)
	local option = config.get("*", "c2s_interfaces") or config.get("*", "c2s_interface")
		or config.get("*", "interfaces") or config.get("*", "interface");
	return option and list(option) or { "*" };
end

local function hears_clients_at(config, address)
	local interfaces = client_interfaces(config);
	return contains(interfaces, "*") or contains(interfaces, "0.0.0.0") or contains(interfaces, address);
end

local function add_client_interface(config, options)
	if hears_clients_at(config, env "BRIDGES_SERVER_ADDRESS") then return; end
	local interfaces = { (table.unpack or unpack)(client_interfaces(config)) };
	interfaces[#interfaces + 1] = env "BRIDGES_SERVER_ADDRESS";
	options[#options + 1] = "c2s_interfaces = " .. quoted(interfaces);
end

-- "*" is every IPv4 address of the machine, loopback among them.
local function component_interfaces()
	if os.getenv "BRIDGES_COMPONENT_INTERFACE" == "public" then return { "::1", "*" }; end
	return { "127.0.0.1", "::1", env "BRIDGES_SERVER_ADDRESS" };
end

-- Elements of tables that stand in the text go into them, and must be inserted last to first.
local function add_globals(text)
	local config = load_configuration(file);
	local component = env "BRIDGES_GENERATION" == "component";
	local path = env "BRIDGES_PLUGIN_PATH";
	local sections = first_section(text);
	local options, elements = {}, {};
	if component then
		options[1] = "component_ports = { 5347 }";
		options[2] = "component_interfaces = " .. quoted(component_interfaces());
		local brace = find_table(text, "plugin_paths", 1, sections);
		if brace then
			elements[#elements + 1] = { brace, ("%q;"):format(path) };
		else
			local others = list(config.get("*", "plugin_paths"));
			options[#options + 1] = "plugin_paths = " .. quoted { path, (table.unpack or unpack)(others) };
		end
	end
	add_client_interface(config, options);
	if not contains(config.get("*", "modules_enabled"), console()) then
		local brace = find_table(text, "modules_enabled", 1, sections);
		assert(brace, "modules_enabled is not a table in " .. file .. ": enable " .. console() .. " by hand");
		elements[#elements + 1] = { brace, ("%q;"):format(console()) };
	end
	if options[1] then text = insert(text, sections, block("", options)); end
	table.sort(elements, function (a, b) return a[1] > b[1]; end);
	for _, element in ipairs(elements) do text = insert_elements(text, element[1], { element[2] }); end
	return text;
end

local function add_host(text, domain)
	local _, line_end = find_section(text, "VirtualHost", domain);
	assert(line_end, "no VirtualHost " .. domain);
	local brace = find_table(text, "modules_enabled", line_end + 1, first_section(text, line_end + 1));
	local options = {
		("jitsi_bridges_node = %q"):format(env "BRIDGES_STATS_NODE"),
		"jitsi_bridges_publishers = " .. quoted { "jitsi-videobridge." .. domain },
		"jitsi_bridges_members = " .. quoted {
			env "BRIDGES_COLLECTOR_USER" .. "@auth." .. domain,
			"focus@auth." .. domain,
		},
	};
	if brace then
		text = insert_elements(text, brace, { '"pubsub";', '"jitsi_bridges";' });
	else
		options[#options + 1] = 'modules_enabled = { "pubsub", "jitsi_bridges" }';
	end
	text = insert(text, line_end + 1, block("    ", options));
	-- Jitsi's packages set it in this file, which is read after prosody.cfg.lua.
	local paths = find_table(text, "plugin_paths", 1, first_section(text));
	return paths and insert_elements(text, paths, { ("%q;"):format(env "BRIDGES_PLUGIN_PATH") }) or text;
end

local function add_component(text, component_name)
	return text .. (text:match("\n$") and "" or "\n") .. block("", {
		("Component %q"):format(component_name),
		("    component_secret = %q"):format(env "BRIDGES_DEFAULT_SECRET"),
	});
end

-- Options are at the end of the section, where they are the last word.
local function add_brewery(text, component_name)
	local config = load_configuration(file);
	assert(config.get(component_name, "component_module") == "muc", component_name .. " is not a muc component");
	local _, line_end = find_section(text, "Component", component_name);
	assert(line_end, "no Component " .. component_name);
	local following = first_section(text, line_end + 1);
	local brace = find_table(text, "modules_enabled", line_end + 1, following);
	local options = {
		("jitsi_bridges_brewery = %q"):format(env "BRIDGES_BREWERY"),
		("jitsi_bridges_accounts = %q"):format("auth." .. env "BRIDGES_DOMAIN"),
		("jitsi_bridges_collector = %q"):format(env "BRIDGES_COLLECTOR_USER"),
	};
	if config.get(component_name, "muc_room_default_public_jids") ~= true then
		options[#options + 1] = "muc_room_default_public_jids = true";
	end
	if not brace then options[#options + 1] = 'modules_enabled = { "jitsi_bridges_brewery" }'; end
	local newline = text:sub(following - 1, following - 1) == "\n" and "" or "\n";
	text = insert(text, following, newline .. block("    ", options));
	return brace and insert_elements(text, brace, { '"jitsi_bridges_brewery";' }) or text;
end

local function has_section(config, section)
	assert(rawget(config.getconfig(), section), "no VirtualHost or Component " .. section);
end

local function verify_common(config, domain)
	has_section(config, domain);
	has_section(config, "auth." .. domain);
	local authentication = config.get("auth." .. domain, "authentication");
	assert(authentication == "internal_hashed" or authentication == "internal_plain",
		"auth." .. domain .. " must keep its accounts itself (authentication = \"internal_hashed\"), not " .. tostring(authentication));
	assert(contains(config.get("*", "modules_enabled"), console()), console() .. " is not enabled in prosody.cfg.lua");
	assert(not contains(config.get("*", "modules_disabled"), console()), console() .. " is in modules_disabled");
	assert(hears_clients_at(config, env "BRIDGES_SERVER_ADDRESS"), "c2s_interfaces is set elsewhere");
	assert(contains(config.get("*", "c2s_ports") or { 5222 }, 5222), "Prosody does not listen for clients on port 5222");
end

local function verify_component(main, domain)
	local config = load_configuration(main);
	verify_common(config, domain);
	assert(contains(config.get(domain, "modules_enabled"), "jitsi_bridges"), "jitsi_bridges is not enabled on " .. domain);
	assert(contains(config.get("*", "plugin_paths"), env "BRIDGES_PLUGIN_PATH"),
		"plugin_paths is set again in another file: add " .. env "BRIDGES_PLUGIN_PATH" .. " to it there");
	assert(contains(config.get("*", "component_ports"), 5347), "component_ports is set elsewhere");
	local interfaces = config.get("*", "component_interfaces");
	local wanted = component_interfaces();
	assert(contains(interfaces, wanted[#wanted]), "component_interfaces is set elsewhere");
	assert(contains(config.get(domain, "jitsi_bridges_members"), "focus@auth." .. domain), "our options are overridden");
	local component_name = "jitsi-videobridge." .. domain;
	if env "BRIDGES_DEFAULT_SECRET" ~= "" then
		local secret = config.get(component_name, "component_secret");
		assert(secret == env "BRIDGES_DEFAULT_SECRET", component_name .. " has another secret than the bridge's config");
	end
end

local function verify_muc(main, domain)
	local config = load_configuration(main);
	verify_common(config, domain);
	local component_name = env "BRIDGES_BREWERY":match("@(.*)$");
	has_section(config, component_name);
	assert(config.get(component_name, "muc_room_default_public_jids") == true,
		"muc_room_default_public_jids of " .. component_name .. " is overridden");
	assert(contains(config.get(component_name, "modules_enabled"), "jitsi_bridges_brewery"),
		"modules_enabled of " .. component_name .. " is overridden");
	assert(config.get(component_name, "jitsi_bridges_brewery") == env "BRIDGES_BREWERY", "our options are overridden");
end

local actions = {
	strip = function () io.write(strip(read(file))); end,
	globals = function () io.write(add_globals(read(file))); end,
	host = function () io.write(add_host(read(file), name)); end,
	component = function () io.write(add_component(read(file), name)); end,
	brewery = function () io.write(add_brewery(read(name), other)); end,
	secret = function ()
		local config = load_configuration(file);
		os.exit(config.get(name, "component_secret") == env "BRIDGES_DEFAULT_SECRET" and 0 or 3);
	end,
	["verify-component"] = function () verify_component(file, name); end,
	["verify-muc"] = function () verify_muc(file, name); end,
};

local ok, problem = pcall(assert(actions[action], "unknown action"));
if not ok then
	io.stderr:write(tostring(problem), "\n");
	os.exit(1);
end

-- Judges Prosody's configuration and says what preparing changes in it. Run by Prosody's own Lua:
--
--   plan.lua apply|undo MAIN SOURCE OUT [ENVIRON]
--
-- Writes new texts of files into the folder OUT and prints a line for each file that would change:
-- "<path><TAB><file in OUT, or - when the path is to be removed>"; then "note<TAB>…" lines for
-- people, and "fact<TAB><name><TAB><value>" lines. Where the configuration will not do: one
-- sentence on stderr, exit code 1, and no plan.

local action, main, source, out, environ = ...;
local here = arg[0]:match("^(.*/)") or "./";
local configuration = dofile(here .. "configuration.lua");
local changes = dofile(here .. "changes.lua");

local function env(variable)
	local found = os.getenv(variable);
	if found == "" then found = nil; end
	return found;
end

local generation, domain, fleet = env "BRIDGES_GENERATION", env "BRIDGES_DOMAIN", env "BRIDGES_FLEET";
local address = env "BRIDGES_SERVER_ADDRESS";
local auth = "auth." .. domain;
local folder = main:match("^(.*)/[^/]*$") .. "/jitsi-bridges";
local section = changes.section(fleet);

local function refuse(...)
	io.stderr:write(string.format(...), "\n");
	os.exit(1);
end

local function list(value)
	if value == nil then return {}; end
	return type(value) == "table" and value or { value };
end

local function contains(value, wanted)
	for _, element in ipairs(list(value)) do
		if tostring(element) == tostring(wanted) then return true; end
	end
	return false;
end

-- A copy; what is in it already is not added again.
local function extended(value, additions)
	local result = {};
	for _, element in ipairs(list(value)) do result[#result + 1] = element; end
	for _, element in ipairs(additions) do
		if not contains(result, element) then result[#result + 1] = element; end
	end
	return result;
end

-- What there is, without anything of ours
-- ---------------------------------------------------------------------

local function load(overlay)
	return configuration.load { main = main, source = source, environ = environ, overlay = overlay };
end

local as_it_is, problem = load {};
if not as_it_is then
	refuse("Prosody's configuration does not load: %s: correct it, then run this again", problem);
end

-- Every text without our blocks, our files gone: what the operator wrote.
local function is_bridges_file(clean, name) -- sync's, beside ours
	return clean == folder .. "/" .. fleet .. ".bridges.cfg.lua" or name == "jitsi-bridges." .. fleet .. ".bridges.cfg.lua";
end
local operators, texts, others = {}, {}, false;
local own_name = folder .. "/" .. fleet .. ".cfg.lua";
for _, path in ipairs(as_it_is.files) do
	local clean, name = path:gsub("/%./", "/"):gsub("//+", "/"), path:match("([^/]*)$");
	local text = as_it_is.text[path];
	if clean == own_name or name == "jitsi-bridges." .. fleet .. ".cfg.lua" then
		operators[clean] = false;
	elseif is_bridges_file(clean, name) then
		if action == "undo" or generation ~= "component" then operators[clean] = false; end
	elseif clean:sub(1, #folder + 1) == folder .. "/" then
		others = true;
	else
		texts[path] = changes.strip(text);
		if not texts[path] then refuse("%s: a line \"jitsi-bridges begin\" without its end: take our lines out by hand", path); end
		if texts[path] ~= text then operators[path] = texts[path]; end
	end
end

local c;
c, problem = load(operators);
if not c then refuse("Prosody's configuration does not load without our lines: %s", problem); end

local function at(host, option) return c.where(host, option) or "nowhere"; end

-- The judgement
-- ------------------------------------------------------------------------------------------------

local function console()
	local file = io.open(source .. "/modules/mod_admin_shell.lua");
	if file then file:close(); end
	return file and "admin_shell" or "admin_telnet";
end

local function require_hosts()
	if not c.has(domain) or c.own(domain, "component_module") then
		refuse("Prosody has no VirtualHost %q (%s and what it includes): set \"domain\" in the fleet's config to the one that it has", domain, main);
	end
	if not c.has(auth) or c.own(auth, "component_module") then
		refuse("Prosody has no VirtualHost %q (%s and what it includes): bridges log in there, so add it as Jitsi Meet's packages do", auth, main);
	end
	for _, host in ipairs { domain, auth } do
		if c.get(host, "enabled") == false then refuse("%s: VirtualHost %q is switched off: take out enabled = false", at(host, "enabled"), host); end
	end
end

-- Where nothing is set Prosody's default counts, which keeps accounts itself in every version.
local function require_accounts()
	local authentication = c.get(auth, "authentication");
	if authentication == nil or authentication == "internal_hashed" or authentication == "internal_plain" then return; end
	refuse("%s: %s does not keep its accounts itself (authentication = %q): write authentication = \"internal_hashed\" into VirtualHost %q",
		at(auth, "authentication"), auth, tostring(authentication), auth);
end

local function require_modules()
	for _, name in ipairs { console(), "c2s", "saslauth", "tls" } do
		if contains(c.get("*", "modules_disabled"), name) then
			refuse("%s: modules_disabled has %q, which we need: take it out", at("*", "modules_disabled"), name);
		end
	end
end

-- Nobody else may hold the accounts of this host: each fleet removes bridges that it does not know.
local function require_no_other_fleet()
	for _, host in ipairs(as_it_is.sections()) do
		local other = as_it_is.own(host, "jitsi_bridges_fleet");
		if other and other ~= fleet and as_it_is.own(host, "jitsi_bridges_accounts") == auth then
			refuse("%s: the fleet %q has its accounts on %s already, and an auth host can have one fleet: undo that one first, or give this fleet a Jitsi Meet server of its own",
				as_it_is.section(host) or main, other, auth);
		end
	end
end

local brewery_host = generation == "muc" and env "BRIDGES_BREWERY":match("@(.*)$"):lower() or nil;

local function require_brewery()
	if not brewery_host then return; end
	if not c.has(brewery_host) then
		refuse("Prosody has no Component %q (%s and what it includes): bridges need the room that Jicofo looks for them in; set \"brewery\" in the fleet's config to it, or add the component as Jitsi Meet's packages do", brewery_host, main);
	end
	if c.own(brewery_host, "component_module") ~= "muc" then
		refuse("%s: %s is not a component with rooms: it must be Component %q \"muc\"", c.section(brewery_host) or main, brewery_host, brewery_host);
	end
end

-- What is to be
-- ------------------------------------------------------------------------------------------------

-- As core/portmanager reads them.
local function interfaces(prefix, private)
	return c.get("*", prefix .. "interfaces") or c.get("*", prefix .. "interface")
		or (private and (c.get("*", "local_interfaces") or { "127.0.0.1", "::1" }))
		or c.get("*", "interfaces") or c.get("*", "interface") or { "*", "::" };
end

local function heard_at(value, wanted) return contains(value, "*") or contains(value, "0.0.0.0") or contains(value, wanted); end

local globals, facts, notes = {}, {}, {};

local function extend_interfaces(prefix, private, wanted)
	local now = interfaces(prefix, private);
	if heard_at(now, wanted) then return; end
	if wanted == "*" then -- takes the place of each IPv4 address, which could not be bound a second time
		local others = {};
		for _, element in ipairs(list(now)) do if tostring(element):find(":", 1, true) then others[#others + 1] = element; end end
		now = others;
	end
	globals[prefix .. "interfaces"] = extended(now, { wanted });
end

local function extend_ports(prefix, default)
	local now = c.get("*", prefix .. "ports");
	if now ~= nil and not contains(now, default) then globals[prefix .. "ports"] = extended(now, { default }); end
end

local function options()
	local wanted = {
		jitsi_bridges_fleet = fleet,
		jitsi_bridges_accounts = auth,
		jitsi_bridges_collector = env "BRIDGES_COLLECTOR_USER",
	};
	if generation == "muc" then
		wanted.jitsi_bridges_host = brewery_host;
		wanted.jitsi_bridges_modules = { "jitsi_bridges_brewery" };
		wanted.jitsi_bridges_brewery = env "BRIDGES_BREWERY":lower();
	else
		wanted.jitsi_bridges_host = domain;
		wanted.jitsi_bridges_modules = { "pubsub", "jitsi_bridges" };
		wanted.jitsi_bridges_node = env "BRIDGES_STATS_NODE";
		wanted.jitsi_bridges_publishers = { env "BRIDGES_DEFAULT_COMPONENT" };
		wanted.jitsi_bridges_members = { env "BRIDGES_COLLECTOR_USER" .. "@" .. auth, "focus@" .. auth };
	end
	return wanted;
end

-- The default bridge's component may be missing, or have another secret than the bridge.
local function default_component()
	local name, secret = env "BRIDGES_DEFAULT_COMPONENT", env "BRIDGES_DEFAULT_SECRET";
	if generation ~= "component" or not name or not secret or c.own(name, "component_secret") == secret then return ""; end
	return ("Component %q {\n    component_secret = %q;\n}\n"):format(name, secret);
end

-- Judging the result
-- --------------------------------------------------------------------------------------------

local function equal(a, b)
	if type(a) ~= "table" or type(b) ~= "table" then return a == b or (type(a) == "function" and type(b) == "function"); end
	for k, v in pairs(a) do if not equal(v, b[k]) then return false; end end
	for k in pairs(b) do if a[k] == nil then return false; end end
	return true;
end

-- All that the operator set, as it was; and ours.
local function differs(result, wanted)
	for host, expected in pairs(wanted) do
		for name, v in pairs(expected) do
			if not equal(result.own(host, name), v) then
				return ("%s of %s is set again in %s"):format(name, host == "*" and "all of Prosody" or host, result.where(host, name) or "another place");
			end
		end
	end
	local hosts = c.sections();
	hosts[#hosts + 1] = "*";
	for _, host in ipairs(hosts) do
		for name, v in pairs(c.options(host)) do
			local ours = wanted[host] and wanted[host][name] ~= nil;
			if not ours and not equal(result.own(host, name), v) then return ("%s of %s would change"):format(tostring(name), host); end
		end
	end
end

local function judge(overlay, wanted)
	local result, trouble = load(overlay);
	if not result then return trouble; end
	return differs(result, wanted);
end

-- The plan
-- ------------------------------------------------------------------------------------------------

local plan, count = {}, 0;

local function keep(path, text)
	if text == as_it_is.text[path] then return; end
	if text == false then
		plan[#plan + 1] = path .. "\t-";
		return;
	end
	count = count + 1;
	local file = assert(io.open(out .. "/" .. count, "wb"));
	file:write(text);
	file:close();
	plan[#plan + 1] = path .. "\t" .. out .. "/" .. count;
end

local function copy(t)
	local result = {};
	for k, v in pairs(t) do result[k] = v; end
	return result;
end

-- The file that a folder which the operator includes gets of us.
local function in_folder(path)
	return ((path .. "/jitsi-bridges." .. fleet .. ".cfg.lua"):gsub("/%./", "/"):gsub("//+", "/"));
end

-- Our file in such a folder, so that nothing of the operator's is edited; or at the end of MAIN.
-- The guard stays in such a folder also where settings have to be at the end: whoever puts MAIN
-- back as it was (an upgrade, configuration management) does not open the bridges' room by it.
local function candidates(section_text, settings)
	local found = {};
	local whole = changes.file(fleet, section_text, settings);
	local at_end = copy(operators);
	at_end[own_name] = whole;
	at_end[main] = changes.include(texts[main], folder);
	local last_word = generation == "component" or settings ~= "";
	if generation == "muc" and settings ~= "" then
		for _, path in ipairs(c.folders) do
			local overlay = copy(at_end);
			overlay[own_name] = changes.file(fleet, settings);
			overlay[in_folder(path)] = changes.file(fleet, section_text);
			found[#found + 1] = { overlay = overlay, own_file = in_folder(path), settings_file = own_name, included_by = main };
		end
	end
	local function add_end() found[#found + 1] = { overlay = at_end, own_file = own_name, included_by = main }; end
	if last_word then add_end(); end
	for _, path in ipairs(c.folders) do
		local overlay = copy(operators);
		overlay[in_folder(path)] = whole;
		found[#found + 1] = { overlay = overlay, own_file = in_folder(path), included_by = "" };
	end
	if not last_word then add_end(); end
	return found;
end

local function apply()
	require_hosts();
	require_accounts();
	require_modules();
	require_no_other_fleet();
	require_brewery();
	extend_interfaces("c2s_", false, address);
	extend_ports("c2s_", 5222);
	if generation == "component" then
		local public = env "BRIDGES_COMPONENT_INTERFACE" == "public";
		extend_interfaces("component_", true, public and "*" or address);
		if not public and heard_at(interfaces("component_", true), "*") then
			notes[#notes + 1] = at("*", "component_interfaces") .. ": components are heard on every address, as they were before; only firewalls keep the world out";
		end
		extend_ports("component_", 5347);
	end
	local component = default_component();
	local wanted = { [section] = options(), ["*"] = globals };
	if component ~= "" then wanted[env "BRIDGES_DEFAULT_COMPONENT"] = { component_secret = env "BRIDGES_DEFAULT_SECRET" }; end
	local trouble;
	local settings = changes.settings_text(globals) .. component;
	for _, candidate in ipairs(candidates(changes.section_text(fleet, wanted[section]), settings)) do
		local found = judge(candidate.overlay, wanted);
		if not found then
			facts.own_file, facts.included_by = candidate.own_file, candidate.included_by;
			facts.settings_file = candidate.settings_file or "";
			return candidate.overlay;
		end
		trouble = trouble or found;
	end
	refuse("what we add to Prosody's configuration would not take effect (%s): write the line  Include %q  at the end of %s, in its last line and outside of any block, then run this again",
		trouble, folder .. "/*.cfg.lua", main);
end

-- Another fleet's files stay included.
local function undo()
	local overlay = copy(operators);
	if others then overlay[main] = nil; end
	return overlay;
end

local overlay = action == "apply" and apply() or undo();
local paths = {};
for path in pairs(overlay) do paths[#paths + 1] = path; end
table.sort(paths);
for _, path in ipairs(paths) do keep(path, overlay[path]); end

facts.console = console();
facts.console_port = list(c.get("*", "console_ports") or 5582)[1];
facts.section = section;
facts.folder = folder;
local after = { interfaces = globals.component_interfaces or interfaces("component_", true) };
local words = {};
for _, element in ipairs(list(after.interfaces)) do words[#words + 1] = tostring(element); end
facts.component_interfaces = table.concat(words, " ");
words = {};
for _, port in ipairs(extended(c.get("*", "c2s_ports") or 5222, list(c.get("*", "component_ports") or 5347))) do
	words[#words + 1] = tostring(port):match("^%d+$");
end
facts.program_ports = table.concat(words, " ");
facts.component_loopback = (contains(words, "*") or contains(words, "127.0.0.1")) and "127.0.0.1" or address;
facts.accounts_at = c.section(auth) or main;
facts.certificate_at = c.where(auth, "ssl") or c.where(auth, "certificates") or main;
for _, line in ipairs(plan) do print(line); end
for _, note in ipairs(notes) do print("note\t" .. note); end
for name, fact in pairs(facts) do print("fact\t" .. name .. "\t" .. tostring(fact)); end

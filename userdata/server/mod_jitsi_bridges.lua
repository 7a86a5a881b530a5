-- Holds, on Jitsi's main VirtualHost, the pubsub node that bridges publish their statistics to,
-- and who may do what on it; activates the bridges' components as they appear in the configuration
-- and deactivates them as they go. Prosody's reload does neither. Runs on Prosody 0.11 to 13.
--
-- Options, in the section of mod_jitsi_bridges_loader:
--   jitsi_bridges_node        name of the node; default "sharedStatsNode"
--   jitsi_bridges_publishers  set of JIDs that may publish besides our bridges: Server A's default
--   bridge
--   jitsi_bridges_members     set of bare JIDs that may subscribe: the collector's account,
--   Jicofo's account
-- On a Component below this host: jitsi_bridge = true makes it a bridge of ours.

-- Prosody 13 keeps a second, empty copy of a core module that is asked for by its old name.
local function core(name)
	local found, manager = pcall(require, "prosody.core." .. name);
	return found and manager or require("core." .. name);
end

local configmanager = core "configmanager";
local hostmanager = core "hostmanager";
local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local sha256 = require "util.hashes".sha256;

local node, members, publishers;

-- Where the section is gone from the configuration, what held goes on to hold.
local function read_options()
	for _, options in pairs(configmanager.getconfig()) do
		if rawget(options, "component_module") == "jitsi_bridges_loader" and rawget(options, "jitsi_bridges_host") == module.host then
			node = rawget(options, "jitsi_bridges_node") or "sharedStatsNode";
			members = rawget(options, "jitsi_bridges_members") or {};
			publishers = rawget(options, "jitsi_bridges_publishers") or {};
		end
	end
	return node ~= nil;
end

-- persist_items: every bridge publishes each second, and nobody reads old reports.
local function node_config()
	return { access_model = "whitelist", publish_model = "publishers", persist_items = false };
end

module:depends("pubsub");

-- Hosts that this module has seen configured as bridges: only these may it deactivate.
local known = {};
-- Time of the last report of each bridge, for as long as this module is loaded.
local reported = {};
local seconds_to_silence = 15;

local function service()
	return prosody.hosts[module.host].modules.pubsub.service;
end

local function configured_bridges()
	local bridges = {};
	for host, options in pairs(configmanager.getconfig()) do
		-- rawget: an option in the global section is inherited by every host and would make all of them
		-- bridges.
		if rawget(options, "jitsi_bridge") == true and host:sub(-#module.host - 1) == "." .. module.host then
			bridges[host] = rawget(options, "component_secret") or "";
		end
	end
	return bridges;
end

local function wanted_affiliations(bridges)
	local wanted = {};
	for _, jid in ipairs(members) do wanted[jid] = "member"; end
	for _, jid in ipairs(publishers) do wanted[jid] = "publisher"; end
	for jid in pairs(bridges) do wanted[jid] = "publisher"; end
	return wanted;
end

local function hold_node(pubsub)
	local ok, err = pubsub:create(node, true, node_config());
	if err == "conflict" then -- kept by a host with storage, or made by a bridge before us
		ok, err = pubsub:set_node_config(node, true, node_config());
	end
	if not ok then
		module:log("error", "Cannot hold node %s: %s", node, tostring(err));
	end
	return ok;
end

local function grant(pubsub, wanted)
	local now = pubsub.nodes[node].affiliations;
	for jid, affiliation in pairs(wanted) do
		if now[jid] ~= affiliation then
			local ok, err = pubsub:set_affiliation(node, true, jid, affiliation);
			if ok then
				module:log("info", "%s is %s of %s", jid, affiliation, node);
			else
				module:log("error", "Cannot make %s %s of %s: %s", jid, affiliation, node, tostring(err));
			end
		end
	end
end

local function keys(t)
	local list = {};
	for key in pairs(t) do list[#list + 1] = key; end
	table.sort(list);
	return list;
end

local function revoke_others(pubsub, wanted)
	local node_object = pubsub.nodes[node];
	for _, jid in ipairs(keys(node_object.subscribers)) do
		if not wanted[jid_bare(jid)] then
			pubsub:remove_subscription(node, true, jid);
			module:log("info", "%s is no longer subscribed to %s", jid, node);
		end
	end
	for _, jid in ipairs(keys(node_object.affiliations)) do
		if not wanted[jid] then
			pubsub:set_affiliation(node, true, jid, nil);
			module:log("info", "%s has no rights on %s any more", jid, node);
		end
	end
end

-- Makes node and rights what the configuration says. Returns the configured bridges, or nil when
-- it cannot.
local function hold_rights()
	assert(read_options(), "no section of mod_jitsi_bridges_loader names this host");
	local pubsub = service();
	if not hold_node(pubsub) then return nil; end
	local bridges = configured_bridges();
	local wanted = wanted_affiliations(bridges);
	grant(pubsub, wanted);
	revoke_others(pubsub, wanted);
	return bridges;
end

-- Deactivating a component's host leaves its connection open, so that a bridge which is cut off
-- would not know.
local function deactivate(host)
	local component = prosody.hosts[host].modules.component;
	if component and component.session then
		component.session:close({ condition = "host-gone", text = "This bridge is not registered any more" });
	end
	hostmanager.deactivate(host);
	module:log("info", "Bridge %s deactivated", host);
end

local function follow_config()
	-- Rights first: a bridge whose publish is refused once stays silent until it is restarted, so no
	-- bridge may be able to connect before it may publish.
	local bridges = hold_rights();
	if not bridges then return; end
	for _, host in ipairs(keys(bridges)) do
		known[host] = true;
		if not rawget(prosody.hosts, host) then
			local ok, err = hostmanager.activate(host);
			if ok then
				module:log("info", "Bridge %s activated", host);
			else
				module:log("error", "Bridge %s could not be activated: %s", host, tostring(err));
			end
		end
	end
	for _, host in ipairs(keys(known)) do
		if not bridges[host] then
			known[host], reported[host] = nil, nil;
			if rawget(prosody.hosts, host) then deactivate(host); end
		end
	end
end

-- By name alone, whatever the namespace: that is how mod_pubsub looks at them, and a guard that is
-- stricter than what it guards lets things by.
local function tags_named(parent, name)
	local found = {};
	for _, tag in ipairs(parent.tags) do
		if tag.name == name then found[#found + 1] = tag; end
	end
	return found;
end

local function has_only_items_of(publish, jid)
	local items = tags_named(publish, "item");
	for _, item in ipairs(items) do
		if item.attr.id ~= jid then return false; end
	end
	return #items > 0;
end

-- Nothing in a notification tells who published it, so the item id must: a bridge reports under
-- its own JID only.
local function refuse_forged_items(event)
	local origin, stanza = event.origin, event.stanza;
	local sender = jid_bare(stanza.attr.from);
	for _, publish in ipairs(tags_named(stanza.tags[1], "publish")) do
		if publish.attr.node == node and not has_only_items_of(publish, sender) then
			module:log("warn", "Refused a report of %s: its item id is not its own JID", sender);
			origin.send(st.error_reply(stanza, "auth", "forbidden", "The item id must be your own JID"));
			return true;
		end
		if publish.attr.node == node then reported[sender] = os.time(); end
	end
end

module:hook("iq/host/http://jabber.org/protocol/pubsub:pubsub", refuse_forged_items, 10);
module:hook_global("config-reloaded", follow_config);

function module.save() return { known = known }; end
function module.restore(state)
	known = state.known or known;
	module:log("info", "%s reloaded", module.name);
end

-- At load, hosts are being activated by Prosody itself, and no listener is open yet.
function module.load()
	for host in pairs(hold_rights() or {}) do known[host] = true; end
end

-- What sync asks through the admin shell. --

-- "+" connected, "*" connected and alive: the connection of a machine that is gone may stay open
-- for long.
local function mark(host)
	local component = prosody.hosts[host].modules.component;
	if not component or not component.session then return ""; end
	return os.time() - (reported[host] or 0) <= seconds_to_silence and "*" or "+";
end

local function rights_hold(bridges)
	local held = service() and service().nodes[node];
	for jid, affiliation in pairs(wanted_affiliations(bridges)) do
		if not held or held.affiliations[jid] ~= affiliation then return false; end
	end
	return true;
end

-- The options that are in force, and whether the node and the rights are what they say.
function holds() -- luacheck: ignore 131
	local held = service() and service().nodes[node];
	local config = held and held.config or {};
	return {
		node = node, members = table.concat(members, " "), publishers = table.concat(publishers, " "),
		guarded = held ~= nil and rights_hold(configured_bridges())
			and config.access_model == "whitelist" and config.publish_model == "publishers",
	};
end

-- "<digest> <host> <host>+ <host>*…": the bridges that can connect and publish now, sorted, with a
-- plus on those that are connected, a star on those that publish too. The digest is the SHA-256 of
-- their "<host> <secret>\n" lines, so that a secret that did not arrive shows without being told;
-- it is another one when a right on the node is missing.
function registered() -- luacheck: ignore 131
	local bridges = configured_bridges();
	local hosts, lines = {}, rights_hold(bridges) and {} or { "rights are missing\n" };
	for _, host in ipairs(keys(prosody.hosts)) do
		if bridges[host] or known[host] then
			hosts[#hosts + 1] = host .. mark(host);
			lines[#lines + 1] = host .. " " .. (bridges[host] or "") .. "\n";
		end
	end
	return table.concat({ sha256(table.concat(lines), true), (table.unpack or unpack)(hosts) }, " ");
end

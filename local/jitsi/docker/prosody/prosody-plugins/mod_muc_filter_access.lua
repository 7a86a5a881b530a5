-- Stands in for Jitsi's module: only clients of the hosts in muc_filter_whitelist reach this
-- component.
local jid_split = require "util.jid".split;
local allowed = module:get_option_set("muc_filter_whitelist", {});
local st = require "util.stanza";

local function filter(event)
	local origin, stanza = event.origin, event.stanza;
	local _, host = jid_split(stanza.attr.from);
	if allowed:contains(host) or host == module.host then return; end
	origin.send(st.error_reply(stanza, "cancel", "service-unavailable"));
	return true;
end

for _, kind in ipairs { "presence", "message", "iq" } do
	for _, to in ipairs { "host", "bare", "full" } do module:hook(kind .. "/" .. to, filter, 2000); end
end

-- Makes Prosody's accounts of a fleet equal to a list; runs inside Prosody, called through its
-- admin shell:
--
--   dofile("prosody-accounts.lua")(HOST, FILE, "apply" | "check")
--
-- FILE has lines "<user> <password>": so that no password is in a command line, and none in the
-- shell's input. Accounts named jvb-<hex> that are not in the list are removed, and their sessions
-- closed; all others are left alone. Returns words: "+user" created, "~user" password changed,
-- "-user" removed, "!user" failed, "*address" from which an account that is to be removed is
-- connected, "=N" the number of bridges' accounts that there are now, and last "more" when the
-- time for one call is over, or "done", and before that "@user" for each wanted bridge that has a
-- session.

-- Prosody 13 keeps a second, empty copy of a core module that is asked for by its old name.
local function core(name)
	local found, manager = pcall(require, "prosody.core." .. name);
	return found and manager or require("core." .. name);
end

local usermanager = core "usermanager";
local storagemanager = core "storagemanager";
local sha256 = require "util.hashes".sha256;

-- Checking or setting a password takes milliseconds of Prosody's only thread: everybody else waits.
local seconds_per_call = 0.1;

local function read(path)
	local wanted = {};
	for line in assert(io.lines(path)) do
		local user, password = line:match("^([%w_.-]+) (%w+)$");
		assert(user, "malformed line in the list of accounts");
		wanted[user] = password;
	end
	return wanted;
end

local function is_bridge(user)
	local hex = user:match("^jvb%-([0-9a-f]+)$");
	return hex ~= nil and #hex >= 8 and #hex <= 17;
end

local function sorted(t)
	local list = {};
	for key in pairs(t) do list[#list + 1] = key; end
	table.sort(list);
	return list;
end

-- Verdicts of earlier calls, by what is stored and what was wanted, since a password cannot be
-- checked fast.
prosody.jitsi_bridges_verdicts = prosody.jitsi_bridges_verdicts or {};

local function accounts_of(host)
	local provider = prosody.hosts[host].users;
	local store = storagemanager.open(host, "accounts");
	prosody.jitsi_bridges_verdicts[host] = prosody.jitsi_bridges_verdicts[host] or {};
	local verdicts = prosody.jitsi_bridges_verdicts[host];

	local function fingerprint(user, password)
		local stored = store:get(user) or {};
		return sha256(table.concat({ password, stored.salt or "", stored.stored_key or stored.password or "" }, " "), true);
	end

	-- From 13 on. usermanager.user_is_enabled says no for providers that know no such thing.
	local function disabled(user)
		return type(provider.is_enabled) == "function" and provider.is_enabled(user) == false;
	end

	local accounts = {};

	function accounts.verdict_is_known(user, password)
		return verdicts[user] ~= nil and verdicts[user].of == fingerprint(user, password);
	end

	-- "" right, "~" has another password or may not log in, "+" missing
	function accounts.judge(user, password)
		if not provider.user_exists(user) then
			verdicts[user] = nil;
			return "+";
		end
		if not accounts.verdict_is_known(user, password) then
			local right = provider.test_password(user, password);
			verdicts[user] = { of = fingerprint(user, password), says = right and "" or "~" };
		end
		return disabled(user) and "~" or verdicts[user].says;
	end

	-- The provider's own function: usermanager's would close the account's sessions.
	function accounts.set(user, password)
		local ok = provider.user_exists(user) and provider.set_password(user, password)
			or provider.create_user(user, password);
		if ok and disabled(user) then usermanager.enable_user(user, host); end
		verdicts[user] = nil;
		return ok and accounts.judge(user, password) == "";
	end

	function accounts.remove(user)
		verdicts[user] = nil;
		return usermanager.delete_user(user, host);
	end

	function accounts.session(user)
		local sessions = prosody.hosts[host].sessions[user];
		local _, session = next(sessions and sessions.sessions or {});
		return session;
	end

	function accounts.bridges()
		local found = {};
		for user in usermanager.users(host) do
			if is_bridge(user) and provider.user_exists(user) then found[user] = true; end
		end
		return found;
	end

	return accounts;
end

return function (host, path, action)
	local accounts, wanted, words = accounts_of(host), read(path), {};
	local started, more = os.clock(), false;
	local function say(word) words[#words + 1] = word; end
	local function late() return os.clock() - started > seconds_per_call; end

	local present = accounts.bridges();
	for _, user in ipairs(sorted(present)) do
		if not wanted[user] then
			local session = accounts.session(user);
			if session and session.ip then say("*" .. session.ip); end
			local ok = action == "check" or accounts.remove(user);
			say((ok and "-" or "!") .. user);
		end
	end
	for _, user in ipairs(sorted(wanted)) do
		if late() then more = true; break; end
		local verdict = accounts.judge(user, wanted[user]);
		if verdict ~= "" then
			local ok = action == "check" or accounts.set(user, wanted[user]);
			say((ok and verdict or "!") .. user);
		end
	end
	say("=" .. #sorted(present));
	for _, user in ipairs(more and {} or sorted(wanted)) do
		if is_bridge(user) and accounts.session(user) then say("@" .. user); end
	end
	say(more and "more" or "done");
	return table.concat(words, " ");
end

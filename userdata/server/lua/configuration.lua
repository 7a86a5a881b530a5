-- Prosody's configuration as Prosody's own loader reads it, and of each value the file and line
-- that gave it.
--
--   local configuration = dofile("configuration.lua");
--   local c = configuration.load { main = "/etc/prosody/prosody.cfg.lua", source =
--   "/usr/lib/prosody",
--                                  environ = "/proc/N/environ" or nil, overlay = { [path] = text
--                                  or false } };
--   c.get(host, option)     effective value, "*" for the global section
--   c.where(host, option)   "file:line", the last assignment; "*" where the host inherits it; nil
--   when nothing sets it
--   c.sections()            names of all hosts and components
--   c.folders               folders that an Include with a pattern lists, in order
--   c.files                 files that were read, in order
--
-- An overlay is what a file would say (text), or that there would be none (false), so that a
-- change can be judged before it is made: whatever Includes lead to the file.

local configuration = {};

local open, real_getenv = io.open, os.getenv;

-- The environment of the running Prosody: ENV_… in the configuration means that one.
local function variables(path)
	local file = path and open(path, "rb");
	if not file then return nil; end
	local found = {};
	for name, value in file:read("*a"):gmatch("([^=%z]+)=([^%z]*)") do found[name] = value; end
	file:close();
	return found;
end

-- As much of a file as the loader uses.
local function text_as_file(text)
	local file = {};
	function file.read(_, format) return tostring(format):match("l") and text:match("^[^\n]*") or text; end
	function file.close() return true; end
	return file;
end

local function without_dots(path)
	return (path:gsub("/%./", "/"):gsub("//+", "/"));
end

local function load_manager(source)
	package.path = source .. "/?.lua;" .. package.path;
	package.cpath = source .. "/?.so;" .. package.cpath;
	-- From 13 on its modules ask for each other by names that its loader understands.
	if not pcall(require, "prosody.loader") then pcall(require, "loader"); end
	local found, manager = pcall(require, "prosody.core.configmanager");
	if not found then manager = require "core.configmanager"; end
	return manager;
end

local function upvalue(f, wanted)
	for index = 1, 100 do
		local name, value = debug.getupvalue(f, index);
		if name == nil then return nil; end
		if name == wanted then return value, index; end
	end
end

-- The statement that is being executed, in the innermost file of the configuration.
local function statement(files)
	for level = 3, 50 do
		local info = debug.getinfo(level, "Sl");
		if info == nil then return nil; end
		local file = info.source:match("^@(.*)$");
		if file and files[file] then return file, info.currentline; end
	end
end

-- A statement of several lines counts as its last: the option's name stands above.
local function first_line(text, option, last)
	local lines = {};
	for line in (text .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = line; end
	for number = math.min(last, #lines), math.max(1, last - 500), -1 do
		if (" " .. lines[number]):match("[^%w_]" .. option:gsub("%W", "%%%0") .. "[%]\"']*%s*=[^=]") then return number; end
	end
	return last;
end

function configuration.load(request)
	local manager = load_manager(request.source);
	local overlay, files, order, folders, places = request.overlay or {}, {}, {}, {}, {};

	-- Every file passes here, and every folder that a pattern is looked for in.
	io.open = function (path, mode) -- luacheck: ignore 122
		local text = overlay[without_dots(path)];
		if text == nil then
			local file, problem, code = open(path, mode);
			if not file or (mode and mode:match("w")) then return file, problem, code; end
			text = file:read("*a");
			file:close();
			if text == nil then return open(path, mode); end
		elseif text == false then
			return nil, path .. ": No such file or directory", 2;
		end
		if not files[path] then order[#order + 1] = path; end
		files[path] = text;
		return text_as_file(text);
	end
	local lfs = require "lfs";
	local dir = lfs.dir;
	lfs.dir = function (path) -- luacheck: ignore 122
		local prefix = without_dots(path .. "/");
		local names, seen, kept, planned = {}, {}, {}, false;
		for file, text in pairs(overlay) do planned = planned or (text and file:sub(1, #prefix) == prefix); end
		local exists = pcall(function () for name in dir(path) do names[#names + 1] = name; end end);
		if not exists and not planned then return dir(path); end
		if not folders[path] then folders[#folders + 1], folders[path] = path, true; end
		for _, name in ipairs(names) do
			seen[name] = true;
			if overlay[prefix .. name] ~= false then kept[#kept + 1] = name; end
		end
		for file, text in pairs(overlay) do
			local name = file:sub(1, #prefix) == prefix and file:sub(#prefix + 1);
			if name and not name:find("/", 1, true) and text and not seen[name] then kept[#kept + 1] = name; end
		end
		local index = 0;
		return function () index = index + 1; return kept[index]; end
	end

	local environment = variables(request.environ);
	if environment then os.getenv = function (name) return environment[name]; end end -- luacheck: ignore 122
	if manager.set_credentials_directory and os.getenv "CREDENTIALS_DIRECTORY" then
		manager.set_credentials_directory(os.getenv "CREDENTIALS_DIRECTORY");
	end

	-- Each assignment passes through this function of the loader, whose name no version has changed
	-- so far. Where one does, values are as right as before, and have no line.
	local parser = upvalue(manager.load, "parser");
	local set, index = upvalue(parser and parser.load or manager.load, "set");
	if type(set) == "function" then
		debug.setupvalue(parser.load, index, function (config, host, option, value)
			local file, line = statement(files);
			if host and option and file then
				places[host] = places[host] or {};
				places[host][option] = { file = file, line = line };
			end
			return set(config, host, option, value);
		end);
	end
	local say = print;
	print = function () end -- luacheck: ignore 121
	local ok, level, problem = manager.load(request.main, "lua");
	print, io.open, os.getenv, lfs.dir = say, open, real_getenv, dir; -- luacheck: ignore 121 122
	if parser and set then debug.setupvalue(parser.load, index, set); end
	if not ok then return nil, level == "file" and tostring(problem) or configuration.problem(problem, request.main); end

	-- Of this load; the loader's own functions answer for the last one.
	local config = manager.getconfig();
	local c = { files = order, folders = folders, text = files };

	function c.options(host) return rawget(config, host) or {}; end

	function c.own(host, option) return rawget(c.options(host), option); end

	function c.get(host, option)
		local value = c.own(host, option);
		if value == nil then value = c.own("*", option); end
		return value;
	end

	function c.where(host, option)
		local own = places[host] and places[host][option];
		local place = own or (places["*"] and places["*"][option]);
		if not place then return nil; end
		return ("%s:%d"):format(place.file, first_line(files[place.file] or "", option, place.line));
	end

	-- Where the section begins to exist.
	function c.section(host)
		local place = places[host] and (places[host].component_module or places[host].defined);
		return place and ("%s:%d"):format(place.file, place.line);
	end

	function c.sections()
		local names = {};
		for host in pairs(config) do
			if host ~= "*" then names[#names + 1] = host; end
		end
		table.sort(names);
		return names;
	end

	function c.has(host) return rawget(config, host) ~= nil; end

	return c;
end

-- "file:line: message" out of what Lua says; it names a file by its last 60 characters.
function configuration.problem(message, main)
	return (tostring(message):gsub("^%[string \"(.-)\"%]", main):gsub("^%.%.%.[^:]*", main));
end

return configuration;

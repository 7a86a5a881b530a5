-- Java's properties files, as java.util.Properties reads them. The last assignment of a key counts.
--
--   local properties = dofile("properties.lua");
--   properties.read(path)     { [key] = { value = "…", line = N } }, nil where there is no such
--   file

local properties = {};

local escapes = { t = "\t", n = "\n", r = "\r", f = "\f" };

local function unescape(text)
	return (text:gsub("\\u(%x%x%x%x)", function (hex)
		local code = tonumber(hex, 16);
		return code < 0x80 and string.char(code) or "?";
	end):gsub("\\(.)", function (c) return escapes[c] or c; end));
end

-- Position after the key: at the first separator that is not escaped.
local function end_of_key(line)
	local position = 1;
	while position <= #line do
		local c = line:sub(position, position);
		if c == "\\" then position = position + 1;
		elseif c:match("[=:%s]") then return position; end
		position = position + 1;
	end
	return #line + 1;
end

function properties.parse(text)
	local found, number, pending, first = {}, 0, nil, 0;
	for line in (text:gsub("\r\n?", "\n") .. "\n"):gmatch("(.-)\n") do
		number = number + 1;
		local content = line:gsub("^[ \t\f]+", "");
		if pending or not (content == "" or content:match("^[#!]")) then
			if not pending then first = number; end
			content = (pending or "") .. content;
			pending = nil;
			local backslashes = content:match("(\\*)$");
			if #backslashes % 2 == 1 then
				pending = content:sub(1, -2);
			else
				local stop = end_of_key(content);
				local value = content:sub(stop):gsub("^[ \t\f]*[=:]?[ \t\f]*", "");
				found[unescape(content:sub(1, stop - 1))] = { value = unescape(value), line = first };
			end
		end
	end
	return found;
end

function properties.read(path)
	local file = io.open(path, "rb");
	if not file then return nil; end
	local text = file:read("*a");
	file:close();
	return properties.parse(text);
end

return properties;

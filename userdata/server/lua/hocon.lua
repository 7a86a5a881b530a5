-- Reads HOCON, the language of jicofo.conf, as
-- https://github.com/lightbend/config/blob/main/HOCON.md has it: merged objects, paths as keys,
-- concatenation, substitutions with what they fall back to, += and included files.
--
--   local hocon = dofile("hocon.lua");
--   local document = hocon.read(path, lookup)     error(): what cannot be read, with file and line
--   document.get("jicofo.bridge.brewery-jid")     value and "file:line"; nil when it is not set
--
-- `lookup(name)` gives what a substitution finds outside of the document: properties, then the
-- environment. What this reader does not know (included resources of the program, URLs) is an
-- error and never a guess.

local hocon = {};

local function fail(at, message) error(("%s:%d: %s"):format(at.file, at.line, message), 0); end

-- Text to tokens
-- ------------------------------------------------------------------------------------------------

local escapes = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" };

local function utf8_of(code)
	if code < 0x80 then return string.char(code); end
	if code < 0x800 then return string.char(0xC0 + math.floor(code / 64), 0x80 + code % 64); end
	return string.char(0xE0 + math.floor(code / 4096), 0x80 + math.floor(code / 64) % 64, 0x80 + code % 64);
end

local function quoted_string(at, text, position)
	local parts, index = {}, position + 1;
	while true do
		local plain, stop = text:match("^([^\"\\\n]*)()", index);
		parts[#parts + 1] = plain;
		local c = text:sub(stop, stop);
		if c == '"' then return table.concat(parts), stop + 1; end
		if c ~= "\\" then fail(at, "a string without its end"); end
		local escaped = text:sub(stop + 1, stop + 1);
		if escaped == "u" then
			local hex = text:match("^%x%x%x%x", stop + 2) or fail(at, "a malformed escape in a string");
			parts[#parts + 1] = utf8_of(tonumber(hex, 16));
			index = stop + 6;
		else
			parts[#parts + 1] = escapes[escaped] or fail(at, "a malformed escape in a string");
			index = stop + 2;
		end
	end
end

-- { kind, text, line }: "{" "}" "[" "]" "," "=" "+=" "newline" "space" "string" "bare"
-- "substitution"
local function tokens(file, text)
	local list, line, position = {}, 1, 1;
	text = text:gsub("^\239\187\191", "");
	local function add(kind, value) list[#list + 1] = { kind = kind, text = value, line = line, file = file }; end
	while position <= #text do
		local at = { file = file, line = line };
		local c = text:sub(position, position);
		if c == "\n" then
			add("newline", c);
			line, position = line + 1, position + 1;
		elseif c:match("%s") then
			local space = text:match("^[^%S\n]+", position);
			add("space", space:gsub("\r", ""));
			position = position + #space;
		elseif c == "#" or text:sub(position, position + 1) == "//" then
			position = position + #text:match("^[^\n]*", position);
		elseif text:sub(position, position + 2) == '"""' then
			local body, quotes = text:match('^(.-)("""+)', position + 3);
			if not body then fail(at, "a string without its end"); end
			add("string", body .. quotes:sub(4));
			position = position + 3 + #body + #quotes;
			line = line + select(2, body:gsub("\n", ""));
		elseif c == '"' then
			local value, stop = quoted_string(at, text, position);
			add("string", value);
			position = stop;
		elseif c == "$" then
			local optional, path, stop = text:match("^%${(%??)%s*([^}\n]-)%s*}()", position);
			if not path then fail(at, "a malformed substitution"); end
			add("substitution", path);
			list[#list].optional = optional == "?";
			position = stop;
		elseif text:sub(position, position + 1) == "+=" then
			add("+=", "+=");
			position = position + 2;
		elseif c:match("[{}%[%],=:]") then
			add(c == ":" and "=" or c, c);
			position = position + 1;
		else
			local bare = text:match("^[^%$\"{}%[%]:=,%+#`%^%?!@%*&\\%s/]+", position) or text:match("^/", position);
			if not bare then fail(at, ("%q must be in quotes here"):format(c)); end
			add("bare", bare);
			position = position + #bare;
		end
	end
	return list;
end

local function path_elements(at, path)
	local elements, position = {}, 1;
	while position <= #path do
		if path:sub(position, position) == '"' then
			local element, stop = quoted_string(at, path, position);
			elements[#elements + 1], position = element, stop;
		else
			local element = path:match("^[^%.\"]+", position) or fail(at, "a malformed path");
			elements[#elements + 1], position = element, position + #element;
		end
		if position <= #path then
			if path:sub(position, position) ~= "." then fail(at, "a malformed path"); end
			position = position + 1;
		end
	end
	return elements;
end

-- Tokens to values
-- ------------------------------------------------------------------------------------------------
-- { kind = "object", fields }  { kind = "list", elements }  { kind = "text", text }  { kind =
-- "reference", … }
-- { kind = "join", pieces }  { kind = "over", value, below }: `value`, which may turn out to be an
-- object, over `below`

local function put(object, name, value)
	local below = object.fields[name];
	if below == nil then
		object.fields[name] = value;
	elseif value.kind == "object" and below.kind == "object" then
		for inner, each in pairs(value.fields) do put(below, inner, each); end
	elseif value.kind == "text" or value.kind == "list" then
		object.fields[name] = value;
	else
		object.fields[name] = { kind = "over", value = value, below = below, at = value.at };
	end
end

local function parser(file, text, lookup, including)
	local list, index = tokens(file, text), 1;
	local object, value;

	local function peek(skip_newlines)
		while list[index] and (list[index].kind == "space" or (skip_newlines and list[index].kind == "newline")) do index = index + 1; end
		return list[index];
	end

	local function here() return list[index] or list[#list] or { file = file, line = 1 }; end

	local function key()
		local elements, text_of_bare = {}, "";
		while list[index] and (list[index].kind == "bare" or list[index].kind == "string" or list[index].kind == "space") do
			local token = list[index];
			if token.kind == "string" then
				text_of_bare = text_of_bare .. '"' .. token.text:gsub('[\\"]', "\\%0") .. '"';
			else
				text_of_bare = text_of_bare .. token.text;
			end
			index = index + 1;
		end
		text_of_bare = text_of_bare:gsub("%s+$", "");
		if text_of_bare == "" then fail(here(), "a key is missing"); end
		for _, element in ipairs(path_elements(here(), text_of_bare)) do elements[#elements + 1] = element; end
		return elements;
	end

	local function include(target, depth)
		local at, words = here(), "";
		while list[index] and list[index].kind ~= "newline" and list[index].kind ~= "}" and list[index].kind ~= "," do
			local token = list[index];
			words = words .. (token.kind == "string" and ("%q"):format(token.text) or token.text);
			index = index + 1;
		end
		local required = words:match("^required%((.*)%)%s*$");
		local inner = required or words;
		local named = inner:match('^file%("(.*)"%)%s*$') or inner:match('^"(.*)"%s*$');
		if not named or named:match("^%a+://") then fail(at, "an include that only Jicofo itself can follow: " .. words); end
		if named:sub(1, 1) ~= "/" then named = (file:match("^(.*/)") or "") .. named; end
		local found;
		for _, candidate in ipairs(named:match("%.%w+$") and { named } or { named, named .. ".conf", named .. ".json" }) do
			local opened = io.open(candidate, "rb");
			if opened then
				local content = opened:read("*a");
				opened:close();
				if content then
					if depth > 20 then fail(at, "files that include each other"); end
					found = true;
					for name, each in pairs(parser(candidate, content, lookup, depth + 1).fields) do put(target, name, each); end
				end
			end
		end
		if required and not found then fail(at, named .. " is missing"); end
	end

	function value()
		local pieces, at = {}, here();
		while true do
			local token = list[index];
			local kind = token and token.kind;
			if kind == "{" then pieces[#pieces + 1] = object("}");
			elseif kind == "[" then
				local elements = { kind = "list", elements = {}, at = token };
				index = index + 1;
				while peek(true) and list[index].kind ~= "]" do
					elements.elements[#elements.elements + 1] = value();
					if peek(true) and list[index].kind == "," then index = index + 1; end
				end
				if not list[index] then fail(token, "a list without its end"); end
				index = index + 1;
				pieces[#pieces + 1] = elements;
			elseif kind == "substitution" then
				pieces[#pieces + 1] = { kind = "reference", path = token.text, optional = token.optional, at = token };
				index = index + 1;
			elseif kind == "string" or kind == "bare" or kind == "space" then
				pieces[#pieces + 1] = { kind = "text", text = token.text, space = kind == "space", quoted = kind == "string", at = token };
				index = index + 1;
			else
				break;
			end
		end
		while pieces[1] and pieces[1].space do table.remove(pieces, 1); end
		while pieces[#pieces] and pieces[#pieces].space do table.remove(pieces); end
		if #pieces == 0 then fail(at, "a value is missing"); end
		return #pieces == 1 and pieces[1] or { kind = "join", pieces = pieces, at = pieces[1].at };
	end

	function object(closing)
		local result = { kind = "object", fields = {}, at = here() };
		if closing then index = index + 1; end
		while peek(true) and list[index].kind ~= closing do
			local first, following = list[index], list[index + 1];
			if first.kind == "bare" and first.text == "include" and following and following.kind == "space"
				and list[index + 2] and (list[index + 2].kind == "string" or list[index + 2].kind == "bare") then
				index = index + 2;
				include(result, including);
			elseif first.kind == "," then
				index = index + 1;
			else
				local elements = key();
				local operator = peek(false);
				local kind = operator and operator.kind;
				if kind == "=" or kind == "+=" then
					index = index + 1;
					peek(true);
				elseif kind ~= "{" then
					fail(operator or first, "a key without a value");
				end
				local found = value();
				if kind == "+=" then
					local reference = { kind = "reference", own = true, optional = true, path = "", at = operator };
					found = { kind = "join", pieces = { reference, { kind = "list", elements = { found }, at = operator } }, at = operator };
				end
				for position = #elements, 2, -1 do
					found = { kind = "object", fields = { [elements[position]] = found }, at = first };
				end
				put(result, elements[1], found);
			end
		end
		if closing and not list[index] then fail(result.at, "an object without its end"); end
		if closing then index = index + 1; end
		return result;
	end

	local opening = peek(true);
	local result = object(opening and opening.kind == "{" and "}" or nil);
	if peek(true) then fail(list[index], ("%q is too much"):format(list[index].text)); end
	return result;
end

-- Values to results
-- ------------------------------------------------------------------------------------------------

function hocon.parse(file, text, lookup)
	local root = parser(file, text, lookup, 0);
	local resolve, find;

	-- `below` is what the value that is being resolved stands over, which is what a reference to
	-- itself means.
	function resolve(value, path, below, depth)
		if depth > 50 then fail(value.at, "substitutions that go round in a circle"); end
		if value.kind == "over" then
			local top = resolve(value.value, path, value.below, depth + 1);
			if top == nil then return resolve(value.below, path, below, depth + 1); end
			if top.kind ~= "object" then return top; end
			local bottom = resolve(value.below, path, below, depth + 1);
			if bottom == nil or bottom.kind ~= "object" then return top; end
			local merged = { kind = "object", fields = {}, at = top.at };
			for _, each in ipairs { bottom, top } do
				for name, field in pairs(each.fields) do put(merged, name, field); end
			end
			return merged;
		elseif value.kind == "reference" then
			local found;
			if value.own or value.path == path then
				found = below and resolve(below, path, nil, depth + 1);
			else
				found = find(value.path, value.at, depth + 1);
			end
			if found == nil and not value.own then
				local outside = lookup and lookup(value.path);
				found = outside and { kind = "text", text = outside, at = value.at };
			end
			if found == nil and not value.optional then fail(value.at, "${" .. value.path .. "} is not set"); end
			return found;
		elseif value.kind == "join" then
			local result;
			for number, piece in ipairs(value.pieces) do
				local each = not piece.space and resolve(piece, path, below, depth + 1) or nil;
				if piece.space then
					-- between two texts it is part of the text, elsewhere nothing
					local following = value.pieces[number + 1] and resolve(value.pieces[number + 1], path, below, depth + 1);
					if result and result.kind == "text" and following and following.kind == "text" then
						result = { kind = "text", text = result.text .. piece.text, at = result.at, quoted = true };
					end
				elseif each ~= nil and result == nil then
					result = each.kind == "text" and { kind = "text", text = each.text, quoted = each.quoted, at = value.at } or each;
				elseif each ~= nil and result.kind == "text" and each.kind == "text" then
					result = { kind = "text", text = result.text .. each.text, at = result.at, quoted = true };
				elseif each ~= nil and result.kind == "list" and each.kind == "list" then
					local elements = {};
					for _, list in ipairs { result.elements, each.elements } do
						for _, element in ipairs(list) do elements[#elements + 1] = element; end
					end
					result = { kind = "list", elements = elements, at = result.at };
				elseif each ~= nil and result.kind == "object" and each.kind == "object" then
					local merged = { kind = "object", fields = {}, at = result.at };
					for _, one in ipairs { result, each } do
						for name, field in pairs(one.fields) do put(merged, name, field); end
					end
					result = merged;
				elseif each ~= nil then
					fail(value.at, "values of different kinds in one");
				end
			end
			return result;
		end
		return value;
	end

	function find(path, at, depth)
		local current, done = root, {};
		for _, element in ipairs(path_elements(at, path)) do
			if current == nil or current.kind ~= "object" then return nil; end
			done[#done + 1] = element;
			local field = current.fields[element];
			current = field and resolve(field, table.concat(done, "."), nil, depth);
		end
		return current;
	end

	local document = {};

	-- Text, a list of texts, or true for an object; and where it stands.
	function document.get(path)
		local found = find(path, root.at, 0);
		if found == nil or (found.kind == "text" and found.text == "null" and not found.quoted) then return nil; end
		local where = ("%s:%d"):format(found.at.file, found.at.line);
		if found.kind == "text" then return found.text, where; end
		if found.kind == "object" then return true, where; end
		local elements = {};
		for _, element in ipairs(found.elements) do
			local each = resolve(element, path, nil, 0);
			elements[#elements + 1] = each and (each.text or true) or nil;
		end
		return elements, where;
	end

	return document;
end

function hocon.read(path, lookup)
	local file = assert(io.open(path, "rb"));
	local text = file:read("*a");
	file:close();
	return hocon.parse(path, text, lookup);
end

return hocon;

-- Lines of ours in files whose comments begin with #, and what such files say.
--
--   marked.lua strip FILE                prints FILE without our lines, to the byte as it was
--   before them
--   marked.lua append FILE LINE…         prints FILE with our lines at its end
--   marked.lua property FILE KEY         prints a value of a Java properties file

local action, path = ...;
local here = arg[0]:match("^(.*/)") or "./";
local changes = dofile(here .. "changes.lua");

local function slurp()
	local file = io.open(path, "rb");
	local text = file and file:read("*a") or "";
	if file then file:close(); end
	return text;
end

if action == "strip" then
	local text = changes.strip(slurp());
	if not text then os.exit(1); end
	io.write(text);
elseif action == "append" then
	io.write(changes.append(slurp(), "#", { select(3, ...) }));
elseif action == "property" then
	local properties = dofile(here .. "properties.lua");
	local found = (properties.read(path) or {})[select(3, ...)];
	io.write(found and found.value or "");
end

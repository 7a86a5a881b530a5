-- What preparing changes in Prosody's configuration, as text: never in place, never in what the
-- operator wrote.
--
-- Ours is one section, `Component "<fleet>.jitsi-bridges.invalid" "jitsi_bridges_loader"`, whose
-- module loads our other modules on the operator's hosts: no list of theirs has to be edited.
-- Where settings of all of Prosody must be extended (interfaces, ports) they stand in the same
-- file, which is then included at the very end of prosody.cfg.lua, where it has the last word.

local changes = {};

local begin_mark, end_mark = " jitsi-bridges begin", " jitsi-bridges end";
local glued = " (the line above had no end)";

function changes.section(fleet) return fleet .. ".jitsi-bridges.invalid"; end

-- Without our block, and to the byte as it was before.
function changes.strip(text)
	local kept, inside, cut = {}, false, false;
	for line in text:gmatch("[^\n]*\n?") do
		if not inside and line:find(begin_mark, 1, true) then
			inside, cut = true, line:find(glued, 1, true) ~= nil;
		end
		if not inside then kept[#kept + 1] = line; end
		if inside and line:find(end_mark, 1, true) then inside = false; end
	end
	if inside then return nil; end
	local stripped = table.concat(kept);
	-- The end that we gave to the last line; what somebody has written below since needs it.
	if cut and text:match(" jitsi%-bridges end\r?\n?$") then stripped = stripped:gsub("\r?\n$", ""); end
	return stripped;
end

-- With lines of ours at the end, in the style of the file.
function changes.append(text, comment, lines)
	local newline = text:find("\r\n", 1, true) and "\r\n" or "\n";
	local whole = text == "" or text:sub(-1) == "\n";
	return table.concat({
		whole and text or text .. newline,
		comment .. begin_mark .. (whole and "" or glued), newline,
		table.concat(lines, newline), newline,
		comment .. end_mark, newline,
	});
end

-- With one line that includes our files.
function changes.include(text, folder)
	return changes.append(text, "--", { ("Include %q"):format(folder .. "/*.cfg.lua") });
end

local function value(v)
	if type(v) ~= "table" then return type(v) == "string" and ("%q"):format(v) or tostring(v); end
	local list = {};
	for index, element in ipairs(v) do list[index] = value(element); end
	return "{ " .. table.concat(list, ", ") .. " }";
end

local function sorted(t)
	local names = {};
	for name in pairs(t) do names[#names + 1] = name; end
	table.sort(names);
	return names;
end

-- The text of our section, for a file of its own or the one below.
function changes.section_text(fleet, options)
	local lines = { ("Component %q \"jitsi_bridges_loader\" {"):format(changes.section(fleet)) };
	for _, name in ipairs(sorted(options)) do lines[#lines + 1] = ("    %s = %s;"):format(name, value(options[name])); end
	lines[#lines + 1] = "}\n";
	return table.concat(lines, "\n");
end

-- Settings of all of Prosody: after all sections, which end with their braces.
function changes.settings_text(globals)
	local lines = {};
	for _, name in ipairs(sorted(globals)) do lines[#lines + 1] = ("%s = %s\n"):format(name, value(globals[name])); end
	return table.concat(lines);
end

-- A file of ours.
function changes.file(fleet, ...)
	return "-- Written by jitsi-bridges for the fleet " .. fleet .. "; edits are lost. `prepare.sh undo` removes it.\n" .. table.concat({ ... });
end

return changes;

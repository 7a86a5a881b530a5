-- Stands in for Jitsi's module: anybody may log in, there are no accounts.
local new_sasl = require "util.sasl".new;
local function anyone() return true; end
local function nobody() return nil, "there are no accounts here"; end
module:provides("auth", {
	get_sasl_handler = function () return new_sasl(module.host, { anonymous = anyone }); end;
	user_exists = nobody, test_password = nobody, get_password = nobody, set_password = nobody, create_user = nobody,
	users = function () return next, {}, nil; end;
});

-- Stands in for the image's module: GET /health, from this machine.
module:set_global();
module:depends "http";
module:provides("http", { default_path = "/health"; route = { GET = function () return "RUNNING"; end } });

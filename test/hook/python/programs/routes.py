"""routes.py: reads `[scheme, host, port]` lists as JSON from argv, prints the route of each preamble or null."""

import importlib
import json
import os
import sys

module = importlib.import_module("_token_budget_hook.routes")
config = importlib.import_module("_token_budget_hook.config").Config(os.environ["TOKEN_BUDGET_HOOK"])
routes = module.Routes(config)
lines = [routes.preamble(*question) for question in json.loads(sys.argv[1])]
print(json.dumps([line and line.decode().split(" ", 2)[2].rstrip("\r\n") for line in lines]))

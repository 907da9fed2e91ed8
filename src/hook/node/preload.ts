/**
 * Loaded into every Node process of the command before its own code (`NODE_OPTIONS=--require`). Guarantees:
 * - TLS connections to the hosts of the configuration, and plain ones to those named as plain, go to the run's gateway
 *   on loopback and nowhere else; a gateway that is gone is a connection error, never a direct call;
 * - processes and worker threads started from here are covered too, whatever environment they are given;
 * - every other connection is Node's own, and nothing is metered, changed or decided here;
 * - with a configuration that can not be read, or a Node that can not be patched, the process ends with status 4 before
 *   its own code runs; without a configuration nothing happens at all.
 */
import { writeSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { coverChildren } from './children.js';
import { HOOK_VARIABLE, parseHookConfig } from './config.js';
import { redirectConnections } from './connect.js';
import { coverageFrom } from './coverage.js';

/** Status of a process that could not be put under the budget. */
const NOT_ENFORCED = 4;

function start(text: string): void {
  const config = parseHookConfig(text);
  if (!config) throw new Error(`${HOOK_VARIABLE} is not a valid configuration`);
  redirectConnections(config, (): unknown => createRequire(__filename)('node:tls'));
  coverChildren(coverageFrom(process.env, text, __filename));
  syncBuiltinESMExports();
}

const text = process.env[HOOK_VARIABLE];
if (text !== undefined) {
  try {
    start(text);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    writeSync(2, `token-budget: the budget cannot be enforced in this process: ${cause}. Nothing was run.\n`);
    process.exit(NOT_ENFORCED);
  }
}

import { join, relative } from 'node:path';
import type { Policy } from '../../domain/policy.js';
import { startUpstream } from './demo-upstream.js';
import { readPolicyFile } from '../../policy/load.js';
import { EXIT } from '../../run/exit-status.js';
import type { Io } from '../io.js';

/** Runs a command under a loaded policy; returns the exit status. */
export type RunUnder = (io: Io, policy: Policy, argv: readonly string[], reportDir: string) => Promise<number>;

/**
 * `token-budget demo`: the quickstart's eval against an upstream of our own on loopback, so that it needs no key and no
 * network. The eval is an ordinary program that talks to api.openai.com; it passes its budget half-way.
 */
export async function demo(io: Io, reportDir: string, runUnder: RunUnder): Promise<number> {
  const quickstart = join(io.assets, '..', 'examples', 'quickstart');
  const upstream = await startUpstream();
  try {
    const { policy } = readPolicyFile(shortest(join(quickstart, 'token-budget.yml')));
    const redirected: Policy = {
      ...policy,
      upstreams: [{ host: 'api.openai.com', forwardTo: new URL(`http://127.0.0.1:${upstream.port}`) }],
    };
    io.err(
      'token-budget: running the eval in examples/quickstart under a budget that is too small for it. No key, no network.\n\n',
    );
    // Not a run that anybody's experiments should hold.
    const env = { ...io.env, OPENAI_API_KEY: 'not-a-key', MLFLOW_TRACKING_URI: undefined };
    const status = await runUnder(
      { ...io, env },
      redirected,
      [process.execPath, join(quickstart, 'eval.mjs')],
      reportDir,
    );
    io.err(
      `The stand-in provider answered ${upstream.calls()} calls. A real run would now exit with status ${status}; the demo exits with 0.\n`,
    );
    return status === EXIT.exceeded ? EXIT.ok : status;
  } finally {
    upstream.close();
  }
}

/** A path as it is shortest to read from here. */
function shortest(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}

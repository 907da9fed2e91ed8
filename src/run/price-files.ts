/** Reads the price file that a policy names, and puts its rates behind the policy's own. */
import { dirname, join, posix } from 'node:path';
import { PolicyError, UsageError } from '../domain/errors.js';
import type { Policy, PriceFile } from '../domain/policy.js';
import { loweredRates, type Lowered } from '../meter/lowered-rates.js';
import { readPolicyBytes } from '../policy/file.js';
import { readPriceList } from '../policy/price-file.js';
import type { Connection } from '../github/client.js';
import { readContents, remoteFile } from '../github/contents.js';

/** Where price files are read from. */
export interface PriceSources {
  /** The bytes of a file beside the policy; undefined where there is none. */
  readonly local: (path: string) => Promise<string | Buffer | undefined>;
  /** For files of other repositories: asked for only where the policy names one. */
  readonly connection: Connection;
}

/**
 * The policy with the rates of its price file behind its own. Nothing is read where it names none.
 * @throws PolicyError where the file cannot be had, is wrong, or lowers a known rate without being pinned
 */
export async function withPrices<P extends Policy>(policy: P, sources: PriceSources, now: Date): Promise<P> {
  const { prices } = policy;
  if (!prices) return policy;
  const { rates, date } = readPriceList(await contentOf(prices, sources), prices);
  const lowered = loweredRates(rates, now);
  if (lowered.length > 0) throw new PolicyError(lowered.map((one) => loweredProblem(one, prices)));
  return { ...policy, rates: [...policy.rates, ...rates], prices: { ...prices, ...(date !== undefined && { date }) } };
}

/** Files beside a policy on this machine. `admit` throws where a path must not be read. */
export function besidePolicy(policyFile: string, connection: Connection, admit?: (path: string) => void) {
  const local = (path: string): Promise<Buffer> => {
    const file = join(dirname(policyFile), path);
    admit?.(file);
    return Promise.resolve(readPolicyBytes(file));
  };
  return { local, connection } satisfies PriceSources;
}

/** Files beside a policy of a repository's other commit, read as the policy itself is. */
export function besideRemote(
  ref: Omit<Parameters<typeof readContents>[1], 'path'>,
  policyFile: string,
  connection: Connection,
) {
  const local = (path: string) =>
    readContents(connection, { ...ref, path: posix.join(posix.dirname(policyFile), path) });
  return { local, connection } satisfies PriceSources;
}

async function contentOf(prices: PriceFile, { local, connection }: PriceSources): Promise<string | Buffer> {
  const { file, at } = prices;
  const remote = remoteFile(file);
  const failed = (why: string, remedy: string) =>
    new PolicyError([{ at, key: 'prices', message: `could not read the price file ${file}: ${why}`, remedy }]);
  try {
    const content = await (remote ? readContents(connection, remote) : local(file));
    if (content !== undefined) return content;
  } catch (error) {
    if (error instanceof PolicyError) throw failed(error.problems[0]?.message ?? error.message, REMEDY);
    if (error instanceof UsageError) throw failed(error.message, REMEDY);
    throw error;
  }
  throw failed('the file does not exist, or the token cannot see it', REMEDY);
}

const REMEDY = 'Name an existing file, next to the policy or as `owner/repo/path@SHA`.';

function loweredProblem({ model, at, provider, part, known, listed }: Lowered, { file }: PriceFile) {
  return {
    at,
    key: `rates.${model}`,
    message: `${part} of ${model} is ${listed} USD per 1M tokens here, but ${known} in the built-in table (${provider})`,
    remedy: `Only a pinned file may lower a rate: write \`prices: { file: ${file}, sha256: … }\` in the policy.`,
  };
}

import { existsSync } from 'node:fs';
import { UsageError, problemLine } from '../domain/errors.js';
import type { Policy } from '../domain/policy.js';
import { DEFAULT_POLICY, readPolicyFile, type LoadedPolicy } from '../policy/load.js';
import { besidePolicy, withPrices } from '../run/price-files.js';
import type { Io } from './io.js';

/**
 * Loads a policy with its price file, and says its warnings. Throws PolicyError with all its problems, UsageError
 * where there is none.
 */
export async function policyFrom(io: Io, file: string | undefined): Promise<Policy> {
  const { policy, warnings } = loadedFrom(file);
  for (const warning of warnings) io.err(`warning: ${problemLine(warning)}\n`);
  const token = io.env.GITHUB_TOKEN ?? '';
  const apiUrl = io.env.GITHUB_API_URL ?? 'https://api.github.com';
  return withPrices(policy, besidePolicy(policy.file, { token, apiUrl }), new Date());
}

/** Loads a policy and says nothing. Throws as policyFrom does. */
export function loadedFrom(file: string | undefined): LoadedPolicy {
  const path = file ?? DEFAULT_POLICY;
  if (file === undefined && !existsSync(path)) {
    throw new UsageError(
      `there is no ${DEFAULT_POLICY} here. Create one with \`token-budget init\`, or pass one with --policy`,
    );
  }
  return readPolicyFile(path);
}

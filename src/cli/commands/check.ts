import { problemLine } from '../../domain/errors.js';
import { isKnownModel, knownModels, rateFor } from '../../meter/prices.js';
import { describePolicy } from '../../policy/check.js';
import { unknownModels } from '../../policy/unknown-models.js';
import { EXIT } from '../../run/exit-status.js';
import type { Io } from '../io.js';
import { policyFrom } from '../policy-file.js';

/** `token-budget check`: prints the resolved policy, or all its errors. */
export async function check(io: Io, file: string | undefined): Promise<number> {
  const policy = await policyFrom(io, file);
  const unknown = unknownModels(policy, isKnownModel, knownModels());
  for (const warning of unknown) io.err(`warning: ${problemLine(warning)}\n`);
  io.out(`${describePolicy(policy, (model) => rateFor(policy.rates, '', model, new Date()))}\n`);
  return EXIT.ok;
}

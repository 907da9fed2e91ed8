import { rateFor } from '../meter/prices.js';
import { describePolicy } from '../policy/check.js';
import { EXIT, type Io } from './io.js';
import { policyFrom } from './policy-file.js';

/** `token-budget check`: prints what a policy comes to, or all that is wrong with it. */
export function check(io: Io, file: string | undefined): number {
  const policy = policyFrom(io, file);
  io.out(`${describePolicy(policy, (model) => rateFor(policy.rates, '', model, new Date()))}\n`);
  return EXIT.ok;
}

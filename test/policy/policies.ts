import { readFileSync } from 'node:fs';
import { PolicyError, type PolicyProblem } from '../../src/domain/errors.js';
import type { Policy } from '../../src/domain/policy.js';
import { loadPolicy } from '../../src/policy/load.js';

export function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/policies/${name}`, import.meta.url), 'utf8');
}

/** The policy of a text that stands after `version: 1`. */
export function policyOf(text: string): Policy {
  return loadPolicy(`version: 1\n${text}`, 'p.yml').policy;
}

export function warningsIn(text: string): readonly PolicyProblem[] {
  return loadPolicy(`version: 1\n${text}`, 'p.yml').warnings;
}

/** What is wrong with a whole file; empty where nothing is. Any other error passes through. */
export function problemsIn(text: string | Buffer): readonly PolicyProblem[] {
  try {
    loadPolicy(text, 'p.yml');
    return [];
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
}

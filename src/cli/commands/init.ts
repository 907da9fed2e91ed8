import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { STARTER_POLICY, STARTER_WORKFLOW } from '../../policy/starter.js';
import { EXIT } from '../../run/exit-status.js';
import type { Io } from '../io.js';
import { DEFAULT_POLICY } from '../../policy/load.js';

const STARTERS: readonly (readonly [file: string, text: string])[] = [
  [DEFAULT_POLICY, STARTER_POLICY],
  ['.github/workflows/token-budget.yml', STARTER_WORKFLOW],
];

/** `token-budget init`: writes a starter policy and workflow; files that are there stay as they are. */
export function init(io: Io): number {
  for (const [file, text] of STARTERS) {
    if (existsSync(file)) {
      io.out(`kept     ${file} (already exists)\n`);
      continue;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
    io.out(`created  ${file}\n`);
  }
  io.out('Next: set `run` and the limits in token-budget.yml, then try `token-budget check` and `token-budget run`.\n');
  return EXIT.ok;
}

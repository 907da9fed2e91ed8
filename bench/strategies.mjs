// How well ways of admitting calls use a budget, and how far they pass it: parallel callers in virtual time.
import { join } from 'node:path';
import { bundled } from './bundle.mjs';
import { VirtualClock } from './clock.mjs';
import { loadLedger, outcomeFor, quoteFor, runLimit } from './ledger.mjs';
import { withDirectory } from './setting.mjs';
import { medianOf } from './statistics.mjs';
import { aim, fixed, percent, printTable } from './table.mjs';
import { TEXTS } from './texts.mjs';

const CALLERS = [8, 64, 200];
const BOUNDS = [1024, 4096];
/** Rows are enough to use the limit so many times over. */
const DEMAND = 4;
const NAMES = ['check then count', 'refuse on holds', 'clamp', 'token-budget', 'ours, clamp: true'];
const CUTTING = new Set(['clamp', 'ours, clamp: true']);

export async function strategies({ quick }) {
  const { MemoryLedger, rule } = await withDirectory(async (directory) => ({
    ...(await loadLedger(directory)),
    rule: await bundled(join(directory, 'rule.mjs'), ['./src/meter/bytes-rule.ts']),
  }));
  await boundByBytes(MemoryLedger, rule, quick ? 2 : 5);
  for (const limit of quick ? [200_000] : [200_000, 30_000]) {
    await compare(MemoryLedger, limit, quick ? 2 : 5);
  }
}

async function compare(MemoryLedger, limit, seeds) {
  const rows = [];
  for (const bound of BOUNDS) {
    for (const callers of CALLERS) {
      const results = {};
      for (const name of NAMES) results[name] = await runsOf({ MemoryLedger, name, limit, bound, callers, seeds });
      rows.push(rowOf(`${callers} callers, bound ${bound}`, callers, limit, results));
    }
  }
  printTable({
    title: `Admission strategies: part of a limit of ${limit.toLocaleString('en-US')} tokens that was spent`,
    note: [
      `Rows for ${DEMAND} times the limit; answers log-normal, median 20% of the bound; a refused row is lost. Over 100% is an`,
      'overshoot, in brackets by the worst of the seeds. Both that clamp lower the bound to the room left: answers cut short',
      'stand behind.',
    ],
    heads: ['', ...NAMES, 'aim'],
    rows,
  });
}

/** What soundness costs where nothing but the bytes of a request bounds its input. */
async function boundByBytes(MemoryLedger, { bytesRuleOf, mostInput }, seeds) {
  const model = 'claude-opus-4-7';
  const [limit, bound] = [200_000, 1024];
  const rows = [];
  for (const { kind, text, tokens } of TEXTS) {
    const body = JSON.stringify({ model, max_tokens: bound, messages: [{ role: 'user', content: text }] });
    const bytes = mostInput(bytesRuleOf({}, model, { modelsOf: 'anthropic' }), [Buffer.from(body)], false);
    for (const callers of CALLERS) {
      const input = { tokens, bytes };
      const run = await runsOf({ MemoryLedger, name: 'by bytes', limit, bound, callers, seeds, input });
      const held = `${fixed(bytes / tokens, 1)}×`;
      const cells = [held, percent(run.spent), percent(Math.max(0, run.worst - 1))];
      rows.push([`${kind}, ${callers} callers`, ...cells, aim(run.worst <= 1, 'overshoot 0%')]);
    }
  }
  printTable({
    title: 'Models without a public tokenizer, bounded by bytes: a limit of 200,000 tokens',
    note: [`Prompts of 1,000 to 1,900 tokens, answers as below of at most ${bound}; a refused row is lost.`],
    heads: ['', 'input held over true', 'utilisation', 'overshoot', 'aim'],
    rows,
  });
}

function rowOf(name, callers, limit, results) {
  const shown = NAMES.map((strategy) => {
    const { spent, cut, worst } = results[strategy];
    const over = worst > 1 ? ` (+${percent(worst - 1)})` : '';
    return percent(spent) + over + (CUTTING.has(strategy) ? `, ${percent(cut)} cut` : '');
  });
  const { spent, worst } = results['token-budget'];
  const aims = [aim(worst <= 1 && results['ours, clamp: true'].worst <= 1, 'never over 100%')];
  // A limit of a few worst cases cannot be used up by calls that each need a whole one to be free.
  if (callers === 64 && limit >= 200_000) aims.push(aim(spent >= 0.98, '≥98%'));
  return [name, ...shown, aims.join(', ')];
}

/** Medians over seeds of the part spent and of answers cut short, and the largest part spent. */
async function runsOf({ seeds, ...setting }) {
  const runs = [];
  for (let seed = 1; seed <= seeds; seed += 1) runs.push(await simulate({ ...setting, seed }));
  return {
    spent: medianOf(runs, ({ spent }) => spent),
    worst: Math.max(...runs.map(({ spent }) => spent)),
    cut: medianOf(runs, ({ cut }) => cut),
  };
}

async function simulate({ MemoryLedger, name, limit, bound, callers, seed, input }) {
  const clock = new VirtualClock();
  const strategy = strategyFor(name, MemoryLedger, limit, bound, clock);
  const rows = rowsFor(limit * DEMAND, bound, seed, input);
  const total = { spent: 0, sent: 0, cut: 0 };
  const caller = async () => {
    for (let row = rows.pop(); row; row = rows.pop()) {
      const hold = await strategy.ask(row);
      // A refusal takes a moment, an answer the time to generate it.
      if (!hold) {
        await clock.sleep(2);
        continue;
      }
      const output = Math.min(row.output, hold.output);
      await clock.sleep(300 + 10 * output);
      strategy.settle(hold, row.input + output);
      total.spent += row.input + output;
      total.sent += 1;
      total.cut += output < row.output ? 1 : 0;
    }
  };
  await clock.withTimers(() => {
    for (let i = 0; i < callers; i += 1) void caller();
  });
  return { spent: total.spent / limit, cut: total.cut / total.sent };
}

/**
 * Rows of about 300 tokens in, and an answer of a skewed length up to the bound.
 * @param prompt the tokens and the bound of every row's input, where they are given
 */
function rowsFor(tokens, bound, seed, prompt) {
  const random = generator(seed);
  const rows = [];
  for (let sum = 0; sum < tokens;) {
    const input = prompt?.tokens ?? Math.ceil(300 * logNormal(random, 0.3));
    const output = Math.min(bound, Math.ceil(0.2 * bound * logNormal(random, 0.7)));
    rows.push({ input, bytes: prompt?.bytes ?? input * 4, output });
    sum += input + output;
  }
  return rows;
}

function strategyFor(name, MemoryLedger, limit, bound, clock) {
  if (name === 'token-budget') return ledgerStrategy(MemoryLedger, limit, bound, clock);
  if (name === 'by bytes') return ledgerStrategy(MemoryLedger, limit, bound, clock, false, false);
  if (name === 'ours, clamp: true') return ledgerStrategy(MemoryLedger, limit, bound, clock, true);
  let settled = 0;
  let held = 0;
  const settle = (hold, used) => {
    held -= hold.tokens;
    settled += used;
  };
  const holding = (input, output) => {
    held += input + output;
    return { tokens: input + output, output };
  };
  const asks = {
    'check then count': () => (settled < limit ? { tokens: 0, output: bound } : undefined),
    'refuse on holds': ({ input }) => (settled + held + input + bound <= limit ? holding(input, bound) : undefined),
    clamp: ({ input }) => {
      const room = Math.min(bound, limit - settled - held - input);
      return room > 0 ? holding(input, room) : undefined;
    },
  };
  return { ask: asks[name], settle };
}

/** As the gateway asks: by bytes while those fit, then by the count where there is one. */
function ledgerStrategy(MemoryLedger, limit, bound, clock, clamp = false, counts = true) {
  const ledger = new MemoryLedger({
    limits: [runLimit('tokens', limit)],
    onExceed: 'raise',
    warnAt: 0.8,
    waitMs: 30_000,
    record: () => undefined,
    now: () => clock.now,
  });
  return {
    ask: async ({ input, bytes }) => {
      const byBytes = quoteFor(bytes, bound);
      const asked = !counts || ledger.fits(byBytes) ? byBytes : quoteFor(input, bound);
      const lowering = { least: 16, most: bound - 1, at: (lower) => quoteFor(input, lower) };
      const { admitted, id, quote } = await ledger.reserve(asked, undefined, clamp ? lowering : undefined);
      return admitted ? { id, output: quote.hold.output } : undefined;
    },
    settle: ({ id }, used) => ledger.settle(id, outcomeFor(used, 0)),
  };
}

/** Around 1, with the logarithm's standard deviation. */
function logNormal(random, deviation) {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(deviation * normal);
}

/** Even numbers from 0 to 1, the same for the same seed (a 32-bit linear congruential generator, high bits used). */
function generator(seed) {
  let state = BigInt(seed) * 2_654_435_761n;
  return () => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & 0xffff_ffff_ffff_ffffn;
    return Number(state >> 32n) / 2 ** 32;
  };
}

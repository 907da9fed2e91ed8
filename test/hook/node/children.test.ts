import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayStandIn } from './gateway.js';
import { nodeBinaries, runnerFor } from './program.js';

const gateway = new GatewayStandIn();
const runner = runnerFor(() => gateway.hook());
const directory = mkdtempSync(join(tmpdir(), 'children '));
const call = join(directory, 'call.cjs');
const clustered = join(directory, 'clustered.cjs');
const nested = join(directory, 'nested.cjs');
const own = join(directory, 'own.cjs');

beforeAll(async () => {
  writeFileSync(call, `fetch('https://api.openai.com/x').then((r) => process.stdout.write(String(r.status)));`);
  const request = `fetch('https://api.openai.com/x').then((r) => r.status)`;
  writeFileSync(clustered, `${request}.then((s) => process.stdout.write(String(s), () => process.exit()));`);
  writeFileSync(nested, `new (require('worker_threads').Worker)(${FILE}, { env: {} });`);
  writeFileSync(own, `globalThis.own = 'own';`);
  await gateway.listen();
});
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.forget();
});

const NODE = 'process.execPath';
const FILE = JSON.stringify(call);
const CLUSTERED = JSON.stringify(clustered);
const NESTED = JSON.stringify(nested);
const QUOTED = `'"' + ${NODE} + '" "' + ${FILE} + '"'`;
const IMPORTS = `import cp from 'node:child_process'; import cluster from 'node:cluster'; import { promisify } from 'node:util';
  import { Worker, SHARE_ENV } from 'node:worker_threads';`;
const INHERIT = `{ env: {}, stdio: 'inherit' }`;

/** Each starts the program that calls the provider in a way that loses the environment. */
const WAYS: [string, string][] = [
  ['spawn with an empty environment', `cp.spawn(${NODE}, [${FILE}], ${INHERIT})`],
  ['execFile', `cp.execFile(${NODE}, [${FILE}], { env: {} }, (e, out) => process.stdout.write(out))`],
  [
    'execFile as a promise',
    `process.stdout.write((await promisify(cp.execFile)(${NODE}, [${FILE}], { env: {} })).stdout)`,
  ],
  ['exec', `cp.exec(${QUOTED}, { env: {} }, (e, out) => process.stdout.write(out))`],
  ['fork', `cp.fork(${FILE}, [], { env: {} })`],
  ['fork with Node options of its own', `cp.fork(${FILE}, [], { env: {}, execArgv: [] })`],
  ['spawnSync', `cp.spawnSync(${NODE}, [${FILE}], ${INHERIT})`],
  ['execFileSync', `cp.execFileSync(${NODE}, [${FILE}], ${INHERIT})`],
  ['execSync', `cp.execSync(${QUOTED}, ${INHERIT})`],
  [
    'spawn with NODE_OPTIONS overwritten',
    `cp.spawn(${NODE}, [${FILE}], { env: { NODE_OPTIONS: '--no-warnings' }, stdio: 'inherit' })`,
  ],
  [
    'spawn without our variable',
    `cp.spawn(${NODE}, [${FILE}], { env: { ...process.env, TOKEN_BUDGET_HOOK: '' }, stdio: 'inherit' })`,
  ],
  [
    'spawn after process.env was cleared',
    `for (const k of Object.keys(process.env)) delete process.env[k]; cp.spawn(${NODE}, [${FILE}], { stdio: 'inherit' })`,
  ],
  [
    'spawnSync after process.env was cleared',
    `for (const k of Object.keys(process.env)) delete process.env[k]; cp.spawnSync(${NODE}, [${FILE}], { stdio: 'inherit' })`,
  ],
  [
    'a grandchild',
    `cp.spawn(${NODE}, ['-e', "require('child_process').spawn(process.execPath, [" + JSON.stringify(${FILE}) + "], { env: {}, stdio: 'inherit' })"], ${INHERIT})`,
  ],
  [
    'cluster',
    `cluster.setupPrimary({ exec: ${CLUSTERED}, execArgv: [] }); cluster.fork({ NODE_OPTIONS: '', TOKEN_BUDGET_HOOK: '' })`,
  ],
  ['Worker', `new Worker(${FILE})`],
  ['Worker with an empty environment', `new Worker(${FILE}, { env: {} })`],
  ['Worker with Node options of its own', `new Worker(${FILE}, { env: {}, execArgv: [] })`],
  [
    'Worker after process.env was cleared',
    `for (const k of Object.keys(process.env)) delete process.env[k]; new Worker(${FILE})`,
  ],
  [
    'Worker that shares a cleared environment',
    `for (const k of Object.keys(process.env)) delete process.env[k]; new Worker(${FILE}, { env: SHARE_ENV, execArgv: [] })`,
  ],
  [
    'Worker of a subclass',
    `class Mine extends Worker {} const w = new Mine(${FILE}, { env: {} }); if (!(w instanceof Mine)) throw 0`,
  ],
  ['Worker in a worker', `new Worker(${NESTED}, { env: {} })`],
];

describe.each(nodeBinaries())('on $name a call is redirected from', ({ node }) => {
  it.each(WAYS)('%s', async (_name, way) => {
    expect(await runner.run(`${IMPORTS} ${way};`, { node })).toEqual({ status: 0, stdout: '200', stderr: '' });
    expect(gateway.routes).toEqual(['https api.openai.com:443']);
  });
});

describe('a child process', () => {
  const print = (what: string): string => `cp.spawnSync(${NODE}, ['-p', ${JSON.stringify(what)}], ENV)`;

  it('keeps Node options of its own, with ours in front', async () => {
    const options = JSON.stringify(`--require "${own}" --no-warnings`);
    const program = `${IMPORTS} const ENV = { env: { NODE_OPTIONS: ${options} }, stdio: 'inherit' };
      ${print('globalThis.own + " " + process.env.NODE_OPTIONS')}`;
    const { stdout } = await runner.run(program);
    expect(stdout).toBe(`own --require "${runner.preload}" --require "${own}" --no-warnings`);
  });

  it('keeps the Python hook in front of its own path, so that Python under Node is covered too', async () => {
    const env = { PYTHONPATH: ['/hook/python', '/user'].join(':') };
    const seen = async (child: string): Promise<string> => {
      const program = `${IMPORTS} const ENV = { env: ${child}, stdio: 'inherit' }; ${print('process.env.PYTHONPATH')}`;
      return (await runner.run(program, { env })).stdout;
    };
    expect(await seen('{}')).toBe('/hook/python');
    expect(await seen(`{ PYTHONPATH: '/other:/hook/python' }`)).toBe('/hook/python:/other');
    expect(await seen('undefined')).toBe('/hook/python:/user');
  });

  it('keeps the rest of its environment as it was given', async () => {
    const program = `${IMPORTS} const ENV = { env: { A: '1=2', B: '', C: undefined }, stdio: 'inherit' };
      ${print('JSON.stringify(Object.keys(process.env).sort())')}`;
    expect(JSON.parse((await runner.run(program)).stdout)).toEqual(['A', 'B', 'NODE_OPTIONS', 'TOKEN_BUDGET_HOOK']);
  });

  it('of another budget keeps that one', async () => {
    const program = `${IMPORTS} const hook = process.env.TOKEN_BUDGET_HOOK.replace('"plain":[]', '"plain":["other"]');
      const ENV = { env: { TOKEN_BUDGET_HOOK: hook }, stdio: 'inherit' }; ${print('process.env.TOKEN_BUDGET_HOOK')}`;
    expect((await runner.run(program)).stdout).toContain('"plain":["other"]');
  });

  it('is refused by Node as ever for wrong arguments', async () => {
    const program = `${IMPORTS} const tries = [() => cp.spawnSync('x', 'y'), () => cp.execSync(1), () => cp.spawn('x', [], { env: 1 }),
      () => new Worker(1), () => new Worker('/x.js', { env: 1 })];
      console.log(tries.map((t) => { try { t().on?.('error', () => {}); return 'none'; } catch (e) { return e.code; } }).join());`;
    const bare = await runner.run(program, { env: { NODE_OPTIONS: undefined } });
    expect(bare.stdout).toContain('ERR_INVALID_ARG_TYPE');
    expect(await runner.run(program)).toEqual(bare);
  });

  const withExecve = nodeBinaries().filter(({ major }) => major >= 24);
  it.each(withExecve)('that takes the place of its parent by execve is covered on $name', async ({ node }) => {
    const program = `process.execve(process.execPath, ['node', ${FILE}], {});`;
    expect(await runner.run(program, { node, args: ['--no-warnings'] })).toMatchObject({ stdout: '200' });
    expect(gateway.routes).toEqual(['https api.openai.com:443']);
  });
});

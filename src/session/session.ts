import type { Entry } from '../domain/entry.js';
import { Latch } from '../lib/one-shot-signal.js';
import type { Policy } from '../domain/policy.js';
import type { Snapshot } from '../domain/snapshot.js';
import { BackgroundCalls } from '../gateway/background.js';
import { Custody } from '../gateway/custody.js';
import { Forwarder } from '../gateway/forward.js';
import { heldKeys, keptCredentials, withoutKeys, type HeldKey } from '../gateway/held-keys.js';
import { targetFinder } from '../gateway/route.js';
import { Gateway, newSecret } from '../gateway/server.js';
import type { MlflowHook } from '../hook/config.js';
import { childEnvironment, type Environment, type HookFiles } from '../hook/env.js';
import { MemoryLedger } from '../ledger/memory.js';
import { RowUses } from '../ledger/rows.js';
import { Counters } from '../meter/counter.js';
import { Mask } from '../mask/mask.js';
import { secretsIn } from '../mask/secrets.js';
import { FORMATS } from '../meter/dialects/index.js';
import { rateFinder } from '../meter/prices.js';
import { PROVIDERS } from '../providers/index.js';
import { providersOf, UNKNOWN_PROVIDER } from '../providers/lookup.js';
import { SUSPECT_HOSTS } from '../providers/unmetered-hosts.js';
import { UsedRates } from './used-rates.js';
import { startCommand, type CommandEnd, type RunningCommand } from '../run/command.js';
import { openEntry } from './open-entry.js';
import { readableKeys } from './readable-keys.js';
import { readEvals } from '../run/seen-runs.js';
import { Recorder } from './recorder.js';
import { forwardSignals } from '../run/signals.js';

export interface SessionOptions {
  readonly policy: Policy;
  readonly argv: readonly string[];
  /** Where the command runs; the current directory where left out. */
  readonly cwd?: string;
  /** The parent's environment. */
  readonly env: Environment;
  readonly files: HookFiles;
  /** The token counter's worker. */
  readonly counterFile: string;
  readonly reportDir: string;
  /** Version of the tool. */
  readonly tool: string;
  /** Time the command has after each signal under `halt` and after a signal to us, in ms; 5,000 where left out. */
  readonly graceMs?: number;
  /** What the hook does with MLflow; undefined where it leaves it as it is. */
  readonly mlflow?: MlflowHook | undefined;
  /** Told, before the command starts, of the gateway's secrets in its environment, and of the keys behind them. */
  readonly onSecrets?: (secrets: readonly string[]) => void;
  /** Shown while the command runs; returns its own end. */
  readonly progress: (snapshot: () => Snapshot) => () => void;
}

export interface SessionResult {
  /** All that the journal holds, and what it could not take. */
  readonly entries: readonly Entry[];
  readonly end: CommandEnd;
  /** Enforcement failed: not all spending may be on record, and new calls were refused from then on. */
  readonly failure: Error | undefined;
}

const GRACE_MS = 5_000;

/** Longest wait, after the command has ended, for answers whose cost is not known yet, in ms. */
const LAST_CALLS_MS = 5_000;

/**
 * Runs a command under a policy: opens the journal, starts the gateway, hooks the command's processes to it, and ends
 * when the command has ended and its calls are settled. Rejects with EnforcementError before anything was started
 * where the journal or the gateway cannot be had.
 */
export async function runSession(options: SessionOptions): Promise<SessionResult> {
  const session = new Session(options);
  try {
    return await session.run();
  } finally {
    await session.close();
  }
}

class Session {
  readonly #options: SessionOptions;
  readonly #startedAt = new Date();
  readonly #start = performance.now();
  /** The run's own: it opens the gateway. */
  readonly #secret = newSecret();
  readonly #held: readonly HeldKey[];
  readonly #mask: Mask;
  readonly #recorder: Recorder;
  readonly #rows = new RowUses();
  readonly #rates: UsedRates;
  readonly #ledger: MemoryLedger;
  readonly #counters: Counters;
  readonly #graceMs: number;
  #gateway: Gateway | undefined;
  #command: RunningCommand | undefined;
  #halting = false;
  readonly #halted = new Latch();
  readonly #background = new BackgroundCalls();

  constructor(options: SessionOptions) {
    const { policy } = options;
    this.#options = options;
    this.#graceMs = options.graceMs ?? GRACE_MS;
    this.#rates = new UsedRates(policy.rates);
    this.#held = heldKeys(policy, options.env);
    this.#mask = new Mask([...secretsIn(options.env), ...this.#secrets()]);
    this.#recorder = new Recorder({
      mask: this.#mask,
      directory: options.reportDir,
      fsync: policy.journal.fsync,
      now: () => this.#now(),
      onBreach: () => {
        this.#haltSoon();
      },
    });
    this.#counters = new Counters(options.counterFile);
    this.#ledger = new MemoryLedger({
      limits: policy.limits,
      onExceed: policy.onExceed,
      warnAt: policy.warnAt,
      waitMs: policy.reserve.waitMs,
      record: (entry) => {
        this.#recorder.record(entry);
        this.#rows.add(entry);
      },
      now: () => this.#now(),
    });
  }

  async run(): Promise<SessionResult> {
    const { argv, cwd, progress } = this.#options;
    this.#recorder.record(openEntry({ ...this.#options, mask: this.#mask }, this.#startedAt));
    const env = await this.#openGateway();
    const command = startCommand(argv, env, cwd);
    this.#command = command;
    const unforward = forwardSignals(
      command,
      () => {
        this.#ledger.stop();
      },
      this.#graceMs,
    );
    const endProgress = progress(() => this.#ledger.snapshot());
    const end = await command.end;
    unforward();
    await command.sweep();
    await this.#lastCalls();
    endProgress();
    this.#noteEvals();
    const unused = this.#rates.unused();
    if (unused !== undefined) this.#recorder.notice('uncovered', unused);
    this.#recorder.note({ event: 'close', ms: this.#now(), exitCode: end.exitCode, signal: end.signal });
    const entries = this.#recorder.entries();
    this.#recorder.close();
    return { entries, end, failure: this.#recorder.failure };
  }

  async close(): Promise<void> {
    this.#gateway?.close();
    this.#recorder.close();
    await this.#counters.close();
  }

  /** Starts the gateway and returns the environment that leads the command's calls to it. */
  async #openGateway(): Promise<Environment> {
    const { policy, env, files, mlflow } = this.#options;
    const [secret, held] = [this.#secret, this.#held];
    this.#noteKeys();
    this.#options.onSecrets?.(this.#secrets());
    const { limits, onExceed, reserve, unpriced, unpricedBound, metering, counter: counterName } = policy;
    const strict = metering === 'strict';
    const suspects = { name: UNKNOWN_PROVIDER, hosts: SUSPECT_HOSTS };
    const providers = strict ? providersOf(PROVIDERS.all, suspects) : PROVIDERS;
    this.#gateway = new Gateway({
      context: {
        policy: {
          ...{ limits, onExceed, reserve, unpriced, metering, counter: counterName },
          ...(unpricedBound !== undefined && { unpricedBound }),
        },
        ledger: this.#ledger,
        rows: this.#rows,
        providers,
        formats: FORMATS,
        counters: this.#counters,
        forwarder: new Forwarder(),
        rateOf: this.#rateFinder(),
        now: () => new Date(),
        halted: this.#halted,
        background: this.#background,
        notice: (code, text) => {
          this.#recorder.notice(code, text);
        },
      },
      secret,
      targetOf: targetFinder(policy.upstreams, providers),
      custody: new Custody(held),
      onFailure: (error) => {
        this.#fail(error);
      },
    });
    const port = await this.#gateway.listen();
    const plain = policy.upstreams.map(({ host }) => host);
    const tls = [...plain, ...providers.all.flatMap(({ hosts }) => hosts)];
    const watch = strict ? [] : SUSPECT_HOSTS;
    return childEnvironment(
      withoutKeys(env, held),
      { port, secret, tls, plain, watch, ...(mlflow && { mlflow }) },
      files,
    );
  }

  /** The prices of calls; what is asked for is remembered. */
  #rateFinder(): ReturnType<typeof rateFinder> {
    const find = rateFinder(this.#options.policy.rates);
    return (provider, requested, answered, at) => {
      this.#rates.saw(requested);
      if (answered !== undefined) this.#rates.saw(answered);
      return find(provider, requested, answered, at);
    };
  }

  /** What opens the gateway, the keys that it holds, and what the command has in their stead. */
  #secrets(): readonly string[] {
    return [this.#secret, ...this.#held.flatMap(({ placeholder, key }) => [placeholder, key])];
  }

  /** Under `keys: gateway`: a word on each key that the command can read all the same. */
  #noteKeys(): void {
    const { policy, env } = this.#options;
    if (policy.keys !== 'gateway') return;
    // Node opens its debugger to whoever sends this signal, until somebody listens for it.
    process.on('SIGUSR1', () => undefined);
    const texts = [...keptCredentials(this.#held, env), ...readableKeys(this.#held)];
    for (const text of texts) this.#recorder.notice('keys', text);
  }

  /** The ledger stays open for calls in flight whose client is gone: their cost is still to be learned. */
  async #lastCalls(): Promise<void> {
    this.#ledger.stop();
    const until = this.#now() + LAST_CALLS_MS;
    while (this.#ledger.snapshot().inFlight > this.#background.size && this.#now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // Nobody is left to ask what became of these.
    this.#background.end(this.#ledger);
  }

  /** What MLflow states of its evaluations, for the report to set beside what was metered. */
  #noteEvals(): void {
    const { mlflow } = this.#options;
    if (!mlflow) return;
    for (const each of readEvals(mlflow.runs)) this.#recorder.note({ event: 'eval', ms: this.#now(), ...each });
  }

  /** Under `halt`: ends the command, after the refusal that led to it has reached its caller. */
  #haltSoon(): void {
    if (this.#options.policy.onExceed !== 'halt' || this.#halting) return;
    this.#halting = true;
    setTimeout(() => {
      this.#ledger.stop();
      this.#halted.fire();
      this.#recorder.notice('halted', 'the command was stopped at its budget');
      void this.#command?.stop(this.#graceMs);
    }, 20);
  }

  #fail(error: Error): void {
    this.#recorder.failure ??= error;
    this.#ledger.stop();
  }

  #now(): number {
    return Math.round(performance.now() - this.#start);
  }
}

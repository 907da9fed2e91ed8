/**
 * A gateway's life, apart from any command's: opened under a policy, used by whatever carries its environment, closed
 * with all that was spent. What runs the command (or hands the environment to others) is not known here.
 */
import type { Entry, NoticeEntry } from '../domain/entry.js';
import type { Snapshot } from '../domain/snapshot.js';
import { Custody } from '../gateway/key-custody.js';
import { Forwarder } from '../gateway/forward.js';
import { heldKeys, keptCredentials, withoutKeys, type HeldKey } from '../gateway/held-keys.js';
import { Gateway, newSecret } from '../gateway/server.js';
import { childEnvironment } from '../hook/env.js';
import type { Environment } from '../lib/environment.js';
import type { Ledger } from '../ledger/contract.js';
import { RowUses } from '../ledger/rows.js';
import { Latch } from '../lib/one-shot-signal.js';
import { Mask } from '../mask/mask.js';
import { secretsIn } from '../mask/secrets.js';
import { Counters } from '../meter/counter.js';
import { FORMATS } from '../meter/dialects/index.js';
import { Halt } from './halt.js';
import type { SessionEnd, SessionOptions, SessionResult } from './options.js';
import { openEntry } from './open-entry.js';
import { readableKeys } from './readable-keys.js';
import { Recorder } from './recorder.js';
import { routingOf, type Routing } from './routing.js';
import { UsedRates } from './used-rates.js';

/** Longest wait, when the session is closed, for answers whose cost is not known yet, in ms. */
const LAST_CALLS_MS = 5_000;

/** A gateway with its ledger, its journal and the keys that it holds, from open to close. */
export class Session {
  readonly #options: SessionOptions;
  readonly #startedAt = new Date();
  readonly #start = performance.now();
  /** The session's own: it opens the gateway. */
  readonly #secret = newSecret();
  readonly #held: readonly HeldKey[];
  readonly #mask: Mask;
  readonly #recorder: Recorder;
  readonly #rows = new RowUses();
  readonly #rates: UsedRates;
  readonly #ledger: Ledger;
  readonly #counters: Counters;
  readonly #routing: Routing;
  readonly #halt = new Halt(() => {
    this.#halted();
  });
  readonly #onHalt = new Latch();
  readonly #gateway: Gateway;
  #environment: Environment = {};

  /**
   * Opens the journal and the gateway.
   * @throws EnforcementError where either cannot be had; nothing is left open then
   */
  static async open(options: SessionOptions): Promise<Session> {
    const session = new Session(options);
    try {
      await session.#open();
      return session;
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  private constructor(options: SessionOptions) {
    const { policy, env, reportDir } = options;
    const now = () => this.#now();
    this.#options = options;
    this.#rates = new UsedRates(policy.rates);
    this.#held = heldKeys(policy, env);
    this.#mask = new Mask([...secretsIn(env), ...this.secrets]);
    this.#recorder = new Recorder({
      mask: this.#mask,
      directory: reportDir,
      fsync: policy.journal.fsync,
      now,
      onBreach: (id) => {
        if (policy.onExceed === 'halt') this.#halt.after(id);
      },
    });
    this.#counters = new Counters(options.counterFile);
    const record = (entry: Entry) => {
      this.#recorder.record(entry);
      this.#rows.add(entry);
    };
    this.#ledger = options.ledger({ record, now });
    this.#routing = routingOf(policy);
    this.#gateway = this.#newGateway();
  }

  /** The environment that leads the calls of a process and of its children to the gateway. */
  get environment(): Environment {
    return this.#environment;
  }

  /** What opens the gateway, the keys that it holds, and what processes have in their stead: none of it may be shown. */
  get secrets(): readonly string[] {
    return [this.#secret, ...this.#held.flatMap(({ placeholder, key }) => [placeholder, key])];
  }

  /** Where the budget stands. */
  snapshot(): Snapshot {
    return this.#ledger.snapshot();
  }

  /** Admits no call any more. Those in flight go on. */
  stopSpending(): void {
    this.#ledger.stop();
  }

  /** Under `on_exceed: halt`, calls a function once the budget has ended all spending. */
  onHalt(listener: () => void): void {
    this.#onHalt.on(listener);
  }

  /** Keeps what no decision depends on. */
  note(entry: Entry): void {
    this.#recorder.note(entry);
  }

  /** Says something to the report's reader, once for each text. */
  notice(code: NoticeEntry['code'], text: string): void {
    this.#recorder.notice(code, text);
  }

  /** Milliseconds since the session was opened. */
  get ms(): number {
    return this.#now();
  }

  /** Ends spending, and waits for calls in flight whose client is gone: their cost is still to be learned. */
  async drain(): Promise<void> {
    this.#ledger.stop();
    await this.#gateway.finish(LAST_CALLS_MS);
  }

  /** Closes journal and gateway. What is still in flight keeps its hold as its cost. */
  async close({ exitCode, signal }: SessionEnd): Promise<SessionResult> {
    try {
      const unused = this.#rates.unused();
      if (unused !== undefined) this.notice('uncovered', unused);
      this.note({ event: 'close', ms: this.#now(), exitCode, signal });
      const entries = this.#recorder.entries();
      this.#recorder.close();
      return { entries, failure: this.#recorder.failure };
    } finally {
      await this.release();
    }
  }

  async #open(): Promise<void> {
    const { policy, env, files, mlflow } = this.#options;
    this.#recorder.record(openEntry({ ...this.#options, mask: this.#mask }, this.#startedAt));
    if (policy.keys === 'gateway') this.#noteKeys();
    const port = await this.#gateway.listen();
    const { tls, plain, watch } = this.#routing;
    const config = { port, secret: this.#secret, tls, plain, watch, ...(mlflow && { mlflow }) };
    this.#environment = childEnvironment(withoutKeys(env, this.#held), config, files);
  }

  #newGateway(): Gateway {
    return new Gateway({
      parts: {
        policy: this.#options.policy,
        providers: this.#routing.providers,
        formats: FORMATS,
        ledger: this.#ledger,
        rows: this.#rows,
        counters: this.#counters,
        forwarder: new Forwarder(),
        rateOf: this.#rates.finder(),
        now: () => new Date(),
        halted: this.#halt.signal,
        notice: (code, text) => {
          this.notice(code, text);
        },
      },
      secret: this.#secret,
      targetOf: this.#routing.targetOf,
      custody: new Custody(this.#held),
      onReplied: (id) => {
        this.#halt.replied(id);
      },
      onFailure: (error) => {
        this.#recorder.failure ??= error;
        this.#ledger.stop();
      },
    });
  }

  /** A word on each key that the command can read although the gateway holds it. */
  #noteKeys(): void {
    const texts = [...keptCredentials(this.#held, this.#options.env), ...readableKeys(this.#held)];
    for (const text of texts) this.notice('keys', text);
  }

  #halted(): void {
    this.#ledger.stop();
    this.notice('halted', 'the command was stopped at its budget');
    this.#onHalt.fire();
  }

  /** Lets go of gateway and journal, whatever was recorded. After `close` it changes nothing. */
  async release(): Promise<void> {
    this.#halt.cancel();
    await this.#gateway.close();
    this.#recorder.close();
    await this.#counters.close();
  }

  #now(): number {
    return Math.round(performance.now() - this.#start);
  }
}

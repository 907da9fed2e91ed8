/** What a session is opened with, and what it leaves. */
import type { Entry } from '../domain/entry.js';
import type { Policy } from '../domain/policy.js';
import type { MlflowHook } from '../hook/config.js';
import type { HookFiles } from '../hook/env.js';
import type { Ledger } from '../ledger/contract.js';
import type { Environment } from '../lib/environment.js';

/** What a ledger of this session writes to, and the clock that its entries carry. */
export interface LedgerTools {
  /** Keeps an entry. Throws where that cannot be done: spending without a record must end. */
  readonly record: (entry: Entry) => void;
  /** Milliseconds since the session was opened, monotonic. */
  readonly now: () => number;
}

/** What a session is opened with. */
export interface SessionOptions {
  readonly policy: Policy;
  /** Makes the ledger that decides; the session keeps its entries. */
  readonly ledger: (tools: LedgerTools) => Ledger;
  /** What is run under the session, for the record; empty where that is not known. */
  readonly argv: readonly string[];
  /** The environment that keys are read from, and that `environment` is made of. */
  readonly env: Environment;
  readonly files: HookFiles;
  /** The token counter's worker. */
  readonly counterFile: string;
  readonly reportDir: string;
  /** Version of the tool. */
  readonly tool: string;
  /** What the hook does with MLflow; undefined where it leaves it as it is. */
  readonly mlflow?: MlflowHook | undefined;
}

/** What a session leaves. */
export interface SessionResult {
  /** All that the journal holds, and what it could not take. */
  readonly entries: readonly Entry[];
  /** Enforcement failed: not all spending may be on record, and new calls were refused from then on. */
  readonly failure: Error | undefined;
}

/** How what ran under the session ended: its exit status, or the signal that ended it; both null where nobody knows. */
export interface SessionEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

import type { Limit, OnExceed } from './limit.js';
import type { MlflowPolicy } from './mlflow.js';
import type { NanoUsd } from './money.js';
import type { RateCard } from './rate.js';

export type CounterName = 'o200k_base' | 'cl100k_base' | 'whitespace';

/** A rate that the policy sets for the models that match a pattern. */
export interface PolicyRate {
  readonly pattern: string;
  readonly card: RateCard;
  /** `file:line:column` of the rate in the policy, or in the price file. */
  readonly at?: string;
  /** Set for a rate of the price file: it stands behind the policy's own, and whether it may lower a known one. */
  readonly listed?: { readonly pinned: boolean };
}

/** A price file that a policy names; its rates are among those of the policy once it is read. */
export interface PriceFile {
  /** As the policy writes it: a path beside it, or `owner/repo/path@SHA`. */
  readonly file: string;
  /** `file:line:column` of the field in the policy. */
  readonly at: string;
  /** SHA-256 that its bytes must have, in lower-case hex. */
  readonly sha256?: string;
  /** Its bytes cannot change without the policy: it may lower rates. */
  readonly pinned: boolean;
  /** The day of its prices, `YYYY-MM-DD`, where it states one. */
  readonly date?: string;
}

/** A host that the policy adds, redirects or describes. */
export interface Upstream {
  /** `host` (its scheme's port) or `host:port`, lower case, as the command's requests name it; may hold `*`. */
  readonly host: string;
  /** Where to send its calls instead: an http or https origin. */
  readonly forwardTo?: URL;
  /** The wire format of paths that none of the known suffixes tells. */
  readonly dialect?: string;
  /** Whose prices apply. */
  readonly provider?: string;
  /** The models behind the host's own names for them, lower case: Azure deployments, for one. */
  readonly models?: ReadonlyMap<string, string>;
  /** The environment variable whose key the host gets, where the gateway holds the keys. */
  readonly keyVariable?: string;
}

/** A policy after defaults, units and patterns are resolved: what the engine runs on. */
export interface Policy {
  /** The file as the user named it. */
  readonly file: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly hash: string;
  /** The command: a shell line or an argument list; undefined where the file has none. */
  readonly run: string | readonly string[] | undefined;
  /** In the order of the file: the run's, per call, per row, then by model and by provider pattern. */
  readonly limits: readonly Limit[];
  readonly onExceed: OnExceed;
  /** Part of a ceiling, 0 to 1, at which a warning is due. */
  readonly warnAt: number;
  /** Most specific pattern first. */
  readonly rates: readonly PolicyRate[];
  readonly unpriced: 'refuse' | 'warn' | 'stated';
  /** Nano-USD that a call without a rate holds under `stated`, more than 0; undefined under the others. */
  readonly unpricedBound?: NanoUsd;
  /** A price file beside the built-in table. */
  readonly prices?: PriceFile;
  readonly reserve: {
    /** Written into a request that states no output bound, 1 or more tokens. */
    readonly outputTokens: number;
    /** How long a call may wait for holds to settle, in ms, 0 or more. */
    readonly waitMs: number;
    /** Where a call does not fit with its output bound, lower that to what is left, instead of refusing the call. */
    readonly clamp: boolean;
  };
  readonly journal: {
    /** Each entry reaches the disk, not just the operating system, before its call goes on. */
    readonly fsync: boolean;
  };
  /** What happens to what cannot be metered: `known` passes hosts that are not listed, `strict` refuses them. */
  readonly metering: 'known' | 'strict';
  /** Who holds the providers' keys: the command in its environment, or the gateway, for which it has placeholders. */
  readonly keys: 'command' | 'gateway';
  readonly counter: CounterName;
  readonly upstreams: readonly Upstream[];
  /** Undefined where it says nothing: then MLflow gets the numbers where the command or the environment uses it. */
  readonly mlflow: MlflowPolicy | 'off' | undefined;
}

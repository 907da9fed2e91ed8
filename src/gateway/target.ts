import type { Provider } from '../providers/provider.js';
import type { Origin } from './origin.js';

/** What the gateway knows of a host: where to send its requests and how to read them. */
export interface Target {
  readonly origin: Origin;
  /** The host differs from the one the request names. */
  readonly redirected: boolean;
  /** The policy names it; else it comes from the built-in table. */
  readonly listed: boolean;
  /** Whose prices apply. */
  readonly provider: Provider;
  /** Whose host it is by the built-in table, whatever the policy says of its prices. */
  readonly owner: Provider | undefined;
  /** The environment variable whose key the policy gives it. */
  readonly keyVariable: string | undefined;
  /** The models behind its own names for them, lower case. */
  readonly models: ReadonlyMap<string, string> | undefined;
  /** The wire format of paths that tell none. */
  readonly dialect: string | undefined;
  /** As the report names it: `host`, or `host:port` where the port is not the scheme's own. */
  readonly name: string;
}

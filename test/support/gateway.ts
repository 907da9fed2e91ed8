import type { OutgoingHttpHeaders } from 'node:http';
import type { Entry, RefuseEntry, ReserveEntry, SettleEntry, VoidEntry } from '../../src/domain/entry.js';
import { Latch, type Signal } from '../../src/lib/one-shot-signal.js';
import type { Dimension, Limit, OnExceed } from '../../src/domain/limit.js';
import type { CounterName, PolicyRate, Upstream } from '../../src/domain/policy.js';
import { Custody } from '../../src/gateway/key-custody.js';
import { Forwarder } from '../../src/gateway/forward.js';
import type { HeldKey } from '../../src/gateway/held-keys.js';
import type { Patience } from '../../src/gateway/upstream-timeouts.js';
import { targetFinder } from '../../src/gateway/target-finder.js';
import { Gateway, newSecret } from '../../src/gateway/server.js';
import { ROUTE_HEADER } from '../../src/hook/config.js';
import { MemoryLedger } from '../../src/ledger/ledger.js';
import { RowUses } from '../../src/ledger/rows.js';
import { Counters } from '../../src/meter/counter.js';
import { PROVIDERS } from '../../src/providers/index.js';
import type { Providers } from '../../src/providers/provider.js';
import type { Formats } from '../../src/meter/dialects/formats.js';
import { FORMATS } from '../../src/meter/dialects/index.js';
import { rateFinder } from '../../src/meter/prices.js';
import { ask, type Answered, type Asked } from './client.js';

export interface TestGatewayOptions {
  readonly limits?: readonly Limit[];
  readonly onExceed?: OnExceed;
  readonly unpriced?: 'refuse' | 'warn' | 'stated';
  /** Nano-USD that a call without a rate holds under `stated`. */
  readonly unpricedBound?: number;
  readonly metering?: 'known' | 'strict';
  readonly rates?: readonly PolicyRate[];
  readonly now?: () => Date;
  readonly upstreams?: readonly Upstream[];
  /** Where calls to api.openai.com and api.anthropic.com really go. */
  readonly origin?: string;
  readonly counter?: CounterName;
  /** The bundled worker of a counter other than `whitespace`. */
  readonly counterFile?: string;
  readonly outputTokens?: number;
  readonly waitMs?: number;
  readonly clamp?: boolean;
  readonly drainMs?: number;
  readonly headMs?: number;
  /** How long an upstream is borne with. */
  readonly patience?: Patience;
  /** The keys that the gateway holds. */
  readonly held?: readonly HeldKey[];
  readonly halted?: Signal;
  /** All providers that the gateway knows; the real ones where left out. */
  readonly providers?: Providers;
  /** All wire formats that it reads; the real ones where left out. */
  readonly formats?: Formats;
}

export interface TestGateway {
  readonly port: number;
  readonly secret: string;
  readonly ledger: MemoryLedger;
  readonly entries: readonly Entry[];
  readonly notices: readonly string[];
  /** Errors that no handling foresaw; a test that does not provoke one expects none. */
  readonly failures: readonly Error[];
  /** Its own life, beside its requests. */
  readonly gateway: Gateway;
  /** Numbers of the calls whose replies have been written. */
  readonly replied: readonly number[];
  settled(): SettleEntry[];
  voided(): VoidEntry[];
  refused(): RefuseEntry[];
  reserved(): ReserveEntry[];
  /** The route line for a host; `https` on 443 where the arguments say nothing else. */
  preamble(host?: string, scheme?: 'https' | 'http', port?: number): string;
  routeHeader(host?: string, scheme?: 'https' | 'http', port?: number): OutgoingHttpHeaders;
  /** A request to a host by way of the gateway. */
  request(asked: Omit<Asked, 'port' | 'preamble'> & { readonly host?: string }): Promise<Answered>;
  /** A POST of JSON. */
  post(path: string, body: unknown, headers?: OutgoingHttpHeaders, host?: string): Promise<Answered>;
  /** Waits until no call is in flight any more. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** A limit of the whole run. */
export function runLimit(dimension: Dimension, ceiling: number): Limit {
  return { dimension, ceiling, scope: { kind: 'run' }, at: 'token-budget.yml:2:3' };
}

/** A real gateway before a real ledger, with the built-in prices. */
export async function startGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { limits = [], onExceed = 'raise', unpriced = 'refuse', counter: name = 'whitespace', waitMs = 2000 } = options;
  const entries: Entry[] = [];
  const notices: string[] = [];
  const failures: Error[] = [];
  const start = performance.now();
  const now = () => Math.round(performance.now() - start);
  const rows = new RowUses();
  const record = (entry: Entry) => {
    entries.push(entry);
    rows.add(entry);
  };
  const ledger = new MemoryLedger({ limits, onExceed, warnAt: 0.8, waitMs, record, now });
  const counters = new Counters(options.counterFile ?? '');
  const replied: number[] = [];
  const secret = newSecret();
  const reserve = { outputTokens: options.outputTokens ?? 1000, waitMs, clamp: options.clamp ?? false };
  const { providers = PROVIDERS } = options;
  const gateway = new Gateway({
    parts: {
      policy: {
        ...{ limits, onExceed, reserve, unpriced, metering: options.metering ?? 'known', counter: name },
        ...(options.unpricedBound !== undefined && { unpricedBound: options.unpricedBound }),
      },
      ledger,
      rows,
      providers,
      formats: options.formats ?? FORMATS,
      counters,
      forwarder: new Forwarder(options.patience),
      rateOf: rateFinder(options.rates ?? [], providers),
      now: options.now ?? (() => new Date()),
      halted: options.halted ?? new Latch(),
      notice: (code, text) => void notices.push(`${code}: ${text}`),
    },
    secret,
    targetOf: targetFinder(upstreamsOf(options), providers),
    custody: new Custody(options.held ?? []),
    onFailure: (error) => void failures.push(error),
    onReplied: (id) => void replied.push(id),
    ...(options.drainMs === undefined ? {} : { drainMs: options.drainMs }),
    ...(options.headMs === undefined ? {} : { headMs: options.headMs }),
  });
  const port = await gateway.listen();

  const route = (host = 'api.openai.com', scheme = 'https', to = scheme === 'https' ? 443 : 80) =>
    `TB1 ${secret} ${scheme} ${host}:${to}`;
  const request: TestGateway['request'] = ({ host = 'api.openai.com', headers = {}, ...rest }) =>
    ask({ ...rest, headers: { host, ...headers }, port, preamble: `${route(host)}\r\n` });
  return {
    port,
    secret,
    ledger,
    entries,
    notices,
    failures,
    gateway,
    replied,
    settled: () => entries.filter((entry) => entry.event === 'settle'),
    voided: () => entries.filter((entry) => entry.event === 'void'),
    refused: () => entries.filter((entry) => entry.event === 'refuse'),
    reserved: () => entries.filter((entry) => entry.event === 'reserve'),
    preamble: (...args) => `${route(...args)}\r\n`,
    routeHeader: (...args) => ({ [ROUTE_HEADER]: route(...args) }),
    request,
    post: (path, body, headers = {}, host = 'api.openai.com') =>
      request({
        method: 'POST',
        path,
        host,
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      }),
    idle: async () => {
      if (!(await gateway.idle(60_000))) throw new Error('a call is still under way');
    },
    close: async () => {
      await gateway.close();
      await counters.close();
    },
  };
}

function upstreamsOf({ upstreams = [], origin }: TestGatewayOptions): Upstream[] {
  if (origin === undefined) return [...upstreams];
  const hosts = [
    'api.openai.com',
    'api.anthropic.com',
    'api.mistral.ai',
    'generativelanguage.googleapis.com',
    'bedrock-runtime.us-east-1.amazonaws.com',
  ];
  return [...upstreams, ...hosts.map((host) => ({ host, forwardTo: new URL(origin) }))];
}

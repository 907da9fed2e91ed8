import { POLICY_DIALECTS, type DialectName } from '../domain/call.js';
import type { Upstream } from '../domain/policy.js';
import { child, named, textAt, type Field, type Named, type Reading } from './fields.js';
import type { PolicyFile, UpstreamHost } from '../generated/policy.generated.js';

/** The hosts that a policy adds or redirects, lower case, in the order of the file. */
export function resolveUpstreams(
  field: Field<NonNullable<PolicyFile['upstreams']>> | undefined,
  reading: Reading,
): readonly Upstream[] {
  const places = new Map<string, string>();
  return named(field).map((entry) => {
    const { name, nameAt, field: own } = entry;
    const host = name.toLowerCase();
    const first = places.get(host);
    if (first !== undefined) {
      reading.note(nameAt, own.path, `this host is already listed at ${first}`, 'Keep one of the two.');
    } else if (portOf(host) > 65_535) {
      reading.note(nameAt, own.path, 'the port is above 65535', 'Write host or host:port.');
    }
    places.set(host, first ?? nameAt);
    return upstreamOf(host, entry, reading);
  });
}

function upstreamOf(host: string, { field }: Named<UpstreamHost>, reading: Reading): Upstream {
  const forward = child(field, 'forward_to');
  const forwardTo = forward && originOf(textAt(forward));
  if (forward !== undefined && forwardTo === undefined) reading.misfit(forward);
  const dialect = dialectOf(textAt(child(field, 'dialect')));
  const provider = textAt(child(field, 'provider'));
  const keyVariable = textAt(child(field, 'key_variable'));
  const models = named(child(field, 'models')).map(
    ({ name, field: own }) => [name.toLowerCase(), textAt(own)] as const,
  );
  return {
    host,
    ...(forwardTo && { forwardTo }),
    ...(dialect && { dialect }),
    ...(provider !== '' && { provider }),
    ...(models.length > 0 && { models: new Map(models) }),
    ...(keyVariable !== '' && { keyVariable }),
  };
}

function dialectOf(word: string): DialectName | undefined {
  return POLICY_DIALECTS.find((one) => one === word);
}

/** An http or https origin; undefined where the text says more, or less, than that. */
function originOf(text: string): URL | undefined {
  // The URL parser forgives tabs, spaces and backslashes; where keys are sent should be what a reader sees.
  if (!/^https?:\/\/[^\s\\/?#@*]+\/?$/i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text);
}

function portOf(host: string): number {
  return Number(/:(\d+)$/.exec(host)?.[1] ?? 0);
}

/** Whether an upstream's calls, and the keys in them, would cross a network unencrypted. */
export function isPlainRemote({ forwardTo }: Upstream): boolean {
  if (forwardTo?.protocol !== 'http:') return false;
  return !/^(localhost|127(\.\d{1,3}){3}|\[::1\]|.*\.localhost)$/.test(forwardTo.hostname);
}

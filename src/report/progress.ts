/** The progress line of a running command. */
import { scopeName, type Limit } from '../domain/limit.js';
import type { Snapshot } from '../domain/snapshot.js';
import { oneLine } from './escape.js';
import { count, exactUsd, percent, plural, spentUsd } from './format.js';
import { limitWords } from './words.js';

type LimitState = Snapshot['limits'][number];

/**
 * Tokens, cost and calls against the run's limits, calls in flight, waiting and refused, and the share of the nearest
 * other limit. Reservations do not count as used. One line, without a line end.
 */
export function progressLine(snapshot: Snapshot): string {
  const { settled, held, inFlight, waiting, refused } = snapshot;
  const nearest = nearestOf(snapshot.limits);
  const parts = [
    amount(runLimit(snapshot, 'tokens'), count(settled.tokens), 'tokens'),
    amount(runLimit(snapshot, 'cost_usd'), spentUsd(settled.cost_usd, snapshot.incomplete), ''),
    amount(runLimit(snapshot, 'calls'), count(settled.calls), settled.calls === 1 ? 'call' : 'calls'),
    ...(inFlight > 0 ? [`${count(inFlight)} in flight (${plural(held.tokens, 'token')} reserved)`] : []),
    ...(waiting > 0 ? [`${count(waiting)} waiting`] : []),
    ...(refused > 0 ? [`${count(refused)} refused`] : []),
    ...(nearest && !isShown(nearest.limit) ? [nearestWords(nearest)] : []),
  ];
  return `token-budget: ${parts.join(' · ')}`;
}

function amount(state: LimitState | undefined, settled: string, noun: string): string {
  const words = noun === '' ? '' : ` ${noun}`;
  if (!state) return `${settled}${words}`;
  const { dimension, ceiling } = state.limit;
  const of = dimension === 'cost_usd' ? exactUsd(ceiling) : count(ceiling);
  return `${settled} of ${of}${words} (${percent(state.settled, ceiling)})`;
}

function runLimit(snapshot: Snapshot, dimension: Limit['dimension']): LimitState | undefined {
  return snapshot.limits.find(({ limit }) => limit.scope.kind === 'run' && limit.dimension === dimension);
}

/** The limit most used up; a limit per call starts anew with each call and does not count. */
function nearestOf(limits: readonly LimitState[]): LimitState | undefined {
  return limits
    .filter(({ limit }) => limit.scope.kind !== 'call')
    .reduce<LimitState | undefined>((near, state) => (near && share(near) >= share(state) ? near : state), undefined);
}

function share({ limit, settled }: LimitState): number {
  return limit.ceiling === 0 ? 1 : settled / limit.ceiling;
}

function isShown(limit: Limit): boolean {
  const { dimension } = limit;
  return limit.scope.kind === 'run' && (dimension === 'tokens' || dimension === 'cost_usd' || dimension === 'calls');
}

function nearestWords({ limit, settled }: LimitState): string {
  const words = limitWords({ dimension: limit.dimension, scope: scopeName(limit.scope) }, (text) => oneLine(text, 40));
  return `nearest: ${words} ${percent(settled, limit.ceiling)}`;
}

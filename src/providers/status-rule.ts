/** What an answer with an error status costs: the rules by which a call's hold is kept or freed, as data. */

/** On what a rule rests: the provider says so; its meaning of the status says so; a rule of its own for a like case does. */
export type Basis = 'stated' | 'meaning' | 'like case' | 'not stated';

/** One rule; the first that fits a failure decides. */
export interface StatusRule {
  /** Goes before the rules for errors by which anyone tells that a model or a filter has worked. */
  readonly first?: true;
  /** Hosts of the provider that it holds for, by a part of their name; all where left out. */
  readonly host?: string;
  /** Statuses and ranges of them, both ends included. */
  readonly statuses: readonly (number | readonly [from: number, to: number])[];
  /** Holds for errors that match this in their code, type or message alone. */
  readonly error?: RegExp;
  /** Holds only for errors in the provider's own format: something between it and us may send the same status. */
  readonly own?: true;
  readonly billed: boolean;
  /** The least that such an answer is billed by itself, in nano-USD. */
  readonly fee?: number;
  readonly basis: Basis;
  /** In a few words, why. */
  readonly why: string;
  readonly source: string;
  /** When the source was read, or was last changed by its own word. */
  readonly date: string;
}

/** That a 503 is not billed, as several providers mean it; a row adds its source. */
export const OVERLOADED = {
  statuses: [503],
  own: true,
  billed: false,
  basis: 'meaning',
  why: 'overloaded or down: the request was not taken',
  date: '2026-11-28',
} as const satisfies Omit<StatusRule, 'source'>;

/** Wire formats that a policy may name for a host: those that need not be told by a path. The schema's list is made of this. */
export const POLICY_DIALECTS = [
  'openai-chat',
  'openai-responses',
  'openai-completions',
  'openai-embeddings',
  'openai-images',
  'openai-audio',
  'anthropic',
  'gemini',
  'gemini-interactions',
  'mistral',
  'cohere',
  'ollama',
  'tgi',
] as const;

/** All wire formats that the gateway can meter, each an object of that name in meter/dialects. */
export const DIALECT_NAMES = [...POLICY_DIALECTS, 'bedrock-converse', 'bedrock-invoke'] as const;

/** One of the wire formats that the gateway can meter. */
export type DialectName = (typeof DIALECT_NAMES)[number];

/** What a request tells about a call before it is sent. */
export interface CallFacts {
  /** The provider whose prices apply, as the price table names it: `openai`, `anthropic`, … */
  readonly provider: string;
  readonly host: string;
  readonly model: string;
  /** The name of its wire format. */
  readonly dialect: string;
  /** The row of the eval that it serves, where that is known: an identifier of up to 64 of `A-Z a-z 0-9 _ -`. */
  readonly row?: string;
  /** The part of an eval that it belongs to, where that is known. */
  readonly phase?: Phase;
}

/** What a call is for, as far as its process said. */
export type Purpose = Pick<CallFacts, 'phase' | 'row'>;

/** A call's purpose alone; nothing where none is known. */
export function purposeOf({ phase, row }: Purpose): Purpose {
  return { ...(row === undefined ? {} : { row }), ...(phase === undefined ? {} : { phase }) };
}

/**
 * The part of an eval that a call belongs to: trying out the function before the run, answering a row, or judging an
 * answer. All else has none.
 */
export type Phase = 'preflight' | 'predict' | 'judge';

/**
 * Why a call was refused.
 * - `exhausted`: what is settled leaves no room for it.
 * - `held`: calls in flight hold the room, and it did not come free within `reserve.wait`.
 * - `call_too_large`: it alone passes a ceiling, whatever else runs.
 * - `unpriced`: a cost limit covers it and no rate is known for its model.
 * - `unmetered`: its path or format cannot be metered.
 * - `abandoned`: its client gave up while it waited for room.
 * - `stopped`: the run is ending, or the journal cannot be written.
 */
export type RefusalReason =
  'exhausted' | 'held' | 'call_too_large' | 'unpriced' | 'unmetered' | 'abandoned' | 'stopped';

/** Whether a refusal says that the budget did not do; a caller that left and a run that ends say nothing about it. */
export function breaksBudget(reason: RefusalReason): boolean {
  return reason !== 'abandoned' && reason !== 'stopped';
}

/** Of a run: whether it stayed within its budget. */
export type Verdict = 'within' | 'exceeded';

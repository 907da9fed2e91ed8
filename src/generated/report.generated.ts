// Generated from schema/report.schema.json by scripts/generate.mjs; run `npm run generate` after a change there.

/**
 * What a run under a token budget used, what was refused, and why. Tokens are whole numbers. Money is given twice: as an exact decimal string in USD, and as an integer in nano-USD. No field contains a prompt, an answer or a key. Within a schema_version, fields may be added; none is removed or changes its meaning.
 */
export interface Report {
  /**
   * Version of the report format.
   */
  schema_version: 1;
  /**
   * Version of the tool that metered the run.
   */
  tool: string;
  /**
   * When the run began, ISO 8601 in UTC.
   */
  started_at: string;
  /**
   * From the start to the last recorded entry, in ms.
   */
  duration_ms: number;
  /**
   * True if the run was cut short before its end was recorded (killed, crashed). Calls that were in flight then are charged their full reservation.
   */
  incomplete: boolean;
  /**
   * The policy that the run was under.
   */
  policy: {
    /**
     * The policy file as the user named it.
     */
    file: string;
    /**
     * SHA-256 of its bytes, hex.
     */
    hash: string;
    /**
     * What happens to a call that would pass a limit: it is refused and the run fails, it is sent and reported, or it is refused and the command is stopped.
     */
    on_exceed: 'raise' | 'warn' | 'halt';
    /**
     * Share of a limit at which to warn.
     */
    warn_at: number;
  };
  /**
   * exceeded if any limit is exceeded, or any call was refused for a reason other than stopped.
   */
  verdict: 'within' | 'exceeded';
  /**
   * Sums over calls[].
   */
  totals: {
    /**
     * Calls that were admitted and not voided.
     */
    calls: number;
    /**
     * Calls that were never sent.
     */
    refused: number;
    /**
     * Calls that were sent, or tried, and cost nothing: the provider answered with an error or could not be reached.
     */
    voided: number;
    /**
     * Tokens that the models read, including those read from and written to the provider's cache.
     */
    input_tokens: number;
    /**
     * Tokens that the models generated, reasoning included.
     */
    output_tokens: number;
    /**
     * input_tokens + output_tokens.
     */
    total_tokens: number;
    /**
     * Part of input_tokens that came from the provider's cache.
     */
    cache_read_tokens: number;
    /**
     * Part of input_tokens written to the provider's cache.
     */
    cache_write_tokens: number;
    /**
     * Part of output_tokens spent on reasoning.
     */
    reasoning_tokens: number;
    /**
     * Cost in USD, an exact decimal. Calls without a known price count as 0 (see unpriced).
     */
    cost_usd: string;
    /**
     * The same cost in billionths of a USD, for sums without rounding.
     */
    cost_nano_usd: number;
    /**
     * Settled calls whose cost leaves a part out: with such calls in it, a cost is what was spent at least. Absent if there are none.
     */
    cost_incomplete_calls?: number;
  };
  /**
   * Every limit of the policy, in its order.
   */
  limits: LimitUse[];
  /**
   * Use by provider and model, most expensive first.
   */
  models: ModelUse[];
  /**
   * Use by part of the eval; absent if no call is known to belong to one.
   */
  phases?: PhaseUse[];
  /**
   * Every call, in the order in which they were decided.
   */
  calls: CallUse[];
  /**
   * Models, and parts of what was asked of them, without a known price: they count as 0 in every cost, or their calls were refused.
   */
  unpriced: Unpriced[];
  /**
   * Settled calls whose worst case could not be bounded: for these the limits are best-effort.
   */
  unbounded: Unbounded[];
  /**
   * Settled calls whose request set no output limit and had one written into it.
   */
  bounded: Bounded[];
  /**
   * Settled calls whose output limit was lowered to what was left of the budget; absent if there are none.
   */
  clamped?: Clamped[];
  /**
   * Settled calls that were billed above their reservation, by model; absent if there are none.
   */
  above_hold?: AboveHold[];
  /**
   * What a reader should know, in the order in which it happened.
   */
  notices: Notice[];
  /**
   * What each MLflow evaluation in the run stated about itself; absent if there was none.
   */
  evals?: EvalUse[];
  reconciliation?: Reconciliation;
  /**
   * True if an eval had calls refused: its aggregates then cover the surviving rows only. Absent otherwise.
   */
  partial?: boolean;
  /**
   * The command that was run.
   */
  command: {
    /**
     * The command, with words that look like keys masked.
     */
    argv: string[];
    /**
     * Its own exit status; null if a signal ended it or the run was cut short.
     */
    exit_code: number | null;
    /**
     * The signal that ended it, such as SIGTERM; null if none did.
     */
    signal: string | null;
    /**
     * From the start of the run to its end, or to the last recorded entry, in ms.
     */
    duration_ms: number;
  };
  /**
   * The price table that applies where the policy sets no rate.
   */
  prices: {
    /**
     * The source of the table.
     */
    source: string;
    /**
     * The date of the table.
     */
    date: string;
    /**
     * Days from the table's date to the run, if more than 45: prices may have changed since.
     */
    stale_days?: number;
  };
}
/**
 * One limit and how much of it was used.
 */
export interface LimitUse {
  /**
   * What it counts.
   */
  dimension: 'tokens' | 'input_tokens' | 'output_tokens' | 'calls' | 'cost_usd';
  /**
   * What it covers: run (everything), per_call (each call by itself), per_row (each eval row by itself), models.<pattern> or providers.<pattern>.
   */
  scope: string;
  /**
   * For per_row only: the row that used most, and whose use this is; absent if no call had a row.
   */
  row?: string;
  /**
   * Where the policy sets it: file:line:column.
   */
  at: string;
  /**
   * The unit of ceiling, used and remaining; nano_usd is a billionth of a USD.
   */
  unit: 'tokens' | 'calls' | 'nano_usd';
  /**
   * Reaching it is allowed, passing it is a breach.
   */
  ceiling: number;
  /**
   * Sum over the settled calls that it covers; for per_call the largest single call, for per_row the largest sum of a row.
   */
  used: number;
  /**
   * True if used is a cost that leaves out a part of some call's cost. Absent otherwise.
   */
  at_least?: boolean;
  /**
   * ceiling - used, at least 0.
   */
  remaining: number;
  /**
   * True if used > ceiling, or a call was refused because of this limit.
   */
  exceeded: boolean;
  /**
   * Calls refused because of this limit (not counting those refused as stopped).
   */
  refused: number;
  /**
   * For cost_usd only: ceiling as an exact decimal of USD.
   */
  ceiling_usd?: string;
  /**
   * For cost_usd only: used as an exact decimal of USD.
   */
  used_usd?: string;
  /**
   * For cost_usd only: remaining as an exact decimal of USD.
   */
  remaining_usd?: string;
}
/**
 * What one model used.
 */
export interface ModelUse {
  /**
   * The provider whose prices apply, as named in the price table.
   */
  provider: string;
  /**
   * The model as the request named it.
   */
  model: string;
  /**
   * Calls that were admitted and not voided.
   */
  calls: number;
  /**
   * Calls that were never sent.
   */
  refused: number;
  /**
   * Calls that were sent, or tried, and cost nothing: the provider answered with an error or could not be reached.
   */
  voided: number;
  /**
   * Tokens that the models read, including those read from and written to the provider's cache.
   */
  input_tokens: number;
  /**
   * Tokens that the models generated, reasoning included.
   */
  output_tokens: number;
  /**
   * input_tokens + output_tokens.
   */
  total_tokens: number;
  /**
   * Part of input_tokens that came from the provider's cache.
   */
  cache_read_tokens: number;
  /**
   * Part of input_tokens written to the provider's cache.
   */
  cache_write_tokens: number;
  /**
   * Part of output_tokens spent on reasoning.
   */
  reasoning_tokens: number;
  /**
   * Cost in USD, an exact decimal. Calls without a known price count as 0 (see unpriced).
   */
  cost_usd: string;
  /**
   * The same cost in billionths of a USD, for sums without rounding.
   */
  cost_nano_usd: number;
  /**
   * Settled calls whose cost leaves a part out: with such calls in it, a cost is what was spent at least. Absent if there are none.
   */
  cost_incomplete_calls?: number;
}
/**
 * What one part of an eval used.
 */
export interface PhaseUse {
  /**
   * preflight: the trial call of the function before the run. predict: answering rows. judge: judging answers. other: calls known to belong to none of these.
   */
  phase: 'preflight' | 'predict' | 'judge' | 'other';
  /**
   * Calls that were admitted and not voided.
   */
  calls: number;
  /**
   * Calls that were never sent.
   */
  refused: number;
  /**
   * Calls that were sent, or tried, and cost nothing: the provider answered with an error or could not be reached.
   */
  voided: number;
  /**
   * Tokens that the models read, including those read from and written to the provider's cache.
   */
  input_tokens: number;
  /**
   * Tokens that the models generated, reasoning included.
   */
  output_tokens: number;
  /**
   * input_tokens + output_tokens.
   */
  total_tokens: number;
  /**
   * Part of input_tokens that came from the provider's cache.
   */
  cache_read_tokens: number;
  /**
   * Part of input_tokens written to the provider's cache.
   */
  cache_write_tokens: number;
  /**
   * Part of output_tokens spent on reasoning.
   */
  reasoning_tokens: number;
  /**
   * Cost in USD, an exact decimal. Calls without a known price count as 0 (see unpriced).
   */
  cost_usd: string;
  /**
   * The same cost in billionths of a USD, for sums without rounding.
   */
  cost_nano_usd: number;
  /**
   * Settled calls whose cost leaves a part out: with such calls in it, a cost is what was spent at least. Absent if there are none.
   */
  cost_incomplete_calls?: number;
}
/**
 * One call.
 */
export interface CallUse {
  /**
   * Number of the call within the run.
   */
  id: number;
  /**
   * The provider whose prices apply, as named in the price table.
   */
  provider: string;
  /**
   * The model as the request named it.
   */
  model: string;
  /**
   * The model that answered, if the response named another one than the request.
   */
  answered_model: string | null;
  /**
   * The wire format: openai-chat, openai-responses, openai-completions, openai-embeddings, openai-images, openai-audio, anthropic, gemini, gemini-interactions, bedrock-converse, bedrock-invoke, mistral, cohere, ollama, tgi; null if it was not recognised.
   */
  dialect: string | null;
  /**
   * The host that the request was for.
   */
  host: string;
  /**
   * The part of an eval that it belonged to; absent if not known.
   */
  phase?: 'preflight' | 'predict' | 'judge';
  /**
   * The eval row that it served; absent if not known.
   */
  row?: string;
  /**
   * settled: it counts. voided: the provider did no billable work. refused: it was never sent.
   */
  outcome: 'settled' | 'voided' | 'refused';
  /**
   * Why it was refused: its worst case exceeds what is left; the rest is reserved by calls in flight; it alone could pass a limit; no price is known; it cannot be metered; its caller gave up while it waited; the run was ending. null if it was not refused.
   */
  reason: 'exhausted' | 'held' | 'call_too_large' | 'unpriced' | 'unmetered' | 'abandoned' | 'stopped' | null;
  /**
   * For the reason unpriced: what has no known price, if that is not the model but a tool, a service tier or a region. Absent otherwise.
   */
  no_price_for?: string;
  /**
   * For the reason held: true if the budget was reserved by jobs whose results had not been fetched: background responses, deferred completions, asynchronous chats. Absent otherwise.
   */
  held_by_jobs?: true;
  /**
   * The limit that it did not fit; null if there is none.
   */
  limit: LimitName | null;
  usage: TokenUse;
  /**
   * reported: by the provider. estimated: counted from the text. held: usage unknown, so charged the full reservation. null if it is not settled.
   */
  usage_source: 'reported' | 'estimated' | 'held' | null;
  meters?: MeterUse;
  /**
   * The service tier that the answer names, if its price is not the standard one; other is a tier whose price is not known. Absent for the standard tier.
   */
  service_tier?: 'flex' | 'batch' | 'priority' | 'fast' | 'ultrafast' | 'other';
  /**
   * True if the answer says that it was served within one region, for which some providers charge more. Absent otherwise.
   */
  regional?: boolean;
  /**
   * Cost in USD, an exact decimal. Calls without a known price count as 0 (see unpriced).
   */
  cost_usd: string;
  /**
   * The same cost in billionths of a USD, for sums without rounding.
   */
  cost_nano_usd: number;
  /**
   * Why its cost leaves a part out: a tool, a service tier or a model without a known price, or a part that no answer tells. Absent if the cost is complete.
   */
  cost_incomplete?: string;
  /**
   * Where its price comes from: the policy, the price table, or the provider, which reported the cost; none if no price is known; null if it was refused.
   */
  rate: 'policy' | 'table' | 'reported' | 'none' | null;
  hold: Hold;
  /**
   * Why its worst case could not be bounded; null if it was bounded.
   */
  unbounded: string | null;
  /**
   * The output limit written into its request, in tokens; null if none was.
   */
  output_bound: number | null;
  /**
   * What output_bound was before it was lowered to what was left: the request's own limit, or the policy's. Absent if it was not lowered.
   */
  output_bound_from?: number;
  /**
   * HTTP status of the answer; null if none came.
   */
  status: number | null;
  /**
   * When it was admitted or refused, ISO 8601 in UTC.
   */
  started_at: string;
  /**
   * From admission to its end, in ms; null if it was refused or its end was not recorded.
   */
  duration_ms: number | null;
  /**
   * How long it waited for calls in flight to settle, in ms.
   */
  waited_ms: number;
}
/**
 * A limit, by what it counts and covers.
 */
export interface LimitName {
  /**
   * What it counts.
   */
  dimension: 'tokens' | 'input_tokens' | 'output_tokens' | 'calls' | 'cost_usd';
  /**
   * What it covers.
   */
  scope: string;
}
/**
 * What one call consumed; all 0 if it was refused or voided.
 */
export interface TokenUse {
  /**
   * Tokens that the models read, including those read from and written to the provider's cache.
   */
  input_tokens: number;
  /**
   * Tokens that the models generated, reasoning included.
   */
  output_tokens: number;
  /**
   * input_tokens + output_tokens.
   */
  total_tokens: number;
  /**
   * Part of input_tokens that came from the provider's cache.
   */
  cache_read_tokens: number;
  /**
   * Part of input_tokens written to the provider's cache.
   */
  cache_write_tokens: number;
  /**
   * Part of output_tokens spent on reasoning.
   */
  reasoning_tokens: number;
  /**
   * Part of input_tokens that was audio; absent if there was none.
   */
  audio_input_tokens?: number;
  /**
   * Part of input_tokens that was images; absent if there was none.
   */
  image_input_tokens?: number;
  /**
   * Part of output_tokens that was audio; absent if there was none.
   */
  audio_output_tokens?: number;
  /**
   * Part of output_tokens that was images; absent if there was none.
   */
  image_output_tokens?: number;
}
/**
 * What one call was billed for in units other than tokens, each absent if there was none.
 */
export interface MeterUse {
  /**
   * Web searches.
   */
  searches?: number;
  /**
   * Map queries, or answers grounded with a map.
   */
  map_searches?: number;
  /**
   * Enterprise web searches, which Vertex bills at a price of their own.
   */
  enterprise_searches?: number;
  /**
   * Searches of files kept at the provider.
   */
  file_searches?: number;
  /**
   * Sessions of containers in which code ran.
   */
  containers?: number;
  /**
   * Uses of other tools that run at the provider.
   */
  tool_calls?: number;
  /**
   * Document pages, except those read with annotations.
   */
  pages?: number;
  /**
   * Document pages read with annotations.
   */
  annotated_pages?: number;
  /**
   * Seconds of audio.
   */
  seconds?: number;
  /**
   * Characters.
   */
  characters?: number;
  /**
   * Generated images.
   */
  images?: number;
  /**
   * Search units of a rerank, as Cohere bills them.
   */
  search_units?: number;
}
/**
 * The worst case that was reserved for a call (or would have been) until its usage was known.
 */
export interface Hold {
  /**
   * Tokens reserved for the input.
   */
  input_tokens: number;
  /**
   * Tokens reserved for the output.
   */
  output_tokens: number;
  /**
   * Cost reserved, in billionths of a USD.
   */
  cost_nano_usd: number;
}
/**
 * A model without a known price.
 */
export interface Unpriced {
  /**
   * The provider whose prices apply, as named in the price table.
   */
  provider: string;
  /**
   * The model as the request named it.
   */
  model: string;
  /**
   * What has no known price in its calls, if that is not the model itself but a tool, a service tier or a region. Absent otherwise.
   */
  part?: string;
  /**
   * Settled calls that count as 0 in every cost.
   */
  calls: number;
  /**
   * Calls refused because no price is known.
   */
  refused: number;
}
/**
 * Calls to one model that could not be bounded, for one reason.
 */
export interface Unbounded {
  /**
   * The provider whose prices apply, as named in the price table.
   */
  provider: string;
  /**
   * The model as the request named it.
   */
  model: string;
  /**
   * Why.
   */
  reason: string;
  /**
   * How many.
   */
  calls: number;
}
/**
 * Calls to one model that had an output limit written in.
 */
export interface Bounded {
  /**
   * The provider whose prices apply, as named in the price table.
   */
  provider: string;
  /**
   * The model as the request named it.
   */
  model: string;
  /**
   * The limit.
   */
  output_tokens: number;
  /**
   * How many.
   */
  calls: number;
}
/**
 * Calls to one model whose output limit was lowered.
 */
export interface Clamped {
  /**
   * The provider whose prices apply, as named in the price table.
   */
  provider: string;
  /**
   * The model as the request named it.
   */
  model: string;
  /**
   * The limit that they would have had, in tokens.
   */
  from: number;
  /**
   * The lowest limit that one of them had instead.
   */
  to: number;
  /**
   * How many. Each call states its own limit in calls[].
   */
  calls: number;
}
/**
 * Calls to one model that were billed above their reservations, and by how much in total.
 */
export interface AboveHold {
  /**
   * The provider whose prices apply.
   */
  provider: string;
  /**
   * The model that was asked for.
   */
  model: string;
  /**
   * How many calls.
   */
  calls: number;
  /**
   * Input tokens above the reservations.
   */
  input_tokens: number;
  /**
   * Output tokens above the reservations.
   */
  output_tokens: number;
  /**
   * Cost above the reservations in USD, an exact decimal.
   */
  cost_usd: string;
  /**
   * The same in billionths of a USD.
   */
  cost_nano_usd: number;
}
/**
 * One thing to know.
 */
export interface Notice {
  /**
   * What kind of thing.
   */
  code:
    | 'warn_at'
    | 'exceeded'
    | 'unmetered'
    | 'unseen'
    | 'unpriced'
    | 'uncovered'
    | 'tier'
    | 'above_hold'
    | 'keys'
    | 'journal'
    | 'halted';
  /**
   * The limit concerned; null if there is none.
   */
  limit: LimitName | null;
  /**
   * In plain words.
   */
  text: string;
  /**
   * When it happened, in ms from the start.
   */
  after_ms: number;
}
/**
 * One evaluation, as MLflow states it.
 */
export interface EvalUse {
  /**
   * The MLflow run that it logged to.
   */
  run_id: string;
  /**
   * Rows that it went through.
   */
  rows: number;
  /**
   * Rows without an answer.
   */
  failed_rows: number;
  traced: StatedTokens;
  judged: StatedTokens;
}
/**
 * Tokens as MLflow states them; 0 if it states none.
 */
export interface StatedTokens {
  /**
   * Tokens read.
   */
  input_tokens: number;
  /**
   * Tokens generated.
   */
  output_tokens: number;
}
/**
 * What MLflow states compared with what was metered, for all evaluations together; absent if MLflow states no tokens.
 */
export interface Reconciliation {
  /**
   * Tokens in the traces of the rows.
   */
  traced_tokens: number;
  /**
   * Tokens metered for rows; compared if traces state any.
   */
  predict_tokens: number;
  /**
   * Tokens that the judges' assessments state.
   */
  judged_tokens: number;
  /**
   * Tokens metered for judges; compared if assessments state any.
   */
  judge_tokens: number;
  /**
   * Tokens metered for no known part of the eval; they may belong to either.
   */
  other_tokens: number;
  /**
   * Tokens that MLflow states and no metered call accounts for: calls that bypassed the gateway.
   */
  missing_tokens: number;
}

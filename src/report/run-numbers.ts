/**
 * A run in a few numbers, small enough for a comment to carry, so that a later run can compare with it. What is read
 * back is untrusted: each field is checked, and only known fields are kept.
 */
import type { Verdict } from '../domain/call.js';
import type { NanoUsd } from '../domain/money.js';
import type { Report } from '../generated/report.generated.js';
import { oneLine } from './escape.js';

/** What one model used. */
export interface ModelNumbers {
  /** At most 100 characters each, on one line. */
  readonly provider: string;
  readonly model: string;
  /** Settled calls and what they used; whole numbers from 0 to 2^53 − 1. */
  readonly calls: number;
  readonly tokens: number;
  readonly cost_nano_usd: NanoUsd;
}

/** A run in a few numbers; all counts are whole, from 0 to 2^53 − 1. */
export interface RunNumbers {
  readonly v: 1;
  readonly verdict: Verdict;
  /** When the run began, ISO 8601 in UTC. */
  readonly date: string;
  /** The commit it ran on, 40 or 64 lower-case hex digits; null where it is not known. */
  readonly sha: string | null;
  /** input + output. */
  readonly tokens: number;
  readonly input: number;
  readonly output: number;
  /** Settled calls. */
  readonly calls: number;
  readonly refused: number;
  readonly cost_nano_usd: NanoUsd;
  /** Dearest first; the last ones are left out where the whole would pass 3,000 bytes of JSON. */
  readonly models: readonly ModelNumbers[];
}

/** Largest size of one run's numbers, as JSON in UTF-8: 4,000 characters of base64. */
const MOST_BYTES = 3000;
const MOST_NAME = 100;
const MOST_MODELS = 1000;
/** A report of 10,000 calls has about 7,000,000 characters. */
const MOST_TEXT = 50_000_000;
const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/;

/** The numbers of a report. `sha` is the commit that it ran on; one that is not a commit id is left out. */
export function numbersOf(report: Report, sha?: string): RunNumbers {
  const { totals } = report;
  return fitted({
    v: 1,
    verdict: report.verdict,
    date: report.started_at,
    sha: sha !== undefined && SHA.test(sha) ? sha : null,
    tokens: totals.total_tokens,
    input: totals.input_tokens,
    output: totals.output_tokens,
    calls: totals.calls,
    refused: totals.refused,
    cost_nano_usd: totals.cost_nano_usd,
    models: modelNumbers(report),
  });
}

/** The numbers of every model that was used, dearest first. */
export function modelNumbers(report: Report): ModelNumbers[] {
  return report.models
    .filter(({ calls }) => calls > 0)
    .map(({ provider, model, calls, total_tokens: tokens, cost_nano_usd }) => ({
      provider: oneLine(provider, MOST_NAME),
      model: oneLine(model, MOST_NAME),
      calls,
      tokens,
      cost_nano_usd,
    }));
}

/** The numbers in a JSON text of `numbersOf`; undefined where any field is missing or is not what it must be. */
export function parseNumbers(text: string): RunNumbers | undefined {
  const data = parsedObject(text);
  if (data?.v !== 1) return undefined;
  return checked(data);
}

/** The numbers in the text of a report.json; undefined where one that they need is missing or is not what it must be. */
export function parseReportNumbers(text: string, sha?: string): RunNumbers | undefined {
  const data = parsedObject(text);
  const totals = data?.totals;
  const models = data?.models;
  if (data?.schema_version !== 1 || !isObject(totals) || !Array.isArray(models)) return undefined;
  return checked({
    verdict: data.verdict,
    date: data.started_at,
    sha: sha !== undefined && SHA.test(sha) ? sha : null,
    tokens: totals.total_tokens,
    input: totals.input_tokens,
    output: totals.output_tokens,
    calls: totals.calls,
    refused: totals.refused,
    cost_nano_usd: totals.cost_nano_usd,
    models: models.map((model: unknown) => (isObject(model) ? { ...model, tokens: model.total_tokens } : model)),
  });
}

function checked(data: Readonly<Record<string, unknown>>): RunNumbers | undefined {
  const { verdict, date, sha, tokens, input, output, calls, refused, cost_nano_usd: cost } = data;
  const models = modelsIn(data.models);
  if (verdict !== 'within' && verdict !== 'exceeded') return undefined;
  if (!isDate(date) || !(sha === null || (typeof sha === 'string' && SHA.test(sha)))) return undefined;
  if (!isCount(tokens) || !isCount(input) || !isCount(output) || !isCount(calls)) return undefined;
  if (!isCount(refused) || !isCount(cost) || !models) return undefined;
  return fitted({ v: 1, verdict, date, sha, tokens, input, output, calls, refused, cost_nano_usd: cost, models });
}

function modelsIn(data: unknown): ModelNumbers[] | undefined {
  if (!Array.isArray(data) || data.length > MOST_MODELS) return undefined;
  const models = data.map(modelIn).filter((model) => model !== undefined);
  if (models.length < data.length) return undefined;
  return models.filter((model) => model.calls > 0);
}

function modelIn(data: unknown): ModelNumbers | undefined {
  if (!isObject(data)) return undefined;
  const { provider, model, calls, tokens, cost_nano_usd: cost } = data;
  if (typeof provider !== 'string' || typeof model !== 'string') return undefined;
  if (!isCount(calls) || !isCount(tokens) || !isCount(cost)) return undefined;
  return {
    provider: oneLine(provider, MOST_NAME),
    model: oneLine(model, MOST_NAME),
    calls,
    tokens,
    cost_nano_usd: cost,
  };
}

/** Without its last models as far as the bound of bytes asks for it. */
function fitted(numbers: RunNumbers): RunNumbers {
  let room = MOST_BYTES - bytesOf({ ...numbers, models: [] });
  const kept = numbers.models.findIndex((model) => (room -= bytesOf(model) + 1) < 0);
  return kept < 0 ? numbers : { ...numbers, models: numbers.models.slice(0, kept) };
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function parsedObject(text: string): Record<string, unknown> | undefined {
  if (text.length > MOST_TEXT) return undefined;
  try {
    const data: unknown = JSON.parse(text);
    return isObject(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isDate(value: unknown): value is string {
  return typeof value === 'string' && ISO_DATE.test(value) && !Number.isNaN(Date.parse(value));
}

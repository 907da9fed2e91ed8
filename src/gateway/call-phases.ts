/**
 * One call's way through the gateway, phase by phase: it arrives, is quoted, admitted, sent and answered, and is settled.
 * Each phase has what the ones before it found out, and no stage can be given a call that has not come so far.
 */
import type { RateCard, Terms } from '../domain/rate.js';
import type { Meters, Usage } from '../domain/usage.js';
import type { JsonObject } from '../lib/json.js';
import type { Signal } from '../lib/one-shot-signal.js';
import type { Outcome, Quote } from '../ledger/contract.js';
import type { AnswerReading } from '../meter/answer.js';
import type { Dialect, RequestFacts } from '../meter/dialects/dialect.js';
import type { Answer, AnswerHead, Incoming, Reply, RequestHead } from './message.js';
import type { ReadableBody } from './request-body.js';
import type { Target } from './target.js';

/** A request that has shown the run's secret, the way back to its client, and where it is going. */
export interface Exchange {
  readonly request: Incoming;
  readonly response: Reply;
  readonly target: Target;
  /** As it goes upstream. */
  readonly head: RequestHead;
  /** Of the request target, without its query and the slashes at its end. */
  readonly path: string;
}

/** A call that has been read. */
export interface ArrivedCall extends Exchange {
  /** When it came. */
  readonly at: Date;
  readonly dialect: Dialect;
  readonly body: ReadableBody;
  /** How it asks to be served, where that costs more. */
  readonly asked: Terms;
  /** Fires when the client is gone: it waits for no room any more. */
  readonly gone: Signal;
  /** Fires when, after that, the upstream had its time to finish and say what it bills. */
  readonly giveUp: Signal;
}

/** A call of which is known what it asks for and at what prices. */
export interface QuotedCall extends ArrivedCall {
  readonly facts: RequestFacts;
  /** Most tokens of its input, by the rule of its model's maker. */
  readonly inputBound: number;
  /** The members that are to bound its output, where it states no bound and one can be written. */
  readonly outputBound: JsonObject | undefined;
  readonly prices: CallPrices;
  /** By its request alone. */
  readonly price: Price;
  /** What it asks for that has no known price, in words after "no price is known for"; a model without one is not meant. */
  readonly unpriced: string | undefined;
}

/** A call that holds what it may cost. */
export interface AdmittedCall extends QuotedCall {
  /** Its number on the ledger. */
  readonly id: number;
  /** What it holds, which may be less than was asked. */
  readonly quote: Quote;
  /** Written into its body: the bound on its output. */
  readonly members: JsonObject;
}

/** A call that was sent and has an answer. */
export interface AnsweredCall extends AdmittedCall {
  readonly answer: Answer;
  /** Usage was asked for on the client's behalf; what comes of it must not reach the client. */
  readonly strip: boolean;
}

/** What it takes to settle a call: nothing of its body. */
export type OpenCall = Pick<
  AdmittedCall,
  'id' | 'quote' | 'facts' | 'prices' | 'target' | 'path' | 'dialect' | 'asked'
>;

/** What was read of an answer by its end, or by the moment when its usage could not change any more. */
export interface ReadAnswer {
  readonly head: AnswerHead;
  /** It came to its end, so that its usage counts even where the format's own last word is missing. */
  readonly whole: boolean;
  readonly meter: AnswerReading;
}

/** How a call ends on the ledger. */
export type Ending =
  | { readonly kind: 'settle'; readonly outcome: Outcome }
  /** It cost nothing. */
  | { readonly kind: 'void'; readonly status: number }
  /** Its work goes on at its provider, under the id `job`. */
  | { readonly kind: 'runs on'; readonly job: string; readonly status: number };

/** The rates of a model at a moment; the answer's own name for it, where known, says more than the request's. */
export type RateFinder = (
  provider: string,
  requested: string,
  answered: string | undefined,
  at: Date,
) => RateCard | undefined;

/** The prices of a call as they stood when it came: one that changes while the call runs does not outgrow its hold. */
export interface CallPrices {
  /**
   * What the call costs for what it asks for.
   * @param answered the model that its answer names
   */
  of(answered?: string): Price;
  /**
   * The rates of a model, without the fees of tools. The answer's name for it says more than the policy's, and that more
   * than the request's.
   */
  rateOf(model: string, answered?: string): RateCard | undefined;
  /** The rates for an answer's units, with those that it states though nothing in the request asked for them. */
  forAnswer(card: RateCard, model: string, usage: Usage): RateCard;
  /** The model that makes the pictures of the request's tool. */
  readonly pictureModel: string;
}

/** What a call costs by what it asks for. */
export interface Price {
  /** Of the model, with the fees of the tools that the call asks for; undefined where no price is known. */
  readonly card: RateCard | undefined;
  /** Which of its tools has no known price, in words. */
  readonly unpriced: string | undefined;
  /** Most units of those tools whose use is bounded. */
  readonly meters: Meters;
  /** Whether the use of tools may cost something. */
  readonly hasFees: boolean;
  /** The units that an answer states, as the tools are billed that its request asked for. */
  billed(stated: Meters | undefined): Meters;
  /** Why a settled cost leaves a part out; undefined where it has all. */
  missing(card: RateCard, usage: Usage): string | undefined;
}

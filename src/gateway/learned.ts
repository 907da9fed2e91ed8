import type { NoticeEntry } from '../domain/entry.js';
import { knowsTier, type RateCard, type Terms } from '../domain/rate.js';
import { isDear, type Usage } from '../domain/usage.js';
import type { Quote } from '../ledger/contract.js';
import type { Added, RequestFacts } from '../meter/dialects/dialect.js';
import type { Providers } from '../providers/provider.js';
import { UsageQuestions } from './usage-question.js';
import { PARTS, RaisedBounds, type Part } from './raised-bounds.js';

/** Says something to the report's reader, once for each text. */
export type Notice = (code: NoticeEntry['code'], text: string) => void;

type Model = Pick<Quote, 'host' | 'model'>;
type Bound = Pick<Added, 'input' | 'output'> & { readonly cost: number | undefined };

const EXCESS: Readonly<Record<Part, string>> = {
  input: 'was billed more input than its request could be told to have',
  output: 'was billed more output than its request allows',
  cost: 'cost more than `unpriced` holds for a call',
};

const NOTHING: Added = { input: 0, output: 0, cost: 0 };

/** What the answers to a run's calls teach of later calls. It ends with the run. */
export class Learned {
  readonly #notice: Notice;
  readonly #terms = new Map<string, Terms>();
  readonly #raised = new RaisedBounds();
  /** Whom to ask for the usage of a stream. */
  readonly questions: UsageQuestions;

  constructor(notice: Notice, providers: Providers) {
    this.#notice = notice;
    this.questions = new UsageQuestions(providers);
  }

  /** The dearest terms that a host answered at though no request named them: a project may have them as its default. */
  termsAt(host: string): Terms | undefined {
    return this.#terms.get(host);
  }

  /**
   * What is to be added to the bounds of a call, by what is known of its model.
   * @param bounds in tokens; `cost`, in nano-USD, is undefined for a call whose answer is not to state its cost
   */
  excess(model: Model, { input, output, cost }: Bound): Added {
    return {
      input: this.#raised.excess(model, 'input', input),
      output: this.#raised.excess(model, 'output', output),
      cost: cost === undefined ? 0 : this.#raised.excess(model, 'cost', cost),
    };
  }

  /** Whether a server is known not to keep to a bound on a model's output. */
  passesOutputBounds(model: Model): boolean {
    return this.#raised.knows(model, 'output');
  }

  /** A tier that the request did not name is its project's own: the next call there may get it too. */
  noteTerms(host: string, asked: Terms, { tier, regional }: Usage, card: RateCard | undefined): void {
    const unasked = { ...(isDear(tier) && !asked.tier && { tier }), ...(regional && !asked.regional && { regional }) };
    if (unasked.tier || unasked.regional) this.#terms.set(host, { ...this.#terms.get(host), ...unasked });
    if (!tier || card?.source !== 'table' || knowsTier(card, tier)) return;
    this.#notice(
      'tier',
      `no price is known for the service tier (${tier}) of answers from ${host}; the highest known price was charged`,
    );
  }

  /** A bound was wrong: later calls to the model hold more, and the report says so. */
  noteExcess(quote: Quote, { added = NOTHING, newerName }: RequestFacts, billed: Readonly<Record<Part, number>>): void {
    const { unbounded, hold, model, host, rate } = quote;
    const mayLearn: Readonly<Record<Part, boolean>> = {
      input: unbounded === undefined,
      // A server that does not know the name of a bound bounds nothing, and shows it by that.
      output: unbounded === undefined || newerName === true,
      cost: rate === 'reported',
    };
    for (const part of PARTS) {
      const held = { held: hold[part], added: added[part] };
      if (!mayLearn[part] || !this.#raised.learn(quote, part, held, billed[part])) continue;
      this.#notice('above_hold', `${model} at ${host} ${EXCESS[part]}; its calls now reserve more`);
    }
  }
}

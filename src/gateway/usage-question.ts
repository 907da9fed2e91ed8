/** What is known of who takes the wish for usage in a stream, which the gateway adds to requests. */
import type { Providers } from '../providers/provider.js';
import type { AnswerHead } from './message.js';

/** Statuses that say something else than that a request is bad: who is asking, how often, how large, how long. */
const OTHERWISE = new Set([401, 402, 407, 408, 409, 425, 429, 499]);
/** Of a server's own errors, those by which some say that they do not know a member. */
const SERVER_ERRORS = new Set([500, 501]);

/** What an error is taken to be about: surely the question, perhaps the question, or surely not. */
export type Doubt = 'named' | 'possible' | 'none';

/** Whom to ask for usage, as learned in this run by host and model. */
export class UsageQuestions {
  readonly #providers: Pick<Providers, 'all'>;
  readonly #taken = new Set<string>();
  readonly #refused = new Set<string>();

  constructor(providers: Pick<Providers, 'all'>) {
    this.#providers = providers;
  }

  mayAsk(host: string, model: string): boolean {
    const refuses = this.#providers.all.some(({ refusesUsageWish: hosts }) => hosts?.test(nameOf(host)));
    return !refuses && !this.#refused.has(keyOf(host, model));
  }

  taken(host: string, model: string): void {
    this.#taken.add(keyOf(host, model));
  }

  refused(host: string, model: string): void {
    this.#refused.add(keyOf(host, model));
  }

  /**
   * Whether an answer to a request with the question may be an error because of it.
   * @param isNamed whether its body names the question
   */
  doubt(host: string, model: string, { statusCode: status = 0 }: AnswerHead, isNamed: boolean): Doubt {
    if (status < 400) return 'none';
    if (isNamed) return 'named';
    const takes = this.#providers.all.some(({ takesUsageWish: hosts }) => hosts?.test(nameOf(host)));
    if (takes || this.#taken.has(keyOf(host, model))) return 'none';
    const possible = status < 500 ? !OTHERWISE.has(status) : SERVER_ERRORS.has(status);
    return possible ? 'possible' : 'none';
  }
}

/** A host's name without its port. */
function nameOf(host: string): string {
  return host.replace(/:\d+$/, '');
}

function keyOf(host: string, model: string): string {
  return `${host} ${model}`;
}

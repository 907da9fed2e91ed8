import type { RefusalReason } from '../../domain/call.js';
import type { CacheWrites, Meters, Usage } from '../../domain/usage.js';
import type { JsonObject } from '../../lib/json.js';
import type { Maker } from '../../providers/makers.js';
import type { Quirks } from '../../providers/quirks.js';

/** Headers of a message, names in lower case, as Node gives them. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a run adds to the bounds of a call by what it has learned of its model: tokens, and nano-USD. */
export interface Added {
  readonly input: number;
  readonly output: number;
  readonly cost: number;
}

/** A tool that runs at the provider, as a request asks for it. */
export interface AskedTool {
  /** Lower case, as in a row of the hosted tools; of a tool with sizes or plugins, with that. */
  readonly name: string;
  /** Most uses of it that the request allows. */
  readonly most?: number;
  /** The model that it works with, where the request names one. */
  readonly model?: string;
}

/** What a request says of how much may be written. */
export interface StatedBound {
  /** Under the format's own names; undefined where it states none that can be read. */
  readonly outputBound: number | undefined;
  /** The largest under names of other servers' (llama.cpp, TGI, Ollama, Hugging Face), where it states one. */
  readonly otherBound?: number;
  /** A bound of 0: some local servers take it for none. */
  readonly zero?: true;
  /** Under one of several names it says that there is no bound. */
  readonly endless?: true;
}

/** What a request says of itself. */
export interface RequestFacts extends Partial<StatedBound> {
  readonly model: string;
  readonly stream: boolean;
  /** Its stream, where that comes as JSON, is one array of events. */
  readonly array?: true;
  /** Most output tokens it allows for one answer; undefined where it states none. */
  readonly outputBound: number | undefined;
  /** Its members that are stated twice, where the last is not the larger. */
  readonly repeated?: ReadonlySet<string>;
  /** Its output bound stands under the newer of OpenAI's two names alone, which not every server of the format knows. */
  readonly newerName?: true;
  /** What its hold has beyond the bounds of the request. */
  readonly added?: Added;
  /** How many answers it asks for: the factor on the output bound, 1 or more. */
  readonly answers: number;
  /** Why its bytes and its output bound are not an upper bound of its use or its price, where they are not. */
  readonly unbounded?: string;
  /** Tokens that the provider puts before the model beside what the rule of its maker has, where the format tells. */
  readonly overhead?: number;
  /** What of its input may be written to the provider's cache, where its format asks for that; undefined: it may be. */
  readonly caches?: CacheWrites;
  /** Most units beside the token that it can use, where its format tells. */
  readonly meters?: Meters;
  /** Tools that it asks the provider to run. */
  readonly tools?: readonly AskedTool[];
  /** What it uses by what it asks for, where its answers state nothing: characters to be spoken, for one. */
  readonly used?: Usage;
}

/** Usage of one model. */
export interface ModelUsage {
  readonly usage: Usage;
  /** The model that it was of, where the answer says so. */
  readonly model?: string;
}

/** What an answer says it consumed, and the model that answered. */
export interface Reported extends ModelUsage {
  /** What is billed, each at its own model's price, where that is not `usage` at the answer's. */
  readonly parts?: readonly ModelUsage[];
  /** What a tool's own model used beside the answer's, with that model's name where the answer has it. */
  readonly imageTool?: ModelUsage;
  /** Why a part of the cost is not told by what the answer states: a tool that no price is known for, for one. */
  readonly untold?: string;
  /**
   * Models of which any may have done all of `usage`, where the answer does not say how much each of them did: the
   * dearest counts.
   */
  readonly either?: readonly string[];
  /** The answer states its output alone; its input is to be counted. */
  readonly inputUnknown?: true;
  /** The answer states one total, which stands as output; how much of it was input is not said. */
  readonly undivided?: true;
  /** The format says that nothing was asked of the model: no tokens is then the whole truth. */
  readonly nothing?: true;
}

/** Follows one streamed answer. Events come in order; snapshots overwrite, they are never added up. */
export interface StreamReader {
  /**
   * Takes one event; true when the answer is complete and no later event can change its usage.
   * @param data the event's text, cut from the stream as its framing has it
   */
  event(data: string): boolean;
  /** Whether a stream that ended in good order, yet without its last event, is whole all the same. */
  isWhole?(): boolean;
  /** The id under which the answer's work goes on at the provider, should its stream break off. */
  readonly runsOn?: string | undefined;
  /** What is known so far; undefined where the provider has not reported usage. */
  readonly reported: Reported | undefined;
}

/** Words by which a request asks to be served otherwise than by the standard. */
export interface ServiceWords {
  /** Where the format names a service tier: what stands there, of any type. */
  readonly tiers?: readonly unknown[];
  /** A place that is billed dearer than no place in particular, and whether its price is known. */
  readonly place?: { readonly name: string; readonly priced: boolean } | undefined;
  /** It has its cache kept for longer than the standard time. */
  readonly longCache?: boolean;
}

/** A change to a request's top-level members; the rest of the body keeps its bytes. */
export type Members = JsonObject;

/** One wire format: how its requests bound a call, where its answers state usage, how it says no. */
export interface Dialect {
  /** As a policy and the report name it: variants of a format share its name. */
  readonly name: string;
  /** Path endings of its billable endpoint, POST. */
  readonly suffixes: readonly (string | RegExp)[];
  /** The one provider that has the endpoint, by its name, where its path means something else elsewhere. */
  readonly only?: string;
  /** The provider whose format it is, by its name: its tools are those of a host of which no provider is named. */
  readonly by?: string;
  /** Whose models it serves where neither their name nor their provider tells. */
  readonly modelsOf?: Maker;
  /** Its answers state what the call cost, at the providers that do so. */
  readonly statesCost?: boolean;
  /** Its requests may be forms with files; `read` then gets their fields, and of each file its size. */
  readonly forms?: true;
  /** `read` needs the length of its texts: else it gets those of more than 16 KB empty. */
  readonly longTexts?: true;
  /** Paths, POST, of its API that cost nothing: token counters, files, stored objects, cancelling. */
  readonly free?: readonly RegExp[];
  /** Top-level members that state the bound of an output and can be brought down; none where left out. */
  readonly lowers?: readonly string[];
  /** Where work that goes on is asked for, or called off; the first group is its id. */
  readonly askedForAt?: RegExp;
  /**
   * Reads a request.
   * @param path the request target without its query, as it was sent: some formats name the model there
   * @param headers of the request: some formats state there how it is to be served
   */
  read(body: JsonObject, path: string, headers?: Headers): RequestFacts;
  /** Members that bound the output of a request which states no bound; undefined where the format has none. */
  bound(tokens: number, provider: Quirks, body: JsonObject, path?: string): Members | undefined;
  /** Members that make a streamed answer report usage, where it would not by itself. */
  askForUsage(body: JsonObject, provider: Quirks): Members | undefined;
  /** How an error names these members. */
  readonly namesUsageWish?: RegExp;
  /**
   * A block of a stream as it would have been without these members; empty where it came of them alone.
   * @param data the block's data
   */
  readonly stripUsage?: (block: Buffer, data: string) => Buffer[];
  /** How a request asks to be served otherwise than by the standard, in the words of this format. */
  readonly serviceWords?: (body: JsonObject, headers: Headers) => ServiceWords;
  /** Usage of a whole answer; undefined where neither it nor its headers state any. */
  reported(answer: JsonObject, headers: Headers): Reported | undefined;
  /**
   * Whether a whole answer is the provider's last word on its call, in this format; an error, work in the background or
   * another server's page is not.
   */
  isFinal(answer: JsonObject): boolean;
  /** @param headers of the answer */
  stream(headers: Headers): StreamReader;
  /** The id under which a whole answer's work goes on at the provider, and is asked for, where it does. */
  runsOn?(answer: JsonObject): string | undefined;
  /** The body of a refusal, in the shape that the format's own clients turn into an error. */
  refusal(message: string, reason: RefusalReason, provider: Quirks): JsonObject;
  /** What ends a stream that is cut off, as an error that the format's own clients raise. */
  interruption?(message: string, provider: Quirks): string | Buffer;
  /** Headers by which the format's own clients tell an error, beside those of every refusal. */
  readonly refusalHeaders?: Readonly<Record<string, string>>;
}

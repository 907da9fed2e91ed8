/** What is known of one provider, as data: the type of a row. */
import type { Match } from '../domain/match.js';
import type { Factors, Fees, Rates, Tier } from '../domain/rate.js';
import type { Meter } from '../domain/usage.js';
import type { Maker } from './makers.js';
import type { Quirks } from './quirks.js';
import type { StatusRule } from './status-rule.js';

/** One row a provider. Only its name and hosts are required; what is left out is as with any server. */
export interface Provider extends Quirks {
  /** Patterns of the hosts that are metered without being told, and whose prices apply there; none: the policy names them. */
  readonly hosts: readonly string[];
  /** Its keys, for the gateway to hold; left out where it has none that a request carries as they are. */
  readonly keys?: ProviderKeys;
  /** Variables with secrets that cannot be put into a request, each with the reason. */
  readonly credentials?: readonly (readonly [variable: string, why: string])[];
  /** The wire format in which its clients read a refusal of what has no format that we know; OpenAI's where left out. */
  readonly dialect?: string;
  /** A server of one's own, which bills nothing: that of an upstream with its `dialect` of which no provider is named. */
  readonly ownServer?: true;
  /** Whose tokenizer and template bound the input of a model whose name tells no maker. */
  readonly maker?: Maker;
  /** Bills OpenAI's models by the public tokenizer that the name tells, or by any of them where it may mislead. */
  readonly tokenizers?: 'by name' | 'any';
  /** The host that writes no more to its cache than a request asks for; a proxy before it may ask for more. */
  readonly cachesAsAskedAt?: string;
  /** Its answers in OpenAI's chat and responses formats state what the call cost. */
  readonly statesCost?: true;
  /** Bills what others have free of charge: moderations and conversations, for one. */
  readonly billsFreePaths?: true;
  /** How to tell that a call is served within one region, or a group of them. */
  readonly regional?: { readonly hosts?: RegExp; readonly paths?: RegExp };
  /** Hosts, by name, that refuse the wish for usage in a stream, or take it for some models alone. */
  readonly refusesUsageWish?: RegExp;
  /** Hosts, by name, that take that wish from every model: no error there is about it. */
  readonly takesUsageWish?: RegExp;
  /** What its errors cost, beside the rules for all. */
  readonly statuses?: readonly StatusRule[];
  /** What service tiers cost; the first row that matches a model applies. */
  readonly tiers?: readonly TierPrices[];
  /** Tools that run there; the first row that matches applies, so that a special model stands before the others. */
  readonly tools?: readonly HostedTool[];
  /** Fees of tools where the price table has none; the first row that matches a model applies. */
  readonly toolFees?: readonly ToolFees[];
  /** Prices that the price table lacks or has wrong; they go before it, and are to be dropped once it has caught up. */
  readonly prices?: readonly OwnPrice[];
  /** Names of routers, which pick one of several models. */
  readonly routers?: readonly Router[];
  /** It sells models of others, at their makers' prices or dearer. */
  readonly resells?: Resale;
  /** A maker whose own list is asked for a model of an unknown provider; in the order of the rows. */
  readonly listsOwnModels?: true;
}

/** Where keys stand in an environment and in a request. */
export interface ProviderKeys {
  /** Environment variables that its own clients, LiteLLM and the Vercel AI SDK read. */
  readonly variables: readonly string[];
  /** How such keys begin: some clients look at that. Empty where they have no form of their own. */
  readonly prefix: string;
  readonly places: readonly KeyPlace[];
}

/** A header, lower case, or the parameter of the query that carries a key. */
export type KeyPlace = 'authorization' | 'x-api-key' | 'api-key' | 'x-goog-api-key' | '?key=';

/** What service tiers cost against the standard price, which alone stands in the price table. */
export interface TierPrices {
  readonly models: Match;
  readonly factors: Factors;
  /** Page and the day it was read. */
  readonly source: string;
}

/** What a tool costs that runs at the provider, beside the tokens that it brings in. */
export interface HostedTool {
  /** Its names in requests, lower case. */
  readonly tool: Match;
  /** Models that it costs this with; all where none are named. */
  readonly models?: Match;
  /** The unit that it is billed by; left out where its tokens are all that is billed. */
  readonly meter?: Meter;
  /** Pico-USD for each unit. */
  readonly fee?: number;
  /** Most units that one request can take, where the provider says so. */
  readonly most?: number;
  /** Every answer uses it that often, and states nothing of it. */
  readonly always?: true;
  /** What of its cost no answer tells. */
  readonly untold?: string;
  /** Page or thread that states it, and the day of its words. */
  readonly source: string;
}

/** What a provider bills by the use of tools, for every model of a kind. */
export interface ToolFees {
  readonly models: Match;
  readonly fees: Fees;
  /** Page and the day of its words. */
  readonly source: string;
}

/** The price of a model that the price table lacks or has wrong. */
export interface OwnPrice {
  readonly models: Match;
  readonly rates: Rates;
  /** Ascending; none where the price is the same for inputs of any length. */
  readonly longer?: readonly Tier[];
  readonly fees?: Fees;
  /** Page or project, and day. */
  readonly source: string;
}

/** A name that stands for whichever of several models a router picks. */
export interface Router {
  readonly models: Match;
  /** The models that it can pick; all that the provider lists where left out. */
  readonly picks?: readonly string[];
  /** Why a pick may cost more than all that are known, where the list is not complete. */
  readonly varies?: string;
  /** Pico-USD that the router itself takes for each input token. */
  readonly fee: number;
  /** Page and the day of its words. */
  readonly source: string;
}

/** How a provider sells the models of others. A model whose name ends in `:free` costs nothing there. */
export interface Resale {
  /** Makers, by this provider's names for them, whose models no one else serves at another price. */
  readonly soleMakers: ReadonlyMap<string, string>;
  /** Their models with open weights, which others serve as well. */
  readonly openWeights: RegExp;
}

/** Rows of providers with the ways to find one. */
export interface Providers {
  /** In the order in which hosts are looked for. */
  readonly all: readonly Provider[];
  /** The row of that name; where there is none, one that says nothing but the name. */
  named(name: string): Provider;
  /** Whose a host is, by its name in lower case; undefined where no row has it. */
  at(host: string): Provider | undefined;
  /** The server of one's own that speaks a wire format; undefined where none is known to. */
  ownServerOf(dialect: string | undefined): Provider | undefined;
}

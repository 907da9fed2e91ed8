// Generated from schema/token-budget.schema.json by scripts/generate.mjs; run `npm run generate` after a change there.

/**
 * What a model costs: 0 if it is free; `input` and `output` in USD per 1M tokens; `fees` alone if its tokens are free; or `cost_per_1k_tokens` alone.
 */
export type Rate =
  | number
  | {
      /**
       * USD per 1M input tokens, 0 or more; needs `output`.
       */
      input?: number | string;
      /**
       * USD per 1M output tokens, 0 or more (0 for embeddings); needs `input`.
       */
      output?: number | string;
      /**
       * USD per 1M input tokens read from the provider's cache, 0 or more. Default: the price of `input`.
       */
      cache_read?: number | string;
      /**
       * USD per 1M input tokens written to the provider's cache, 0 or more. Default: the price of `input`.
       */
      cache_write?: number | string;
      /**
       * USD per 1M input tokens written to the provider's cache for one hour, 0 or more. Default: the price of `cache_write`.
       */
      cache_write_1h?: number | string;
      /**
       * USD per 1M audio input tokens, 0 or more. Default: the price of `input`.
       */
      audio_input?: number | string;
      /**
       * USD per 1M image input tokens, 0 or more. Default: the price of `input`.
       */
      image_input?: number | string;
      /**
       * USD per 1M audio output tokens, 0 or more. Default: the price of `output`.
       */
      audio_output?: number | string;
      /**
       * USD per 1M image output tokens, 0 or more. Default: the price of `output`.
       */
      image_output?: number | string;
      fees?: Fees;
      service_tiers?: ServiceTiers;
      /**
       * USD per 1,000 tokens, input and output alike, 0 or more; stands alone.
       */
      cost_per_1k_tokens?: number | string;
    };
/**
 * A file of prices beside the built-in table: a path relative to the policy, `owner/repo/path@SHA` with a full commit SHA, or a map with `file` and `sha256`. The file has `rates`, as a policy does, and may have a `date`. It adds models and raises rates; only a file pinned by a commit or a hash may lower one. The policy's own `rates` take precedence over it. Default: none.
 */
export type Prices =
  | string
  | {
      /**
       * The file, required in a map: a path relative to the policy, or `owner/repo/path@SHA`.
       */
      file?: string;
      /**
       * SHA-256 of the file's bytes: 64 hexadecimal digits. A file with another hash is refused. Default: any content is accepted.
       */
      sha256?: string;
    };
/**
 * What happens to a call under a cost limit when no price is known for its model, or for a service tier, tool or region that it asks for. `refuse`: it is not sent. `warn`: it is sent, counts as 0 USD, and the report names it. `stated`: it is sent if its provider states costs in answers (OpenRouter, xAI, Perplexity); it reserves `limits.per_call.cost_usd`, or the amount in `{ stated: 0.50 }`, and costs what the answer states, or the whole reservation if it states nothing; calls to other providers are refused. Default: refuse.
 */
export type Unpriced =
  | string
  | {
      /**
       * USD to reserve for a call to a model without a rate, more than 0. Default: `limits.per_call.cost_usd`.
       */
      stated?: number | string;
    };
/**
 * A model name: 1 to 200 characters, without spaces or `*`.
 */
export type ModelName = string;
/**
 * Where to log the run's numbers in MLflow; `off` for nowhere. Default: to the run that the command itself makes, or else where MLFLOW_TRACKING_URI points.
 */
export type Mlflow =
  | string
  | {
      /**
       * MLflow tracking URI for a run of Token Budget's own, if the command made none: the address of a server or a store, up to 2000 characters, without user and password. Default: MLFLOW_TRACKING_URI.
       */
      tracking_uri?: string;
      /**
       * Experiment for a run of Token Budget's own, created if missing; 1 to 500 characters. Default: MLFLOW_EXPERIMENT_NAME, else MLflow's own default.
       */
      experiment?: string;
      /**
       * `auto`: `mlflow.genai.evaluate()` also scores each row by token_budget_used, token_budget_remaining and token_budget_exceeded. `off`: it does not. Default: auto.
       */
      scorers?: 'auto' | 'off';
    };

/**
 * A Token Budget policy: what a run may spend, what models cost, and what happens to a call that would pass a limit.
 */
export interface PolicyFile {
  /**
   * Version of the policy format: always 1, and required.
   */
  version: 1;
  /**
   * The command to run under the budget: a shell line, or a list with the program and its arguments. A command given to `token-budget run -- …`, or the action's `run` input, takes precedence. No default.
   *
   * @minItems 1
   */
  run?: string | [string | number, ...(string | number)[]];
  limits?: Limits;
  /**
   * What happens to a call that would pass a limit. `raise`: refuse it and fail the run. `warn`: let it through and report it. `halt`: refuse it, then stop the command. Default: raise.
   */
  on_exceed?: 'raise' | 'warn' | 'halt';
  /**
   * Share of a limit at which to warn: a percentage from 0% to 100%, or a number from 0 to 1. Default: 80%.
   */
  warn_at?: number | string;
  /**
   * Your own prices, by model name or pattern (`*` matches any characters). The most specific pattern wins, and a rate here takes precedence over every other price. Default: none.
   */
  rates?: {
    [k: string]: Rate;
  };
  /**
   * One flat price in USD per 1,000 tokens, input and output alike, 0 or more, for every model without a rate of its own. The same as `rates: { "*": { cost_per_1k_tokens: … } }`. No default.
   */
  cost_per_1k_tokens?: number | string;
  prices?: Prices;
  unpriced?: Unpriced;
  /**
   * What happens to calls that cannot be metered. `known`: calls to hosts that are not listed pass, and the report names those hosts that look like model providers. `strict`: such hosts are metered if their format is known and refused if it is not, and every other call that cannot be metered is refused too, even under `on_exceed: warn`. Default: known.
   */
  metering?: 'known' | 'strict';
  reserve?: Reserve;
  journal?: JournalOptions;
  /**
   * Tokenizer that counts an answer's tokens when the provider reports no usage. Default: o200k_base.
   */
  counter?: 'o200k_base' | 'cl100k_base' | 'whitespace';
  /**
   * Hosts to meter beyond the built-in ones, or to send elsewhere, named as the command's requests name them: `host` or `host:port`, with `*` for any characters. Default: none.
   */
  upstreams?: {
    [k: string]: UpstreamHost;
  };
  /**
   * Who holds the providers' API keys. `command`: the command has them in its environment, as it would without Token Budget. `gateway`: the command gets a placeholder for each, and the gateway puts the real key only into requests to that key's own provider. Default: command.
   */
  keys?: 'command' | 'gateway';
  mlflow?: Mlflow;
}
/**
 * Limits for the whole run and, under keys of their own, for each call, each eval row, models and providers. Reaching a limit is allowed; passing it is a breach. Default: none, so calls are metered but not limited.
 */
export interface Limits {
  /**
   * Input plus output tokens of the whole run: a whole number, 0 or more. No default.
   */
  tokens?: number | string;
  /**
   * Tokens sent to models in the whole run: a whole number, 0 or more. No default.
   */
  input_tokens?: number | string;
  /**
   * Tokens generated in the whole run, reasoning included: a whole number, 0 or more. No default.
   */
  output_tokens?: number | string;
  /**
   * Calls sent to models in the whole run, each retry counted: a whole number, 0 or more. No default.
   */
  calls?: number | string;
  /**
   * Cost of the whole run in USD, 0 or more. No default.
   */
  cost_usd?: number | string;
  per_call?: Ceilings;
  per_row?: Ceilings;
  /**
   * Limits by model name or pattern, each for all calls to the matching models together, wherever they are served: `gpt-4o*` covers `openai/gpt-4o` and `ft:gpt-4o:…`, and `claude-*` covers `us.anthropic.claude-…`. Default: none.
   */
  models?: {
    [k: string]: Ceilings;
  };
  /**
   * Limits by provider name or pattern, each for all calls to the matching providers together. Default: none.
   */
  providers?: {
    [k: string]: Ceilings;
  };
}
/**
 * Limits for a part of the run. `per_call`: for each call by itself. `per_row`: for all calls of one eval row together, row by row; calls that belong to no known row are not covered. `models` and `providers`: for all calls to what matches, together. Default: none.
 */
export interface Ceilings {
  /**
   * Input plus output tokens: a whole number, 0 or more. No default.
   */
  tokens?: number | string;
  /**
   * Tokens sent: a whole number, 0 or more. No default.
   */
  input_tokens?: number | string;
  /**
   * Tokens generated, reasoning included: a whole number, 0 or more. No default.
   */
  output_tokens?: number | string;
  /**
   * Calls sent, each retry counted: a whole number, 0 or more. No default.
   */
  calls?: number | string;
  /**
   * Cost in USD, 0 or more. No default.
   */
  cost_usd?: number | string;
}
/**
 * Prices in USD of what is not billed by the token. A tool that runs at the provider, with neither a fee here nor a published price, has no known price (see `unpriced`). Default: none.
 */
export interface Fees {
  /**
   * USD per call, whatever it uses, 0 or more. Default: 0.
   */
  call?: number | string;
  /**
   * USD per web search, 0 or more. Default: the provider's published price.
   */
  search?: number | string;
  /**
   * USD per search of files kept at the provider, 0 or more. Default: the provider's published price.
   */
  file_search?: number | string;
  /**
   * USD per map query, or per answer grounded with a map, as the provider counts them, 0 or more. Default: the provider's published price.
   */
  map_search?: number | string;
  /**
   * USD per enterprise web search, which Vertex bills at a price of its own, 0 or more. Default: the provider's published price.
   */
  enterprise_search?: number | string;
  /**
   * USD per session of a container in which the provider runs code, 0 or more. Default: the provider's published price.
   */
  container?: number | string;
  /**
   * USD per use of any other tool that runs at the provider, including one without a known price, 0 or more. Default: the provider's published price.
   */
  tool_call?: number | string;
  /**
   * USD per document page, 0 or more. Default: 0.
   */
  page?: number | string;
  /**
   * USD per document page that is read with annotations, 0 or more. Default: 0.
   */
  annotated_page?: number | string;
  /**
   * USD per second of audio, 0 or more. Default: 0.
   */
  second?: number | string;
  /**
   * USD per character, 0 or more. Default: 0.
   */
  character?: number | string;
  /**
   * USD per generated image, 0 or more. Default: 0.
   */
  image?: number | string;
  /**
   * USD per search unit of a rerank, 0 or more. Default: 0.
   */
  search_unit?: number | string;
}
/**
 * How the provider's service tiers change the rate. Default: not at all; the rate applies to every tier.
 */
export interface ServiceTiers {
  /**
   * Factor on token prices in the flex tier, 0 to 100. Default: 1.
   */
  flex?: number | string;
  /**
   * Factor on token prices in the batch tier, 0 to 100. Default: 1.
   */
  batch?: number | string;
  /**
   * Factor on token prices in the priority tier, 0 to 100. Default: 1.
   */
  priority?: number | string;
  /**
   * Factor on token prices in the fast tier or mode, 0 to 100. Default: 1.
   */
  fast?: number | string;
  /**
   * Factor on token prices in the ultrafast tier, 0 to 100. Default: 1.
   */
  ultrafast?: number | string;
  /**
   * Factor on token prices in a tier that has no name here, 0 to 100. Default: the highest factor given above, else 1.
   */
  other?: number | string;
}
/**
 * What is reserved for a call before it is sent. Default: 4096 output tokens, a wait of 30s, and no output limit lowered.
 */
export interface Reserve {
  /**
   * Output tokens to reserve for a request that sets no output limit; the number is written into the request as its limit. A whole number, 1 or more. Default: 4096.
   */
  output_tokens?: number | string;
  /**
   * How long a call may wait for calls in flight to settle before it is refused: 0 to 1 hour, written 500ms, 30s, 2m, or as a number of seconds. The wait counts towards the client's own time-out, so keep it well below that. Default: 30s, half of the shortest default time-out of common clients (Groq: 60 s; Cohere: 5 minutes; OpenAI and Anthropic: 10 minutes).
   */
  wait?: number | string;
  /**
   * `true`: a call that does not fit is sent with a lower output limit instead of being refused: what is left of the budget, but at least 16 tokens. This holds for calls that would not fit even once calls in flight settle, or not within `wait`, and only where the limit can be written into the request. The answer may be cut short, and the report names the call. Default: false.
   */
  clamp?: boolean;
}
/**
 * How the run's journal is written. Default: each entry reaches the operating system before its call goes on, so that a killed process loses nothing.
 */
export interface JournalOptions {
  /**
   * `true`: each entry also reaches the disk before its call goes on, so that a crash of the machine loses nothing either. Each call then costs two synced writes of 0.1 to 10 ms, one after the other. Default: false.
   */
  fsync?: boolean;
}
/**
 * Where a host's calls go and how they are read. `{}` meters the host and tells the format by each path.
 */
export interface UpstreamHost {
  /**
   * Send the calls here instead: `http://` or `https://`, a host, and a port where needed; no path, query or user. Default: the host itself.
   */
  forward_to?: string;
  /**
   * Wire format of calls whose path does not tell it. Default: told by the path.
   */
  dialect?:
    | 'openai-chat'
    | 'openai-responses'
    | 'openai-completions'
    | 'openai-embeddings'
    | 'openai-images'
    | 'openai-audio'
    | 'anthropic'
    | 'gemini'
    | 'gemini-interactions'
    | 'mistral'
    | 'cohere'
    | 'ollama'
    | 'tgi';
  /**
   * Whose built-in prices apply: 1 to 64 of a-z, 0-9, dot, dash and underscore. Default: told by the host.
   */
  provider?: string;
  /**
   * The models behind the host's own names, such as Azure deployments; prices are looked up under the model given here. Default: none.
   */
  models?: {
    [k: string]: ModelName;
  };
  /**
   * Under `keys: gateway`, the environment variable whose key this host gets. Write the variable's name, never the key; 1 to 128 of A-Z, 0-9 and underscore. Default: the variable of the host's provider, for built-in hosts.
   */
  key_variable?: string;
}

/** Which environment variables hold the keys of providers, and where a request carries one. */

/** A variable that the gateway can hold the key of. */
export interface KeyVariable {
  readonly variable: string;
  /** Whose key it is, by the id in the table of hosts. */
  readonly provider: string;
  /** How such keys begin: some clients look at that. */
  readonly prefix: string;
  /** Headers, lower case, and `?key=`, that may carry it. */
  readonly places: readonly KeyPlace[];
}

export type KeyPlace = 'authorization' | 'x-api-key' | 'api-key' | 'x-goog-api-key' | '?key=';

/** Where the clients of all providers put keys: for hosts of which only the policy knows. */
export const KEY_PLACES: readonly KeyPlace[] = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', '?key='];

const BEARER = ['authorization'] as const;
/** OpenAI's format by one, Anthropic's by the other. */
const EITHER = ['authorization', 'x-api-key'] as const;
const GOOGLE = ['x-goog-api-key', '?key=', 'authorization'] as const;

type Row = readonly [provider: string, prefix: string, places: readonly KeyPlace[], ...variables: readonly string[]];

/** The variables are those that the providers' own clients, LiteLLM and the Vercel AI SDK read. */
const ROWS: readonly Row[] = [
  ['openai', 'sk-', BEARER, 'OPENAI_API_KEY'],
  ['anthropic', 'sk-ant-api03-', EITHER, 'ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'],
  ['azure', '', ['api-key', 'authorization', 'x-api-key'], 'AZURE_OPENAI_API_KEY', 'AZURE_API_KEY'],
  ['mistral', '', BEARER, 'MISTRAL_API_KEY', 'CODESTRAL_API_KEY'],
  ['cohere', '', BEARER, 'CO_API_KEY', 'COHERE_API_KEY'],
  ['google', 'AIza', GOOGLE, 'GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'],
  ['groq', 'gsk_', BEARER, 'GROQ_API_KEY'],
  ['deepseek', 'sk-', EITHER, 'DEEPSEEK_API_KEY'],
  ['x-ai', 'xai-', EITHER, 'XAI_API_KEY'],
  ['together', '', BEARER, 'TOGETHER_API_KEY', 'TOGETHERAI_API_KEY', 'TOGETHER_AI_API_KEY'],
  ['fireworks', 'fw_', BEARER, 'FIREWORKS_API_KEY', 'FIREWORKS_AI_API_KEY'],
  ['perplexity', 'pplx-', BEARER, 'PERPLEXITY_API_KEY', 'PERPLEXITYAI_API_KEY', 'PPLX_API_KEY'],
  ['cerebras', 'csk-', BEARER, 'CEREBRAS_API_KEY'],
  ['openrouter', 'sk-or-v1-', EITHER, 'OPENROUTER_API_KEY'],
];

export const KEY_VARIABLES: readonly KeyVariable[] = ROWS.flatMap(([provider, prefix, places, ...variables]) =>
  variables.map((variable) => ({ variable, provider, prefix, places })),
);

/** Credentials that are no key to put into a request: their clients make signatures or tokens of them. */
export const OWN_CREDENTIALS: ReadonlyMap<string, string> = new Map([
  ['AWS_SECRET_ACCESS_KEY', 'AWS clients sign each request with it'],
  ['AWS_BEARER_TOKEN_BEDROCK', 'the gateway does not hold keys of AWS'],
  ['GOOGLE_APPLICATION_CREDENTIALS', 'Google clients make tokens of it'],
  ['AZURE_CLIENT_SECRET', 'Azure clients make tokens of it'],
  ['AZURE_OPENAI_AD_TOKEN', 'it is a token of Azure AD'],
]);

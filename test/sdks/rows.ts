/** The SDKs of the matrix: what runs them, and which of their calls are made. */
export interface Row {
  /** As the table names it. */
  readonly sdk: string;
  /** The program in `node/sdks` or `python/sdks`. */
  readonly program: string;
  /** The package whose version is shown; none for a standard library's. */
  readonly package?: string;
  readonly over: string;
  /** Calls that it makes: whole and streamed, in Python where there is an async client each once more. */
  readonly calls: number;
}

export const NODE_ROWS: readonly Row[] = [
  { sdk: 'openai', program: 'openai', package: 'openai', over: 'fetch', calls: 2 },
  { sdk: 'openai (responses)', program: 'openai-responses', package: 'openai', over: 'fetch', calls: 2 },
  { sdk: 'openai 4', program: 'openai4', package: 'openai4', over: 'node:http', calls: 2 },
  { sdk: '@anthropic-ai/sdk', program: 'anthropic', package: '@anthropic-ai/sdk', over: 'fetch', calls: 2 },
  { sdk: '@google/genai', program: 'google', package: '@google/genai', over: 'fetch', calls: 2 },
  { sdk: '@mistralai/mistralai', program: 'mistral', package: '@mistralai/mistralai', over: 'fetch', calls: 2 },
  { sdk: 'cohere-ai', program: 'cohere', package: 'cohere-ai', over: 'fetch', calls: 2 },
  ...[
    ['bedrock', 'HTTP/2'],
    ['bedrock-h1', 'node:http'],
  ].map(([program = '', over = '']) => ({
    ...{ sdk: '@aws-sdk/client-bedrock-runtime', package: '@aws-sdk/client-bedrock-runtime' },
    ...{ program, over, calls: 2 },
  })),
  { sdk: 'groq-sdk', program: 'groq', package: 'groq-sdk', over: 'fetch', calls: 2 },
  { sdk: 'together-ai', program: 'together', package: 'together-ai', over: 'fetch', calls: 2 },
  { sdk: '@openrouter/sdk', program: 'openrouter', package: '@openrouter/sdk', over: 'fetch', calls: 2 },
  { sdk: 'ollama', program: 'ollama', package: 'ollama', over: 'fetch, plain http', calls: 2 },
  ...['openai', 'anthropic', 'google', 'mistral', 'cohere', 'groq', 'xai'].map((name) => ({
    ...{ sdk: `ai + @ai-sdk/${name}`, program: `ai-${name}`, package: `@ai-sdk/${name}`, over: 'fetch', calls: 2 },
  })),
  {
    ...{ sdk: 'ai + @ai-sdk/amazon-bedrock', program: 'ai-bedrock', package: '@ai-sdk/amazon-bedrock' },
    ...{ over: 'fetch', calls: 2 },
  },
  { sdk: '@langchain/openai', program: 'langchain-openai', package: '@langchain/openai', over: 'fetch', calls: 2 },
  { sdk: 'axios', program: 'axios', package: 'axios', over: 'node:http', calls: 2 },
  { sdk: 'got', program: 'got', package: 'got', over: 'node:http', calls: 2 },
  { sdk: 'undici (own Agent)', program: 'undici', package: 'undici', over: 'undici', calls: 2 },
  { sdk: 'node-fetch', program: 'node-fetch', package: 'node-fetch', over: 'node:http', calls: 2 },
];

/** With the environment that each runs in. */
export const PYTHON_ROWS: readonly (Row & { readonly set: 'sdks' | 'bridges' | 'older' })[] = [
  { sdk: 'openai', program: 'openai_chat', package: 'openai', over: 'httpx2', calls: 4, set: 'sdks' },
  { sdk: 'openai 1', program: 'openai_chat', package: 'openai', over: 'httpx', calls: 4, set: 'older' },
  { sdk: 'anthropic', program: 'anthropic_messages', package: 'anthropic', over: 'httpx2', calls: 4, set: 'sdks' },
  { sdk: 'anthropic 0', program: 'anthropic_messages', package: 'anthropic', over: 'httpx', calls: 4, set: 'older' },
  {
    sdk: 'google-genai',
    program: 'google_genai',
    package: 'google-genai',
    over: 'httpx, aiohttp',
    calls: 4,
    set: 'sdks',
  },
  { sdk: 'mistralai', program: 'mistral', package: 'mistralai', over: 'httpx', calls: 3, set: 'sdks' },
  { sdk: 'cohere', program: 'cohere_chat', package: 'cohere', over: 'httpx', calls: 3, set: 'sdks' },
  { sdk: 'boto3', program: 'bedrock', package: 'boto3', over: 'urllib3', calls: 2, set: 'sdks' },
  { sdk: 'groq', program: 'groq_chat', package: 'groq', over: 'httpx', calls: 3, set: 'sdks' },
  {
    sdk: 'litellm (openai)',
    program: 'litellm_chat',
    package: 'litellm',
    over: 'httpx, aiohttp',
    calls: 3,
    set: 'bridges',
  },
  {
    ...{ sdk: 'litellm (anthropic)', program: 'litellm_anthropic', package: 'litellm' },
    ...{ over: 'httpx, aiohttp', calls: 3, set: 'bridges' as const },
  },
  {
    sdk: 'langchain-openai',
    program: 'langchain_chat',
    package: 'langchain-openai',
    over: 'httpx',
    calls: 3,
    set: 'bridges',
  },
  { sdk: 'requests', program: 'requests_http', package: 'requests', over: 'urllib3', calls: 2, set: 'sdks' },
  { sdk: 'aiohttp', program: 'aiohttp_http', package: 'aiohttp', over: 'aiohttp', calls: 2, set: 'sdks' },
  { sdk: 'urllib', program: 'urllib_http', over: 'http.client', calls: 2, set: 'sdks' },
];

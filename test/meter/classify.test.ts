import { describe, expect, it } from 'vitest';
import { classify } from '../../src/meter/classify.js';
import { PROVIDERS } from '../../src/providers/index.js';

function kindOf(method: string, path: string, provider = 'openai', assumed?: 'openai-chat' | 'tgi'): string {
  const kind = classify(method, path, PROVIDERS.named(provider), assumed);
  return kind.kind === 'call' ? kind.dialect.name : kind.kind;
}

const CALLS = [
  ['/v1/chat/completions', 'openai-chat'],
  ['/chat/completions', 'openai-chat'],
  ['/v1/chat/completions/', 'openai-chat'],
  ['/v1/chat/completions?api-version=2024-10-21', 'openai-chat'],
  ['/v1//chat/completions//', 'openai-chat'],
  ['/openai/deployments/my%20model/chat/completions?api-version=1', 'openai-chat'],
  ['/corp/gateway/v1/chat/completions', 'openai-chat'],
  ['/inference/v1/chat/completions', 'openai-chat'],
  ['/async/chat/completions', 'openai-chat'],
  ['/v1/async/sonar', 'openai-chat'],
  ['/v1/responses', 'openai-responses'],
  ['/v1/responses?beta=true', 'openai-responses'],
  ['/openai/responses?api-version=1', 'openai-responses'],
  ['/v1/responses/compact', 'openai-responses'],
  ['/v1/embeddings', 'openai-embeddings'],
  ['/v1/messages', 'anthropic'],
  ['/v1/messages?beta=true', 'anthropic'],
  ['/anthropic/v1/messages', 'anthropic'],
  ['/model/amazon.nova-lite-v1%3A0/converse', 'bedrock-converse'],
  ['/model/amazon.nova-lite-v1:0/converse-stream', 'bedrock-converse'],
  [
    '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.amazon.nova-lite-v1%3A0/invoke',
    'bedrock-invoke',
  ],
  ['/model/arn:aws:bedrock:us-east-1:1:provisioned-model%2fabc/invoke-with-response-stream', 'bedrock-invoke'],
  ['/v1/completions', 'openai-completions'],
  ['/beta/completions', 'openai-completions'],
  ['/openai/deployments/d/completions?api-version=1', 'openai-completions'],
  ['/v1/fim/completions', 'openai-completions'],
  ['/models/chat/completions?api-version=2024-05-01-preview', 'openai-chat'],
  ['/v1/images/generations', 'openai-images'],
  ['/v1/images/edits', 'openai-images'],
  ['/v1/images/variations', 'openai-images'],
  ['/v1/audio/speech', 'openai-audio'],
  ['/v1/audio/transcriptions', 'openai-audio'],
  ['/v1/audio/translations', 'openai-audio'],
  ['/openai/deployments/d/audio/transcriptions?api-version=1', 'openai-audio'],
  ['/v2/chat', 'cohere'],
  ['/v1/chat', 'cohere'],
  ['/v2/embed', 'cohere'],
  ['/v1/embed', 'cohere'],
  ['/v2/rerank', 'cohere'],
  ['/v1/classify', 'cohere'],
  ['/api/chat', 'ollama'],
  ['/api/generate', 'ollama'],
  ['/api/embed', 'ollama'],
  ['/api/embeddings', 'openai-embeddings'],
] as const;

const FREE = [
  '/v1/moderations',
  '/v1/responses/input_tokens',
  '/v1/messages/count_tokens?beta=true',
  '/v1/responses/resp_68a/cancel',
  '/v1/chat/completions/chatcmpl-AbC_1',
  '/v1/files',
  '/v1/files?beta=true',
  '/openai/files?api-version=1',
  '/v1/uploads',
  '/v1/uploads/upload_1/parts',
  '/v1/uploads/upload_1/complete',
  '/v1/conversations',
  '/v1/conversations/conv_1/items',
  '/model/anthropic.claude-v3/count-tokens',
  '/v1/tokenize',
  '/v1/detokenize',
  '/v1/check-api-key',
  '/api/show',
  '/api/pull',
];

/** What spends beside the formats that are read. */
const SPENDS = [
  '/v1/batches',
  '/v1/fine_tuning/jobs',
  '/v1/videos',
  '/v1/threads/thread_1/runs',
  '/v1/threads/runs',
  '/v1/threads/thread_1/runs/run_1/submit_tool_outputs',
  '/v1/evals/eval_1/runs',
  '/v1/realtime/sessions',
  '/v1/realtime/client_secrets',
  '/v1/containers',
  '/v1/vector_stores',
  '/v1/vector_stores/vs_1/search',
  '/v1/batch/jobs',
  '/openai/v1/video/generations/jobs',
  '/v1/accounts/a/batchInferenceJobs',
  '/v1/projects/p/locations/l/batchPredictionJobs',
  '/queue/submit/model',
  '/async-invoke',
  '/guardrail/g/version/1/apply',
  '/guardrail-checks/invoke',
  '/model/amazon.nova-sonic-v1%3A0/invoke-with-bidirectional-stream',
];

/** Spends too, in formats and with books of their own: Anthropic's first endpoint and the agents that it runs. */
const UNKNOWN = [
  ...['/v1/complete', '/v1/sessions/session_1/events', '/v1/dreams', '/v1/deployments/d/run', '/v1/embed-jobs'],
  ...['/', '', '/v1', '/v1/agents/run', '/v3/chat', '/generate', '/v1/ocr', '/v1/agents/completion'],
  ...['/v1/messages/batches', '/api/web_search'],
];

/** Other spellings of paths, which a server may resolve to something that spends. */
const TRICKS = [
  '/model/arn%3Aaws%3A1%2F..%2Fx/converse',
  '/model/arn%3Aaws%3A1%2F../converse',
  '/model/a%2Fb/converse',
  '/v1/%62atches',
  '/v1/chat/completions/../batches',
  '/v1/chat/completions/..%2fbatches',
  '/v1/chat/completions/%2e%2e/batches',
  '/v1/chat/completions/.%2E/batches',
  '/v1/chat/completions/chatcmpl-1/../../../batches',
  '/v1/chat/completions/chatcmpl-%2e%2e',
  '/v1/files/../batches',
  '/v1/files/../images/generations',
  '/v1/files/%2e%2e/images/generations',
  '/files/v1/images/generation',
  '/v1/conversations/../batches',
  '/v1/responses/../batches/cancel/cancel',
  '/v1/responses/..%2fbatches/cancel',
  '/v1/uploads/../images/generations',
  '/v1/batches;/chat/completions',
  '/v1/batches#/chat/completions',
  '/v1/batches%3F/chat/completions',
  '/v1/batches%23/chat/completions',
  '/v1/batches%00/chat/completions',
  '/v1/batches\\..\\chat/completions',
  '/v1/batches/x/../../chat/completions',
  '/v1/batches?/chat/completions',
  '/v1/batches?x=/v1/files',
  '/V1/BATCHES',
  '/V1/CHAT/COMPLETIONS',
  '/v1/Files',
  '//v1//batches',
  '/v1/batches//',
  '/v1/xchat/completions/y',
  '/v1/files/file_1/anything',
  '/v1/images/generations/moderations/x',
];

describe('a POST', () => {
  it.each(CALLS)('is a call by its path’s ending: %s', (path, dialect) => {
    expect(kindOf('POST', path)).toBe(dialect);
  });

  it.each(FREE)('is free: %s', (path) => {
    expect(kindOf('POST', path)).toBe('free');
  });

  it.each(FREE)('is not taken to be free at a provider that bills some of it: %s', (path) => {
    const billed = /\/(moderations|conversations)$/.test(path);
    expect(kindOf('POST', path, 'mistral')).toBe(billed ? 'mistral' : 'unmetered');
  });

  it.each([
    ['/v1/conversations', 'mistral'],
    ['/v1/conversations/conv_0198', 'mistral'],
    ['/v1/conversations/conv_0198/restart', 'mistral'],
    ['/v1/chat/moderations', 'mistral'],
    ['/v1/classifications', 'mistral'],
    ['/v1/ocr', 'mistral'],
    ['/v1/agents/completions', 'openai-chat'],
    ['/v1/conversations/conv_1/items', 'unmetered'],
    ['/v1/batch/jobs', 'unmetered'],
  ])('is billed at Mistral: %s', (path, dialect) => {
    expect(kindOf('POST', path, 'mistral')).toBe(dialect);
  });

  it.each([...SPENDS, ...UNKNOWN])('is unmetered: %s', (path) => {
    expect(kindOf('POST', path)).toBe('unmetered');
  });

  it.each(TRICKS)('is never free by another spelling: %s', (path) => {
    expect(kindOf('POST', path)).toBe('unmetered');
  });

  it.each([...SPENDS, ...TRICKS.filter((path) => /atches|images/i.test(path))])(
    'is no call of the format that the policy assumes for its host, where it spends in a way of its own: %s',
    (path) => {
      expect(kindOf('POST', path, 'custom', 'openai-chat')).toBe('unmetered');
    },
  );

  it('is a call of the assumed format where its path tells nothing', () => {
    expect(kindOf('POST', '/generate', 'custom', 'openai-chat')).toBe('openai-chat');
    expect(kindOf('POST', '/', 'custom', 'openai-chat')).toBe('openai-chat');
    expect(kindOf('POST', '/generate_stream', 'custom', 'tgi')).toBe('tgi');
  });

  it('keeps the format that its path tells where the policy assumes another', () => {
    expect(kindOf('POST', '/v1/messages', 'custom', 'openai-chat')).toBe('anthropic');
    expect(kindOf('POST', '/v1/files', 'custom', 'openai-chat')).toBe('free');
  });
});

describe('another method', () => {
  it.each(['GET', 'HEAD', 'OPTIONS', 'DELETE'])('is free, since it only reads or removes: %s', (method) => {
    for (const path of ['/v1/models', '/v1/chat/completions', '/v1/batches']) expect(kindOf(method, path)).toBe('free');
  });

  it.each(['PUT', 'PATCH', 'QUERY', 'post', ''])('is unmetered: %s', (method) => {
    for (const path of ['/v1/chat/completions', '/v1/files']) expect(kindOf(method, path)).toBe('unmetered');
  });
});

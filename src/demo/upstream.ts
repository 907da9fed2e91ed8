import http, { type IncomingMessage } from 'node:http';

/** A stand-in for a provider, for the demo: OpenAI's chat completions on loopback, with invented answers. */
export interface Upstream {
  readonly port: number;
  /** Calls answered so far. */
  calls(): number;
  close(): void;
}

/** About what a small model takes, in ms: enough to watch the budget go down. */
const ANSWER_MS = 120;

const ANSWERS = ['Paris.', 'About 8,849 metres.', 'Mitochondria make the energy a cell uses.', 'In 1969.'];

export async function startUpstream(): Promise<Upstream> {
  let calls = 0;
  const server = http.createServer((request, response) => {
    void bodyOf(request).then((body) => {
      calls += 1;
      const answer = JSON.stringify(completion(body, calls));
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
        response.end(answer);
      }, ANSWER_MS);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    calls: () => calls,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Usage as a provider would state it: about a token for four characters of what was asked, and a long answer. */
function completion(body: string, call: number) {
  const prompt = Math.ceil(body.length / 4);
  const generated = 150 + ((call * 37) % 60);
  return {
    id: `chatcmpl-demo-${call}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: 'gpt-4o-mini-2024-07-18',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: ANSWERS[(call - 1) % ANSWERS.length] },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: prompt, completion_tokens: generated, total_tokens: prompt + generated },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

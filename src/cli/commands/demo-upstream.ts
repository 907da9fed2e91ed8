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

/** What is answered to a question that has the word in it. */
const ANSWERS: readonly (readonly [word: string, answer: string])[] = [
  ['capital', 'Paris.'],
  ['boiling', 'About 70 °C.'],
  ['Everest', 'About 8,849 metres.'],
  ['mitochondria', 'They make most of the energy that a cell uses.'],
  ['Moon', 'In 1969.'],
  ['Trial', 'Franz Kafka.'],
  ['light', '299,792 kilometres a second.'],
  ['moons', 'Saturn.'],
  ['DNA', 'Deoxyribonucleic acid.'],
  ['Guernica', 'Pablo Picasso.'],
  ['bones', '27.'],
  ['desert', 'Antarctica.'],
];

/** Starts an upstream on a free port of loopback that answers as api.openai.com would. */
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

function answerTo(body: string): string {
  return ANSWERS.find(([word]) => body.includes(word))?.[1] ?? 'I do not know.';
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
        message: { role: 'assistant', content: answerTo(body) },
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

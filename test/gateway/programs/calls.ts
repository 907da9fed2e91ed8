/** A process of its own with a gateway: makes the one call that its argument describes and prints what came of it. */
import { startGateway } from '../../support/gateway.js';

const [host = '', origin = ''] = process.argv.slice(2);
const gateway = await startGateway({ upstreams: [{ host, forwardTo: new URL(origin), provider: 'openai' }] });
const body = { model: 'gpt-4o', messages: [], max_tokens: 5 };
const answers = [];
for (let round = 0; round < 3; round += 1) answers.push(await gateway.post('/v1/chat/completions', body, {}, host));
process.stdout.write(
  JSON.stringify({
    statuses: answers.map(({ status }) => status),
    text: answers[0]?.text,
    settled: gateway.settled().map(({ source }) => source),
    voided: gateway.voided().length,
  }),
);
await gateway.close();

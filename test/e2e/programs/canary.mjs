// Calls every way that a gateway answers, silently, and looks meanwhile for what must be in no file: in the directory for
// temporary files and in the report's. Writes where it found that to $SEEN. Ends as its words say.
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const { OPENAI_API_KEY, CANARIES = '', SEEN = '', TMPDIR = '', REPORT = '', RUNNER_TEMP = '' } = process.env;
const [prompt] = CANARIES.split(' ');
const [end, ...models] = process.argv.slice(2);

const call = (model, stream) =>
  fetch('https://api.openai.com/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${OPENAI_API_KEY}` },
    body: JSON.stringify({ model, max_tokens: 60, stream, messages: [{ role: 'user', content: prompt }] }),
  })
    .then((answer) => answer.text())
    .catch(() => undefined);

for (const model of models) {
  await call(model, false);
  await call(model, true);
}
for (const directory of [TMPDIR, REPORT, RUNNER_TEMP].filter((each) => each !== '')) {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  )) {
    const text = readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'latin1');
    if (CANARIES.split(' ').some((canary) => text.includes(canary))) appendFileSync(SEEN, `found in ${entry.name}\n`);
  }
}
appendFileSync(SEEN, 'looked\n');
if (end === 'crash') process.kill(process.pid, 'SIGSEGV');
if (end === 'wait') {
  console.log('ready');
  setInterval(() => undefined, 1000);
}

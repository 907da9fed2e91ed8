// Runs the eval under its budget, with no key and no network: a stand-in on this machine answers for api.openai.com.
// Needs a Python that has mlflow and openai, by default `python3`:
//
//   node examples/mlflow-evaluate/try.mjs [PYTHON]
//
// The run is in MLflow's default store, ./mlflow.db, or where MLFLOW_TRACKING_URI points.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const CLI = join(HERE, '..', '..', 'dist', 'cli.js');
const JUDGEMENT = JSON.stringify({ result: 'yes', rationale: 'The answer is right, and short.' });

const server = http.createServer(async (request, response) => {
  const body = (await request.toArray()).join('');
  const judged = body.includes('rationale');
  const usage = { prompt_tokens: Math.ceil(body.length / 4), completion_tokens: judged ? 30 : 60 };
  const answer = {
    id: 'chatcmpl-stand-in',
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: 'gpt-4o-mini-2024-07-18',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: judged ? JUDGEMENT : 'It is as the book says.' },
        finish_reason: 'stop',
      },
    ],
    usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens },
  };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
});
server.listen(0, '127.0.0.1', run);

function run() {
  const scratch = mkdtempSync(join(tmpdir(), 'token-budget-example-'));
  const policy = join(scratch, 'token-budget.yml');
  const standIn = `upstreams: { api.openai.com: { forward_to: "http://127.0.0.1:${server.address().port}" } }`;
  writeFileSync(policy, `${readFileSync(join(HERE, 'token-budget.yml'), 'utf8')}\n${standIn}\n`);
  const command = [process.argv[2] ?? 'python3', join(HERE, 'eval.py')];
  const child = spawn(process.execPath, [CLI, 'run', '--policy', policy, '--', ...command], {
    stdio: 'inherit',
    env: { ...process.env, OPENAI_API_KEY: 'not-a-key' },
  });
  child.on('exit', (status) => {
    rmSync(scratch, { recursive: true });
    process.exit(status ?? 1);
  });
}

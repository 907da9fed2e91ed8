import { it } from 'vitest';
import { startEvals } from './mlflow-stand.js';
it.each(['mlflow', 'mlflow-older'] as const)('%s', { timeout: 300_000 }, async (venv) => {
  const stand = await startEvals(venv);
  for (const kind of (process.env.KINDS ?? 'traced').split(',')) {
    const uri = 'sqlite:///rel.db';
    const t = Date.now();
    const ended = await stand.evaluate(kind, uri, Number(process.env.ROWS ?? 3));
    console.log(kind, ended.status, Date.now() - t, ended.stdout.slice(-700), ended.stderr.split("\n").filter((l) => !l.includes("alembic")).join("\n").slice(-1500));
    console.log(stand.gateway.reserved().map((e) => `${e.phase} ${e.row} ${e.host}`), stand.gateway.refused().length);
    console.log(JSON.stringify(stand.told().slice(-1)));
    const run = stand.told().findLast((e) => e.event === 'mlflow_eval')?.run_id;
    if (typeof run === 'string') console.log(JSON.stringify(await stand.read(uri, run)).slice(0, +(process.env.OUT ?? 3000)));
  }
  console.log(stand.gateway.failures);
  await stand.close();
});

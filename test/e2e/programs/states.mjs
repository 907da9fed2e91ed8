// States an eval whose traces hold so many tokens, as the Python hook does when a real one ends.
import { appendFileSync } from 'node:fs';

const traced = { input_tokens: Number(process.argv[2]), output_tokens: 0 };
const stated = { event: 'mlflow_eval', run_id: 'abc', rows: 1, failed_rows: 0, traced };
appendFileSync(JSON.parse(process.env.TOKEN_BUDGET_HOOK).mlflow.runs, `${JSON.stringify(stated)}\n`);

/** What `token-budget init` writes: a starter policy and a starter workflow, both commented. */

const SCHEMA = 'https://raw.githubusercontent.com/token-budget/token-budget/main/schema/token-budget.schema.json';

/** The starter `token-budget.yml`. */
export const STARTER_POLICY = `# yaml-language-server: $schema=${SCHEMA}
#
# What a run may spend. \`token-budget check\` shows the resolved policy;
# \`token-budget run\` runs the command below under it.
version: 1

# The command: a line for the shell, or a list of a program and its arguments.
run: python evals/run.py

# Reaching a limit is allowed; a call that would pass one is refused.
# Numbers may be written 50000, 50_000, 50k or 1.5M.
limits:
  tokens: 200_000 # input and output of the whole run
  cost_usd: 1.00
  # input_tokens: 150k
  # output_tokens: 50k
  # calls: 500
  per_call:
    tokens: 32k
  # models: # by name, or by pattern
  #   "gpt-4o*": { cost_usd: 0.50 }

# raise: refuse and fail the run; warn: only report; halt: refuse and stop the command.
on_exceed: raise

# Share of a limit at which to warn.
warn_at: 80%

# USD per 1M tokens, for models that the built-in prices lack or get wrong. 0 is free.
# rates:
#   my-finetune: { input: 2.50, output: 10, cache_read: 1.25 }
#   "my-local-*": 0

# A price file next to this one: it can add models and raise rates.
# prices: prices.yml

# Under a cost limit, calls to models without a known price are refused; \`warn\` counts them as 0 USD.
# unpriced: refuse

# What to reserve for a call that sets no output limit, and how long a call waits for others to finish.
# reserve: { output_tokens: 4096, wait: 30s }

# More hosts to meter, or hosts to forward elsewhere.
# upstreams:
#   "127.0.0.1:11434": { dialect: openai-chat }

# Metrics go to the MLflow run that the command creates, or to MLFLOW_TRACKING_URI; \`off\` logs nothing.
# mlflow: { experiment: evals }
`;

/** The starter workflow for GitHub Actions. */
export const STARTER_WORKFLOW = `# Runs the command of token-budget.yml under its budget, on each pull request.
name: Token budget

on:
  pull_request:
  workflow_dispatch:

permissions:
  contents: read
  pull-requests: write # for the comment

# A newer push cancels the older run and stops its spending.
concurrency:
  group: token-budget-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  evals:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      # Install what your evals need here.
      - uses: token-budget/token-budget@v1
        with:
          policy: token-budget.yml
        env:
          # Pull requests from forks have no secrets: their evals cannot call a provider.
          OPENAI_API_KEY: \${{ secrets.OPENAI_API_KEY }}
`;

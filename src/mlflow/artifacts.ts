/** Files beside a run, on servers that take artifacts themselves. Others keep them where only MLflow's own client can write. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { asked, retried, type Client } from './client.js';
import { failureText } from './failure.js';
import type { Run } from './runs.js';

/** The run's folder for them. */
const FOLDER = 'token-budget';
const TYPES: Readonly<Record<string, string>> = { html: 'text/html', json: 'application/json' };

/** Keeps each file; what fails is said in a sentence and costs nothing else. */
export async function keepArtifacts(
  client: Client,
  { artifactUri }: Run,
  files: readonly string[],
): Promise<string | undefined> {
  // The host that may stand in the URI is not asked: the credential is for this server alone.
  const root = /^mlflow-artifacts:(?:\/\/[^/]*)?(\/.*)$/.exec(artifactUri)?.[1];
  if (root === undefined) return undefined;
  try {
    for (const file of files) await keep(client, `${root.replace(/\/+$/, '')}/${FOLDER}/${basename(file)}`, file);
    return undefined;
  } catch (error) {
    return failureText(error, client.server).replace('Could not log the metrics', 'Could not add the report');
  }
}

async function keep(client: Client, path: string, file: string): Promise<void> {
  const url = new URL(`${client.server.address}/api/2.0/mlflow-artifacts/artifacts${path}`);
  const contentType = TYPES[file.split('.').pop() ?? ''] ?? 'text/plain';
  const body = readFileSync(file);
  await retried(client, () => asked(client, { method: 'PUT', url, body, contentType }));
}

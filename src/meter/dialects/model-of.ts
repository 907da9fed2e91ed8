import { textOf, type JsonObject } from '../../lib/json.js';

const DEPLOYMENT = /\/deployments\/([^/]+)\//;

/** The model that a request names; Azure's older paths name a deployment in its place. */
export function modelOf(body: JsonObject, path: string): string {
  const named = textOf(body.model) ?? '';
  return named === '' ? decoded(DEPLOYMENT.exec(path)?.[1] ?? '') : named;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

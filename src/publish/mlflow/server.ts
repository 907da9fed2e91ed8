/**
 * Where an MLflow tracking server is and how one proves who one is there, from the variables that MLflow's own clients
 * read. What comes out of here holds credentials; `host` alone is fit for a message.
 */
import { readFileSync } from 'node:fs';
import type { TlsOptions } from './request.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Server {
  /** For messages: `host` or `host:port`. */
  readonly host: string;
  /** Without user, query and a slash at its end. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsOptions;
}

/** A setting that leaves no way to ask the server; its message is one sentence with the remedy. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/**
 * Undefined where the tracking URI is none of http or https.
 * @throws SettingError where the certificate that the environment names can not be read
 */
export function serverOf(uri: string, env: Environment): Server | undefined {
  const url = URL.canParse(uri.trim()) ? new URL(uri.trim()) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined;
  return {
    host: url.host,
    address: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    headers: { ...credential(url, env), ...workspace(env) },
    tls: tlsOf(env),
  };
}

/** Basic before Bearer, as MLflow has it; a user that stands in the address comes last. */
function credential(url: URL, env: Environment): Record<string, string> {
  const user = env.MLFLOW_TRACKING_USERNAME ?? '';
  const password = env.MLFLOW_TRACKING_PASSWORD ?? '';
  const token = env.MLFLOW_TRACKING_TOKEN?.trim() ?? '';
  if (user !== '' && password !== '') return basic(user, password);
  if (token !== '') return { authorization: `Bearer ${token}` };
  return url.username === '' ? {} : basic(decoded(url.username), decoded(url.password));
}

function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

/** A stray percent sign in an address is itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function workspace({ MLFLOW_WORKSPACE: name = '' }: Environment): Record<string, string> {
  return name === '' ? {} : { 'x-mlflow-workspace': name };
}

/** A named certificate wins over the wish for no check at all: it is the safer of the two. */
function tlsOf(env: Environment): TlsOptions {
  const path = env.MLFLOW_TRACKING_SERVER_CERT_PATH ?? '';
  if (path !== '') return { ca: certificate(path) };
  return /^(1|true)$/i.test(env.MLFLOW_TRACKING_INSECURE_TLS ?? '') ? { rejectUnauthorized: false } : {};
}

function certificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new SettingError('the file that MLFLOW_TRACKING_SERVER_CERT_PATH names can not be read as a PEM file.');
  }
}

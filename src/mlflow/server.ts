/**
 * Where an MLflow tracking server is and how to authenticate there, from the variables that MLflow's own clients read.
 * The result holds credentials; only `host` may appear in a message.
 */
import { readFileSync } from 'node:fs';
import type { Environment } from '../lib/environment.js';
import type { TlsOptions } from './request.js';

export interface Server {
  /** For messages: `host` or `host:port`. */
  readonly host: string;
  /** Without user, query and a slash at its end. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Where runs have their pages: the experiment's id and the run's follow. */
  readonly pages: string;
  /** A client of Databricks' OAuth, which a token is asked for before all else. */
  readonly login?: { readonly id: string; readonly secret: string };
  readonly tls: TlsOptions;
}

/** A setting that leaves no way to ask the server; its message is one sentence with the remedy. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/**
 * Undefined where the tracking URI is none of http, https, or Databricks with its host and credential in the environment.
 * @throws SettingError where the certificate that the environment names can not be read
 */
export function serverOf(uri: string, env: Environment): Server | undefined {
  if (uri.trim() === 'databricks') return databricks(env);
  const url = webAddress(uri);
  if (!url) return undefined;
  const address = addressOf(url);
  const headers = { ...credential(url, env), ...workspace(env) };
  return { host: url.host, address, headers, pages: `${address}/#/experiments/`, tls: tlsOf(env) };
}

/** By a token, or else by OAuth; profiles of Databricks' own files are left to its own client. */
function databricks(env: Environment): Server | undefined {
  const url = webAddress(
    /^https?:/.test(env.DATABRICKS_HOST ?? '') ? env.DATABRICKS_HOST : `https://${env.DATABRICKS_HOST}`,
  );
  const { DATABRICKS_TOKEN: token = '', DATABRICKS_CLIENT_ID: id = '', DATABRICKS_CLIENT_SECRET: secret = '' } = env;
  if (!url || (env.DATABRICKS_HOST ?? '') === '' || (token === '' && (id === '' || secret === ''))) return undefined;
  const address = addressOf(url);
  const server = { host: url.host, address, pages: `${address}/ml/experiments/`, tls: tlsOf(env) };
  return token === ''
    ? { ...server, headers: {}, login: { id, secret } }
    : { ...server, headers: { authorization: `Bearer ${token}` } };
}

function webAddress(text = ''): URL | undefined {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

function addressOf(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
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
  const insecure = /^(1|true)$/i.test(env.MLFLOW_TRACKING_INSECURE_TLS ?? '');
  const ca = certificate('MLFLOW_TRACKING_SERVER_CERT_PATH', env);
  // One file has both, the certificate and its key.
  const own = certificate('MLFLOW_TRACKING_CLIENT_CERT_PATH', env);
  return {
    ...(ca === undefined ? insecure && { rejectUnauthorized: false } : { ca }),
    ...(own !== undefined && { cert: own, key: own }),
  };
}

function certificate(variable: string, env: Environment): string | undefined {
  const path = env[variable] ?? '';
  try {
    return path === '' ? undefined : readFileSync(path, 'utf8');
  } catch {
    throw new SettingError(`${variable} does not name a readable PEM file.`);
  }
}

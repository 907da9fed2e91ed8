/**
 * Why MLflow did not take the metrics, in one sentence with the remedy. It is made only of setting names, the host, the
 * status and MLflow's error codes: no text of the server, and no credential, reaches a log this way.
 */
import { DeadlineError } from '../lib/deadline.js';
import { SettingError, type Server } from './server.js';

/** An answer that reports a failure. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly status: number;
  /** MLflow's `error_code`; empty where the answer has none that looks like one. */
  readonly code: string;

  constructor(status: number, code: string) {
    super(`status ${status}`);
    this.status = status;
    this.code = code;
  }
}

/** The experiment was deleted; MLflow keeps its name reserved. */
export class DeletedError extends Error {
  override readonly name = 'DeletedError';
}

const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME|^ERR_SSL_|^EPROTO$/;

/** One line: what failed, why, and what to do. */
export function failureText(error: unknown, server: Pick<Server, 'host' | 'headers'> | undefined): string {
  return `Could not log the metrics to MLflow: ${causeOf(error, server)}`;
}

function causeOf(error: unknown, server: Pick<Server, 'host' | 'headers'> | undefined): string {
  if (error instanceof SettingError) return error.message;
  const host = server?.host ?? 'the server';
  if (error instanceof AnswerError) return statusText(error, host, server?.headers.authorization !== undefined);
  if (error instanceof DeadlineError)
    return `${host} gave ${error.message}. Check that it is up and reachable from here.`;
  if (error instanceof DeletedError) return `the experiment on ${host} is deleted. Restore it, or use another one.`;
  const code = codeOf(error);
  if (UNTRUSTED.test(code)) {
    return `the certificate of ${host} is not trusted (${code}). Set MLFLOW_TRACKING_SERVER_CERT_PATH to its CA certificate.`;
  }
  return `${host} could not be reached, or closed the connection${code === '' ? '' : ` (${code})`}. Check MLFLOW_TRACKING_URI.`;
}

function statusText({ status, code }: AnswerError, host: string, credential: boolean): string {
  const what = code === '' ? `status ${status}` : `status ${status}, ${code}`;
  if (status === 401) return credentialText(host, what, credential);
  if (status === 403) {
    return (
      `${host} forbids it (${what}). Give the user EDIT permission on the experiment. ` +
      'a server that is called by another name than its own also needs that name in its --allowed-hosts.'
    );
  }
  if (status >= 300 && status < 400) {
    return `${host} redirects (${what}). Redirects are not followed, to protect the credential: set the address it redirects to.`;
  }
  if (code === 'RESOURCE_DOES_NOT_EXIST') return `${host} does not know the run (${what}). Check the run's id.`;
  if (status === 404 || status === 200)
    return `${host} answers, but not as MLflow does (${what}). Check MLFLOW_TRACKING_URI.`;
  if (status === 429 || status >= 500) return `${host} failed, also on retry (${what}). Check its log.`;
  return `${host} refused them as invalid (${what}). Check the experiment's name, and that the run is not deleted.`;
}

function credentialText(host: string, what: string, credential: boolean): string {
  const names = 'MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN';
  return credential
    ? `${host} does not accept the credential (${what}). Check ${names}.`
    : `${host} requires a credential (${what}). Set ${names}.`;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : '';
}

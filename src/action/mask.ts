/** The action's own words without secrets: the runner masks its log, yet neither what it was told of late nor shapes of keys. */
import type { ActionIo, Toolkit } from './io.js';
import type { Environment } from '../lib/environment.js';
import { Mask } from '../mask/mask.js';
import { secretsIn } from '../mask/secrets.js';

/** What is masked in all that this step says. */
export function maskOf({ env }: { readonly env: Environment }): Mask {
  return new Mask(secretsIn(env));
}

/** The same process, with every message masked on its way to the log. */
export function masked(io: ActionIo): ActionIo {
  const mask = maskOf(io);
  const { core } = io;
  const text = (message: string | Error) => mask.text(message instanceof Error ? message.message : message);
  const spoken: Pick<Toolkit, 'info' | 'notice' | 'warning' | 'error' | 'setFailed'> = {
    info: (message) => {
      core.info(text(message));
    },
    notice: (message, properties) => {
      core.notice(text(message), properties);
    },
    warning: (message, properties) => {
      core.warning(text(message), properties);
    },
    error: (message, properties) => {
      core.error(text(message), properties);
    },
    setFailed: (message) => {
      core.setFailed(text(message));
    },
  };
  return { ...io, core: { ...core, ...spoken } };
}

/** A moment after which nothing more is asked of GitHub: requests under way are given up, waits are not begun. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Milliseconds from the start to the end. */
  readonly ms: number;
  /** Milliseconds until the end, 0 or more. */
  left(): number;
  /** Takes back the timer, so that the process may end. */
  clear(): void;
}

/** The deadline passed: GitHub was too slow, or wanted us to wait for longer. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** Starts one. The timer keeps the process alive, since the waits of the plugins below it may not. */
export function startDeadline(ms: number): Deadline {
  const controller = new AbortController();
  const end = performance.now() + ms;
  const timer = setTimeout(() => {
    controller.abort(new DeadlineError(`no answer within ${ms / 1000} s`));
  }, ms);
  return {
    signal: controller.signal,
    ms,
    left: () => Math.max(0, end - performance.now()),
    clear: () => {
      clearTimeout(timer);
    },
  };
}

/** The result of `work`, or a DeadlineError as soon as the deadline passes, even where `work` hangs. */
export async function beforeDeadline<T>(deadline: Deadline, work: Promise<T>): Promise<T> {
  const { signal } = deadline;
  signal.throwIfAborted();
  let end = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    end = () => {
      reject(signal.reason as DeadlineError);
    };
    signal.addEventListener('abort', end, { once: true });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Waits, in ms. */
export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

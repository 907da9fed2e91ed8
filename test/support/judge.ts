/** A provider's answers to the judges of an eval, as the tests' judges ask for them. */
import type { Seen } from './upstream.js';

/** Tokens that the provider bills for a judge's call. */
export const JUDGED = { input: 30, output: 7 };

/** Whether a request is a judge's: the tests' instructions to them begin so. */
export function isJudges({ text }: Seen): boolean {
  return text.includes('judge: ');
}

/** A completion that says yes, in JSON. */
export function judgement({ body }: Seen): string {
  const content = JSON.stringify({ result: 'yes', rationale: 'It is.' });
  const { input, output } = JUDGED;
  return JSON.stringify({
    id: 'chatcmpl-2',
    object: 'chat.completion',
    created: 1,
    model: body.model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  });
}

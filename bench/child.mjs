import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that answers each line on its standard input with a line on its standard output. */
export class LineProgram {
  #child;
  #lines;
  #ended;
  #stderr = '';

  constructor(file, args, options = {}) {
    this.#child = spawn(file, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr.on('data', (chunk) => (this.#stderr = (this.#stderr + chunk).slice(-4_000)));
    this.#child.stdin.on('error', () => undefined);
    this.#ended = new Promise((resolve) => this.#child.on('close', resolve));
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  get pid() {
    return this.#child.pid;
  }

  /** The next line it prints. */
  async line() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the program ended early:\n${this.#stderr}`);
    return value;
  }

  async ask(question) {
    this.#child.stdin.write(`${JSON.stringify(question)}\n`);
    return JSON.parse(await this.line());
  }

  /** Ends its input, and returns when it is gone. */
  async end() {
    this.#child.stdin.end();
    await this.#ended;
  }
}

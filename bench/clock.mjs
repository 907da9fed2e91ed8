/** Time that passes only when nothing is left to do at its present moment. */
export class VirtualClock {
  now = 0;
  #events = [];

  /** Calls back after so many ms; returns what `cancel` takes. */
  after(ms, act) {
    const event = { at: this.now + ms, act };
    const later = this.#events.findIndex(({ at }) => at > event.at);
    this.#events.splice(later === -1 ? this.#events.length : later, 0, event);
    return event;
  }

  cancel(event) {
    const at = this.#events.indexOf(event);
    if (at !== -1) this.#events.splice(at, 1);
  }

  sleep(ms) {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Runs until nothing is due any more. */
  async run() {
    await settled();
    for (let event = this.#events.shift(); event; event = this.#events.shift()) {
      this.now = event.at;
      event.act();
      await settled();
    }
  }

  /** Runs what starts by `use`, with the global timers being this clock's. */
  async withTimers(use) {
    const { setTimeout, clearTimeout } = globalThis;
    globalThis.setTimeout = (act, ms) => this.after(ms, act);
    globalThis.clearTimeout = (event) => this.cancel(event);
    try {
      use();
      await this.run();
    } finally {
      Object.assign(globalThis, { setTimeout, clearTimeout });
    }
  }
}

/** Lets promises that are due call back: a caller's way from one timer to the next is a few of them long. */
async function settled() {
  for (let i = 0; i < 16; i += 1) await undefined;
}

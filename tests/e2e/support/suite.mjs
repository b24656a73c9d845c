// A small runner: tests are sentences, run one after the other; the closing line is `N passed, N failed`.
export class Suite {
  #filter;
  #passed = 0;
  #failed = [];
  #skipped = 0;

  constructor({filter = ''} = {}) { this.#filter = filter.toLowerCase(); }

  // Runs a group: `prepare` gives what its tests share, `tests` names them, `finish` gives it back.
  async group(title, {prepare = async () => ({}), tests, finish = async () => {}}) {
    const chosen = tests.filter(([name]) => `${title}: ${name}`.toLowerCase().includes(this.#filter));
    if (chosen.length === 0) return;
    let shared;
    try {
      shared = await prepare();
    } catch (error) {
      let reason = new Error(`could not be prepared: ${error.message}`);
      for (const [name] of chosen) {
        this.#report(`${title}: ${name}`, 0, reason);
        reason = 'as above';
      }
      return;
    }
    for (const [name, body] of chosen) await this.#run(`${title}: ${name}`, () => body(shared));
    try {
      await finish(shared);
    } catch (error) { this.#report(`${title}: ends cleanly`, 0, error); }
  }

  async #run(name, body) {
    const began = Date.now();
    let failure = null;
    try {
      await withLimit(body(), 1_800_000);
    } catch (error) { failure = error; }
    this.#report(name, Date.now() - began, failure);
  }

  #report(name, milliseconds, failure) {
    if (failure) {
      this.#failed.push(name);
      console.log(`FAILED ${name}\n       ${
          String(failure.stack ?? failure).split('\n').slice(0, 8).join('\n       ')}`);
    } else {
      ++this.#passed;
      console.log(`ok     ${name} (${milliseconds} ms)`);
    }
  }

  finish() {
    for (const name of this.#failed) console.log(`failed: ${name}`);
    console.log(`${this.#passed} passed, ${this.#failed.length} failed`);
    return this.#failed.length === 0 && this.#passed > 0 ? 0 : 1;
  }
}

export function withLimit(promise, milliseconds, what = 'it') {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

// Asks `condition` again and again until it gives something true; fails with `what` after the limit.
export async function eventually(what, condition, milliseconds = 10_000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${milliseconds} ms in vain: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

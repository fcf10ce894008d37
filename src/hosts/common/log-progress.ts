import type { Progress } from "../../model/progress.ts";
import { secondsInWords } from "../../report/format.ts";

/** Progress in a log, which can't be redrawn: parts and notes only, and the current state from time to time. */
export class LogProgress implements Progress {
  readonly #write: (line: string) => void;
  readonly #group: { readonly open: (title: string) => string; readonly close: string | undefined };
  #isOpen = false;
  #loggedAt = 0;

  constructor(write: (line: string) => void, group: { readonly open: (title: string) => string; readonly close: string | undefined }) {
    this.#write = write;
    this.#group = group;
  }

  begin(title: string): void {
    this.end();
    this.#write(this.#group.open(title));
    this.#isOpen = true;
    this.#loggedAt = performance.now();
  }

  update(what: string, of?: { readonly done: number; readonly total: number; readonly left?: number }): void {
    if (performance.now() - this.#loggedAt < LOG_INTERVAL_MS) return;
    this.#loggedAt = performance.now();
    this.#write(`  ${progressLine(what, of)}`);
  }

  note(line: string): void {
    this.#loggedAt = performance.now();
    this.#write(`  ${line}`);
  }

  end(): void {
    if (this.#isOpen && this.#group.close !== undefined) this.#write(this.#group.close);
    this.#isOpen = false;
  }
}

/** Milliseconds. A log that is silent for longer looks dead. */
const LOG_INTERVAL_MS = 20_000;

/** `[12/30] test_csv test_json, about 2 min 10 s left` */
export function progressLine(what: string, of?: { readonly done: number; readonly total: number; readonly left?: number }): string {
  if (of === undefined) return what;
  const left = of.left === undefined ? "" : `, about ${secondsInWords(of.left)} left`;
  return `[${of.done}/${of.total}] ${what}${left}`;
}

import * as v from "valibot";
import { MARK, PLANTED } from "../probe/compile.ts";
import type { MemcheckError, MemcheckEvent } from "./error.ts";
import type { XmlEnding } from "./xml-reader.ts";

const MarkSchema = v.variant("event", [
  v.object({ event: v.literal("file-start") }),
  v.object({ event: v.literal("file-stop"), state: v.string(), ran: v.nullish(v.number()) }),
  v.object({ event: v.literal("test-start"), id: v.string() }),
  v.object({ event: v.literal("test-stop"), id: v.string() }),
]);

type Mark = v.InferOutput<typeof MarkSchema>;

/** How regrtest says that one test file ended. A package of tests has several. */
export interface FileResult {
  readonly state: string;
  /** How many tests ran, where regrtest tells (3.12 and newer). */
  readonly ran: number | null;
}

/** What one process under memcheck said of itself, collected while its events go by. */
export class ProcessReport {
  /** The planted errors that came back. */
  readonly seen = { leak: false, read: false };
  readonly results: FileResult[] = [];
  started = false;
  finished = false;
  /** The test that runs now, by the id that unittest gives it. */
  testId: string | null = null;
  ending: XmlEnding | undefined;
  #testsStarted = 0;

  /** Takes one event; returns the error in it, unless we planted it ourselves. */
  take(event: MemcheckEvent): MemcheckError | undefined {
    if (event.type === "state") this.#state(event.state);
    if (event.type === "message") this.#mark(event.text);
    if (event.type !== "error" || this.#isPlanted(event.error)) return undefined;
    return event.error;
  }

  end(ending: XmlEnding): void {
    this.ending = ending;
  }

  get testsStarted(): number {
    return this.#testsStarted;
  }

  #state(state: "RUNNING" | "FINISHED"): void {
    if (state === "RUNNING") this.started = true;
    else this.finished = true;
    // From here on memcheck reports what is left at exit, which no single test made.
    if (state === "FINISHED") this.testId = null;
  }

  #isPlanted(error: MemcheckError): boolean {
    const has = (name: string): boolean => error.frames.some((frame) => frame.function === name);
    if (has(PLANTED.read)) this.seen.read ||= error.kind === "InvalidRead";
    else if (has(PLANTED.leak)) this.seen.leak ||= error.kind.startsWith("Leak_");
    else return false;
    return true;
  }

  #mark(text: string): void {
    const mark = parseMark(text);
    if (mark?.event === "file-stop") this.results.push({ state: mark.state, ran: mark.ran ?? null });
    if (mark?.event === "test-stop") this.testId = null;
    if (mark?.event !== "test-start") return;
    this.testId = mark.id;
    this.#testsStarted++;
  }
}

/** Undefined for a message that is not ours: any program may send some. */
function parseMark(text: string): Mark | undefined {
  if (!text.startsWith(MARK)) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), MarkSchema), text.slice(MARK.length));
  return parsed.success ? parsed.output : undefined;
}

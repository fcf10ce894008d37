// Reads suppression files as valgrind does (load_one_suppressions_file in its m_errormgr.c), so that both stages hide the same leaks. Pure.

import { UserError } from "../model/user-error.ts";

/** Maximum frames of each stack; inlined functions come in addition. */
export const MAX_STACK_FRAMES = 30;

/** One frame of a suppression: a pattern for a function, an object, or a source file, optionally with a line, or any number of frames. */
export type Pattern =
  | { readonly of: "function" | "object"; readonly glob: string }
  | { readonly of: "source"; readonly glob: string; readonly line: number | null }
  | { readonly of: "any" };

/** A suppression of definite leaks. */
export interface LeakSuppression {
  readonly name: string;
  readonly file: string;
  /** Line of its name. */
  readonly line: number;
  /** Innermost first. */
  readonly frames: readonly Pattern[];
}

/**
 * The suppressions of definite leaks. Those for other kinds of errors and other tools are ignored.
 * @throws UserError with the line that valgrind can't read either, and for a suppression that hides every leak.
 */
export function parseLeakSuppressions(text: string, file: string): readonly LeakSuppression[] {
  return new SuppressionReader(text, file).readAll();
}

interface Line {
  readonly text: string;
  readonly number: number;
}

/** A line that valgrind reads as a frame although another line of the kind may follow; it does not expect `src:` there. */
const FRAME_AFTER_KIND = /^(fun:|obj:|\.\.\.$)/;

const LEAK_KINDS =
  /^match-leak-kinds:\s*(all|none|(?:reachable|possible|indirect|definite)(?:,(?:reachable|possible|indirect|definite))*)$/;

class SuppressionReader {
  readonly #file: string;
  readonly #lines: readonly Line[];
  #next = 0;

  constructor(text: string, file: string) {
    this.#file = file;
    this.#lines = text
      .split("\n")
      .map((line, index) => ({ text: line.trim(), number: index + 1 }))
      .filter((line) => line.text !== "" && !line.text.startsWith("#"));
  }

  readAll(): readonly LeakSuppression[] {
    const found: LeakSuppression[] = [];
    while (this.#next < this.#lines.length) {
      const start = this.#take();
      if (start.text !== "{") this.#refuse(start, "a suppression must begin with `{`");
      const name = this.#take();
      if (name.text === "}") this.#refuse(name, "the suppression has neither a name nor a kind");
      const frames = this.#readBody();
      if (frames !== undefined) found.push({ name: name.text, file: this.#file, line: name.number, frames });
    }
    return found;
  }

  /** Undefined if it does not suppress definite leaks. */
  #readBody(): readonly Pattern[] | undefined {
    const kind = this.#take();
    const [, tools, error] = /^([^:]*):(.*)$/.exec(kind.text) ?? this.#refuse(kind, "`TOOL:KIND` is expected here, as in `Memcheck:Leak`");
    if (!tools?.split(",").includes("Memcheck") || error !== "Leak") {
      while (this.#take().text !== "}");
      return undefined;
    }
    const isDefinite = this.#readLeakKinds();
    const frames = this.#readFrames();
    if (isDefinite && frames.every(matchesAll))
      this.#refuse(kind, "the suppression hides every leak: name a function, an object or a file");
    return isDefinite ? frames : undefined;
  }

  #readLeakKinds(): boolean {
    const line = this.#take();
    if (FRAME_AFTER_KIND.test(line.text)) {
      this.#next--;
      return true;
    }
    if (line.text === "}") this.#refuse(line, "the suppression has no frames");
    if (line.text.startsWith("src:")) this.#refuse(line, "valgrind takes `src:` as the first frame only after a line `match-leak-kinds:`");
    const [, kinds] =
      LEAK_KINDS.exec(line.text) ?? this.#refuse(line, "neither a frame nor a line `match-leak-kinds:` that valgrind knows");
    return /\b(definite|all)\b/.test(kinds ?? "");
  }

  #readFrames(): readonly Pattern[] {
    const frames: Pattern[] = [];
    for (let line = this.#take(); line.text !== "}"; line = this.#take()) {
      frames.push(patternOf(line.text) ?? this.#refuse(line, "a frame is `...`, or `fun:`, `obj:` or `src:` with a pattern"));
    }
    if (frames.length === 0) this.#refuse(this.#lines[this.#next - 1], "the suppression has no frames");
    // Valgrind ignores lines beyond the frames that it keeps of a stack.
    return frames.slice(0, MAX_STACK_FRAMES);
  }

  #take(): Line {
    return this.#lines[this.#next++] ?? this.#refuse(this.#lines.at(-1), "the file ends within a suppression");
  }

  #refuse(line: Line | undefined, problem: string): never {
    throw new UserError(`The suppression file ${this.#file} cannot be used: line ${line?.number ?? 1}: ${problem}.`, {
      hint: line === undefined ? "The file is empty." : `The line is \`${line.text.slice(0, 200)}\`.`,
    });
  }
}

function patternOf(line: string): Pattern | undefined {
  if (line === "...") return { of: "any" };
  const [, tag, pattern = ""] = /^(fun|obj|src):(.*)$/.exec(line) ?? [];
  switch (tag) {
    case "fun":
      // Compiler suffixes (`PyUnicode_New.part.0`) are in memcheck's names, but not in addr2line's.
      return { of: "function", glob: pattern.replace(/(?<=\w)\.(part|isra|constprop|cold|lto_priv)\b.*$/, "") };
    case "obj":
      return { of: "object", glob: pattern };
    case "src":
      return sourceOf(pattern);
    default:
      return undefined;
  }
}

/** Undefined: valgrind reads a line that is not a number as every line, and so would hide more than intended. */
function sourceOf(pattern: string): Pattern | undefined {
  const [, glob, line] = /^([^:]*)(?::0*(\d+))?$/.exec(pattern) ?? [];
  if (glob === undefined) return undefined;
  return { of: "source", glob, line: line === undefined || line === "0" ? null : Number(line) };
}

function matchesAll(pattern: Pattern): boolean {
  return pattern.of === "any" || (/^\*+$/.test(pattern.glob) && !(pattern.of === "source" && pattern.line !== null));
}

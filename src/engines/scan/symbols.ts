import type { Frame } from "../../model/memory-error.ts";
import type { Processes } from "../../system/processes.ts";

/** A call as the leak sanitizer gives it: the object file and the offset in it. Null if the file is unknown. */
export type Place = readonly [object: string | null, offset: number];

/**
 * The functions and lines at offsets in programs and libraries, from binutils' addr2line. Cached for the whole check: most stacks consist of the
 * same calls.
 */
export class Symbols {
  readonly #processes: Processes;
  readonly #known = new Map<string, readonly Frame[]>();

  constructor(processes: Processes) {
    this.#processes = processes;
  }

  /** Several frames for a call in inlined functions, innermost first. Known only after `learn`. */
  framesAt(place: Place): readonly Frame[] {
    return this.#known.get(keyOf(place)) ?? [frameWithout(place)];
  }

  /** Looks up everything that is not known yet, with one process for each file. */
  async learn(places: Iterable<Place>): Promise<void> {
    const wanted = new Map<string, Set<number>>();
    for (const [object, offset] of places) {
      // A name that is not a path could be an option of addr2line, or an option file.
      if (object?.[0] !== "/" || this.#known.has(keyOf([object, offset]))) continue;
      const offsets = wanted.get(object) ?? new Set();
      wanted.set(object, offsets.add(offset));
    }
    for (const [object, offsets] of wanted) await this.#ask(object, [...offsets]);
  }

  async #ask(object: string, offsets: readonly number[]): Promise<void> {
    const answers = new AnswerReader(object);
    const { child, ended } = this.#processes.start("addr2line", ["-a", "-f", "-i", "-e", object], {
      stdio: ["pipe", "pipe", "ignore"],
      onLine: (line) => answers.take(line),
    });
    // It ends early if it can't read the file; its frames then stay without names.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(offsets.map((offset) => `${hexadecimal(offset)}\n`).join(""));
    await ended;
    const names = await this.#demangle([...answers.answers.values()].flat().flatMap((frame) => frame.function ?? []));
    for (const [offset, frames] of answers.answers) {
      const readable = frames.map((frame) => withReadableName(frame, names));
      this.#known.set(keyOf([object, offset]), readable);
    }
  }

  /** The readable names of C++ and Rust functions, from binutils' c++filt. */
  async #demangle(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const mangled = [...new Set(names.filter((name) => /^_[ZR]\S+$/.test(name)))];
    if (mangled.length === 0) return new Map();
    const readable: string[] = [];
    // Without `-i`, names of standard library classes would be longer than those of addr2line and valgrind.
    const { child, ended } = this.#processes.start("c++filt", ["-i"], {
      stdio: ["pipe", "pipe", "ignore"],
      onLine: (line) => readable.push(line),
    });
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(mangled.map((name) => `${name}\n`).join(""));
    await ended;
    return new Map(mangled.map((name, index) => [name, readable[index] ?? name]));
  }
}

/** addr2line's output: the address, then for each function, inlined ones first, a line with its name and one with its place. */
export class AnswerReader {
  readonly answers = new Map<number, Frame[]>();
  readonly #object: string;
  #frames: Frame[] = [];
  #place: Place;
  #function: string | undefined;

  constructor(object: string) {
    this.#object = object;
    this.#place = [object, 0];
  }

  take(line: string): void {
    if (this.#function !== undefined) this.#takePlace(line);
    else if (/^0x[0-9a-f]{16}$/.test(line)) {
      this.#place = [this.#object, Number(line)];
      this.#frames = [];
      this.answers.set(Number(line), this.#frames);
    } else this.#function = line;
  }

  #takePlace(line: string): void {
    const name = this.#function === "??" ? undefined : this.#function?.replace(/^_{2,3}interceptor_/, "");
    this.#function = undefined;
    const [, path = "??", number = ""] = /^(.*):(\d+|\?)(?: \(discriminator \d+\))?$/.exec(line) ?? [];
    const slash = path.lastIndexOf("/");
    const source = path === "??" ? {} : { directory: path.slice(0, Math.max(slash, 0)), file: path.slice(slash + 1) };
    const code = /^[1-9]/.test(number) ? { line: Number(number) } : {};
    this.#frames.push({ ...frameWithout(this.#place), ...(name === undefined ? {} : { function: name }), ...source, ...code });
  }
}

function withReadableName(frame: Frame, names: ReadonlyMap<string, string>): Frame {
  const linkerName = frame.function;
  const readable = linkerName === undefined ? undefined : names.get(linkerName);
  return linkerName === undefined || readable === undefined || readable === linkerName
    ? frame
    : { ...frame, function: readable, linkerName };
}

function frameWithout([object, offset]: Place): Frame {
  return { address: hexadecimal(offset), ...(object === null ? {} : { object }) };
}

function keyOf([object, offset]: Place): string {
  return `${object}+${offset}`;
}

function hexadecimal(offset: number): string {
  return `0x${offset.toString(16).toUpperCase()}`;
}

import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Frame } from "../model/memory-error.ts";

/** Before each statement that it makes, Cython says of which line: `/* "demo.pyx":12`. */
const COMMENT = /^ *\/\* "([^"]+\.(?:pyx|pxd|pxi|py))":(\d+)$/;

/** A generated file of numpy has 1.5 MB. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Where a line of a generated file is from: the first line of the file that is from there, the source and the line in it. */
interface Origin {
  readonly from: number;
  readonly path: string;
  readonly line: number;
}

/**
 * Shows the line of Cython's source in place of that of the C file made of it, as far as that file is where it was compiled. Each file is read once.
 */
export class CythonLines {
  readonly #files = new Map<string, readonly Origin[]>();

  /** The frame itself where it is not Cython's, or the file is gone. */
  sourceOf(frame: Frame): Frame {
    const { function: name, directory, file, line } = frame;
    if (name === undefined || !/^__(pyx|Pyx)_/.test(name) || directory === undefined || file === undefined || line === undefined)
      return frame;
    const generated = join(directory, file);
    const origin = this.#originsIn(generated).findLast(({ from }) => from <= line);
    if (origin === undefined) return frame;
    const beside = join(directory, basename(origin.path));
    const path = existsSync(beside) ? beside : origin.path;
    return { ...frame, directory: dirname(path), file: basename(path), line: origin.line };
  }

  #originsIn(path: string): readonly Origin[] {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const origins = readOrigins(path);
    this.#files.set(path, origins);
    return origins;
  }
}

function readOrigins(path: string): readonly Origin[] {
  return readGenerated(path)
    .split("\n")
    .flatMap((text, index) => {
      const [, source = "", line] = COMMENT.exec(text) ?? [];
      return line === undefined ? [] : [{ from: index + 1, path: source, line: Number(line) }];
    });
}

/** Empty for what cannot be read: debug information names files of the machine that compiled, or any other. */
function readGenerated(path: string): string {
  try {
    const status = statSync(path);
    return path.startsWith("/") && status.isFile() && status.size <= MAX_BYTES ? readFileSync(path, "utf8") : "";
  } catch {
    return "";
  }
}

import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Frame } from "../model/memory-error.ts";

/** Cython marks each generated statement with its source line: `/* "demo.pyx":12`. */
const COMMENT = /^ *\/\* "([^"]+\.(?:pyx|pxd|pxi|py))":(\d+)$/;

/** A generated file of numpy has 1.5 MB. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The source of a generated line: the first line of the generated file that comes from there, the source file and its line. */
interface Origin {
  readonly from: number;
  readonly path: string;
  readonly line: number;
}

/**
 * Replaces lines of generated C files by the lines of Cython's source, if the C file is still where it was compiled. Each file is read once.
 */
export class CythonLines {
  readonly #files = new Map<string, readonly Origin[]>();

  /** The unchanged frame if it is not Cython's, or the file is gone. */
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

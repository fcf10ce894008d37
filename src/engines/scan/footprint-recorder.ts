import { lstat, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  decodeRecord,
  encodeList,
  type Gap,
  type RawFootprint,
  RUN_BY_ALL,
  recordSize,
  WAS_RUN,
  type Watched,
} from "../../affected/footprint-files.ts";
import type { Footprint, RecordedFootprints } from "../../affected/footprints.ts";

/** Code that a worker runs before the first test file, and between test files (cpython_memcheck_regrtest.py). */
const SHARED = ["shared.footprint", "serving.footprint"] as const;

/** A test file's process, and the worker that it was forked from. */
export interface RecordedProcess {
  readonly test: string;
  readonly folder: string;
  readonly pid: number;
}

/** Records which functions a scan's processes run and which files they open (src/probe/footprint.c). */
export class FootprintRecorder {
  readonly #keys: readonly (readonly string[])[];
  readonly #roots: Watched["roots"];
  readonly #list: string;
  /** The workers' recordings. */
  readonly #folders = new Set<string>();
  readonly #tests = new Map<string, RawFootprint[]>();

  private constructor(list: string, { objects, roots }: Watched) {
    this.#list = list;
    this.#roots = roots;
    this.#keys = objects.flatMap(({ functions }) => functions.map(({ keys }) => keys));
  }

  /** @param folder of this run. */
  static async open(watched: Watched, folder: string): Promise<FootprintRecorder> {
    const list = join(folder, "functions.list");
    await writeFile(list, encodeList(watched));
    return new FootprintRecorder(list, watched);
  }

  /** Variables for a worker with its records in that folder. */
  environment(folder: string): Readonly<Record<string, string>> {
    return { CPYTHON_MEMCHECK_FOOTPRINT: `${this.#list}:${join(folder, SHARED[0])}` };
  }

  /** Collects the recording of a process that has ended. */
  async take({ test, folder, pid }: RecordedProcess): Promise<void> {
    this.#folders.add(folder);
    const path = join(folder, `${pid}.footprint`);
    const raw = await this.#read(path);
    await rm(path, { force: true, recursive: true });
    // Runs of one file may differ, depending on time and chance.
    this.#tests.set(test, [...(this.#tests.get(test) ?? []), raw]);
  }

  /** Undefined if a worker's recording is incomplete: then nothing is known of any test file. */
  async recorded(): Promise<RecordedFootprints | undefined> {
    const paths = [...this.#folders].flatMap((folder) => SHARED.map((name) => join(folder, name)));
    const shared = await Promise.all(paths.map((path) => this.#read(path)));
    if (shared.length === 0 || shared.some(({ gap }) => gap !== null)) return undefined;
    const whole = [...this.#tests].filter(([, raws]) => raws.every(({ gap }) => gap === null));
    return {
      watched: new Set(this.#keys.flat()),
      shared: this.#merge(shared),
      tests: new Map(whole.map(([name, raws]) => [name, this.#merge(raws)])),
    };
  }

  /** Why recordings of test files are incomplete. */
  gaps(): ReadonlyMap<string, Gap> {
    return new Map([...this.#tests].flatMap(([name, raws]) => raws.flatMap(({ gap }) => (gap === null ? [] : [[name, gap] as const]))));
  }

  async #read(path: string): Promise<RawFootprint> {
    // A test could have replaced it, or made it larger than memory.
    const isRecord = await lstat(path).then(
      (status) => status.isFile() && status.size === recordSize(this.#keys.length),
      () => false,
    );
    const raw = decodeRecord(isRecord ? await readFile(path) : new Uint8Array(), this.#keys.length);
    const isOfPython = this.#keys.some((keys, index) => raw.hits[index] !== 0 && keys.includes(RUN_BY_ALL));
    const isReadable = isOfPython && raw.files.every(({ root }) => this.#roots[root] !== undefined);
    return raw.gap === null && !isReadable ? { ...raw, gap: "unreadable" } : raw;
  }

  #merge(raws: readonly RawFootprint[]): Footprint {
    const functions = this.#keys.filter((_, index) => raws.some(({ hits }) => hits[index] === WAS_RUN)).flat();
    return { functions: new Set(functions), files: new Set(raws.flatMap(({ files }) => files).flatMap((file) => this.#nameOf(file))) };
  }

  #nameOf({ root, path }: RawFootprint["files"][number]): readonly string[] {
    const found = this.#roots[root];
    return found === undefined ? [] : [sourceOf(found.prefix + path)];
  }
}

/** `Lib/__pycache__/csv.cpython-313.pyc` was compiled from `Lib/csv.py`. Files of pytest also have its version in their names. */
function sourceOf(path: string): string {
  return path.replace(/__pycache__\/([^/]+?)\.cpython-[^/]+\.pyc$/, "$1.py");
}

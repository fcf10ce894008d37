import { readFileSync, realpathSync } from "node:fs";
import { lstat, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  decodeRecord,
  encodeList,
  type Gap,
  type ListedObject,
  listFunctions,
  type RawFootprint,
  WAS_RUN,
} from "../../affected/footprint-files.ts";
import type { Footprint, RecordedFootprints } from "../../affected/footprints.ts";

/** Every process that runs Python code runs it: a record without it was not made by what it is of. */
const RUN_BY_ALL = "_PyEval_EvalFrameDefault";

/** What a worker records before the first test file, and what it runs between test files (cpython_memcheck_regrtest.py). */
const SHARED = ["shared.footprint", "serving.footprint"] as const;

/** One test file's process and the worker that it was forked from. */
export interface RecordedProcess {
  readonly test: string;
  readonly folder: string;
  readonly pid: number;
}

/** Has the processes of a scan record which functions they run and which files they open (src/probe/footprint.c). */
export class FootprintRecorder {
  readonly #keys: readonly (readonly string[])[];
  readonly #list: string;
  /** Of the workers. */
  readonly #folders = new Set<string>();
  readonly #tests = new Map<string, RawFootprint[]>();

  private constructor(list: string, objects: readonly ListedObject[]) {
    this.#list = list;
    this.#keys = objects.flatMap(({ functions }) => functions.map(({ keys }) => keys));
  }

  /** @param objects the paths of the interpreter and of its extension modules. @param folder of this run. */
  static async open(objects: readonly string[], tree: string, folder: string): Promise<FootprintRecorder> {
    const listed = objects.map((path) => listFunctions(path, readFileSync(path)));
    const list = join(folder, "functions.list");
    await writeFile(list, encodeList(listed, realpathSync(tree)));
    return new FootprintRecorder(list, listed);
  }

  /** For a worker that keeps its records in that folder. */
  environment(folder: string): Readonly<Record<string, string>> {
    return { CPYTHON_MEMCHECK_FOOTPRINT: `${this.#list}:${join(folder, SHARED[0])}` };
  }

  /** Takes what the process left when it ended. */
  async take({ test, folder, pid }: RecordedProcess): Promise<void> {
    this.#folders.add(folder);
    const path = join(folder, `${pid}.footprint`);
    const raw = await this.#read(path);
    await rm(path, { force: true, recursive: true });
    // Runs of one file may differ, by time and by chance.
    this.#tests.set(test, [...(this.#tests.get(test) ?? []), raw]);
  }

  /** Undefined where a worker was not recorded whole: then nothing is known of any test file. */
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

  /** Why test files were not recorded whole. */
  gaps(): ReadonlyMap<string, Gap> {
    return new Map([...this.#tests].flatMap(([name, raws]) => raws.flatMap(({ gap }) => (gap === null ? [] : [[name, gap] as const]))));
  }

  async #read(path: string): Promise<RawFootprint> {
    const isFile = await lstat(path).then(
      (status) => status.isFile(),
      () => false,
    );
    const raw = decodeRecord(isFile ? await readFile(path) : new Uint8Array(), this.#keys.length);
    const isOfPython = this.#keys.some((keys, index) => raw.hits[index] !== 0 && keys.includes(RUN_BY_ALL));
    return raw.gap === null && !isOfPython ? { ...raw, gap: "unreadable" } : raw;
  }

  #merge(raws: readonly RawFootprint[]): Footprint {
    const functions = this.#keys.filter((_, index) => raws.some(({ hits }) => hits[index] === WAS_RUN)).flat();
    return { functions: new Set(functions), files: new Set(raws.flatMap(({ files }) => files).map(sourceOf)) };
  }
}

/** `Lib/__pycache__/csv.cpython-313.pyc` was made of `Lib/csv.py`. */
function sourceOf(path: string): string {
  return path.replace(/__pycache__\/([^/]+)\.[\w-]+(\.opt-\w+)?\.pyc$/, "$1.py");
}

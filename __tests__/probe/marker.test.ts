import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import { scanEnvironment, type Unwinder } from "../../src/engines/scan/scan-environment.ts";
import { ROOT } from "../support/command.ts";
import { temporaryFolder } from "../support/folders.ts";

/** A lost block: its size, whether another lost one points to it, and the object files of its stack. */
interface Lost {
  readonly size: number;
  readonly owned: boolean;
}

suite("the marker", () => {
  const folder = temporaryFolder();

  before(() => {
    const gcc = (...args: string[]) => execFileSync("gcc", ["-O1", "-g", "-fno-omit-frame-pointer", ...args], { cwd: folder });
    gcc("-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", "marker.so", join(ROOT, "src", "probe", "marker.c"));
    const program = join(ROOT, "__tests__", "probe", "programs", "marker-program.c");
    gcc("-rdynamic", "-pthread", "-o", "program", program, "-L.", "-l:marker.so", `-Wl,-rpath,${folder}`);
  });

  function run(what: string, unwinder: Unwinder = "marker"): string {
    const env = scanEnvironment(join(folder, "marker.so"), "bare", unwinder);
    const ended = spawnSync(join(folder, "program"), [what], { env, encoding: "utf8", timeout: 20_000 });
    assert.equal(ended.status, 0, ended.stderr);
    return ended.stdout;
  }

  function lostIn(report: string): readonly Lost[] {
    const lost: Lost[] = [];
    let owned = false;
    for (const line of report.split("\n")) {
      owned = /^(Direct|Indirect) leak/.test(line) ? line.startsWith("Indirect") : owned;
      const size = /^0x[0-9a-f]+ \((\d+) bytes\)$/.exec(line)?.[1];
      if (size !== undefined) lost.push({ size: Number(size), owned });
    }
    return lost.toSorted((one, other) => one.size - other.size);
  }

  /** The places in object files of each stack, the innermost first. */
  function stacksIn(report: string): readonly (readonly string[])[] {
    const stacks: string[][] = [];
    for (const line of report.split("\n")) {
      if (/ leak of /.test(line)) stacks.push([]);
      const place = /^ {4}#\d+ 0x[0-9a-f]+ {2}\((\S+)\)$/.exec(line)?.[1];
      if (place !== undefined) stacks.at(-1)?.push(place);
    }
    return stacks;
  }

  const cases: Readonly<Record<string, readonly [what: string, lost: readonly Lost[]]>> = {
    "finds nothing where nothing is lost": ["", []],
    "finds no empty block that something points to": ["empty", []],
    "finds a lost block and what only it points to, of malloc and of Python's allocator, and no block that a pointer leads into": [
      "chain",
      [
        { size: 32, owned: true },
        { size: 48, owned: false },
      ],
    ],
    "takes what freed memory holds for no reference": ["freed", [{ size: 80, owned: false }]],
    "finds a cycle": [
      "cycle",
      [
        { size: 16, owned: true },
        { size: 16, owned: true },
      ],
    ],
    "finds large blocks, and follows what a library mapped for itself": ["large", [{ size: 3 << 20, owned: false }]],
    "leaves nothing of a released block in the next one": ["reused", [{ size: 40, owned: false }]],
    "knows what a block has grown to": [
      "grown",
      [
        { size: 100, owned: false },
        { size: 1000, owned: false },
      ],
    ],
    "follows the stack of a thread that waits": ["thread", []],
    "finds what a thread lost that has ended": [
      "ended thread",
      [
        { size: 56, owned: false },
        { size: 88, owned: false },
      ],
    ],
    "passes over what is ignored, with all that it points to": ["ignored", []],
    "finds in a forked child what was lost before the fork and after it": [
      "child",
      [
        { size: 16, owned: true },
        { size: 16, owned: true },
        { size: 3 << 20, owned: false },
      ],
    ],
  };
  for (const [title, [what, lost]] of Object.entries(cases)) test(`the marker ${title}`, () => assert.deepEqual(lostIn(run(what)), lost));

  test("the marker takes nothing out of a released block but references", () => {
    assert.match(run("released"), /^left 1234567 0$/m);
  });

  test("the marker finds the frames of each stack by frame pointers, or by the tables of exceptions", () => {
    const fast = stacksIn(run("cycle")),
      slow = stacksIn(run("cycle", "slow marker"));
    assert.ok(fast.every((frames) => frames.length > 2));
    assert.deepEqual(
      slow.map((frames) => frames.slice(0, 3)),
      fast.map((frames) => frames.slice(0, 3)),
    );
  });

  test("the marker gives each stack its frames, from the caller of the allocator on", () => {
    const program = join(folder, "program");
    assert.deepEqual(
      stacksIn(run("cycle")).map(([first]) => first?.split("+")[0]),
      [program, program],
    );
  });
});

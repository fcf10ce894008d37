import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import { scanEnvironment, type Unwinder } from "../../src/engines/scan/scan-environment.ts";
import { ROOT } from "../support/command.ts";
import { temporaryFolder } from "../support/folders.ts";

/** A lost block: its size in bytes, and whether another lost block points to it. */
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

  /** The frames of each stack, innermost first, as object file and offset. */
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
    "finds nothing if nothing is lost": ["", []],
    "does not report an empty block that something points to": ["empty", []],
    "finds a lost block and the blocks that only it points to, of malloc and Python's allocator, and no block with a pointer into it": [
      "chain",
      [
        { size: 32, owned: true },
        { size: 48, owned: false },
      ],
    ],
    "ignores pointers in freed memory": ["freed", [{ size: 80, owned: false }]],
    "finds a cycle": [
      "cycle",
      [
        { size: 16, owned: true },
        { size: 16, owned: true },
      ],
    ],
    "finds large blocks, and follows memory that a library has mapped": ["large", [{ size: 3 << 20, owned: false }]],
    "reads no guard page": [
      "guard",
      [
        { size: 16, owned: true },
        { size: 16, owned: true },
      ],
    ],
    "does not follow its own marks": ["marks", [{ size: 64, owned: false }]],
    "counts a block of malloc once if the interpreter's debug hooks return only part of it": [
      "hooks",
      [
        { size: 48, owned: true },
        { size: 64, owned: false },
      ],
    ],
    "leaves no pointer of a released block in the next one": ["reused", [{ size: 40, owned: false }]],
    "knows the new size of a block that was reallocated": [
      "grown",
      [
        { size: 100, owned: false },
        { size: 1000, owned: false },
      ],
    ],
    "follows the stack of a waiting thread": ["thread", []],
    "finds blocks that an ended thread lost": [
      "ended thread",
      [
        { size: 56, owned: false },
        { size: 88, owned: false },
      ],
    ],
    "leaves out ignored blocks, and all blocks that they point to": ["ignored", []],
    "finds blocks in a forked child that were lost before and after the fork": [
      "child",
      [
        { size: 16, owned: true },
        { size: 16, owned: true },
        { size: 3 << 20, owned: false },
      ],
    ],
  };
  for (const [title, [what, lost]] of Object.entries(cases)) test(`the marker ${title}`, () => assert.deepEqual(lostIn(run(what)), lost));

  test("the marker overwrites only pointers in a released block", () => {
    assert.match(run("released"), /^left 1234567 0$/m);
  });

  // Each check would wait up to a second for a thread that waits for the end of the check.
  test("the marker does not wait for threads that it has stopped", () => {
    run("busy threads");
  });

  test("the marker unwinds stacks by frame pointers, or by exception tables", () => {
    const fast = stacksIn(run("cycle")),
      slow = stacksIn(run("cycle", "slow marker"));
    assert.ok(fast.every((frames) => frames.length > 2));
    assert.deepEqual(
      slow.map((frames) => frames.slice(0, 3)),
      fast.map((frames) => frames.slice(0, 3)),
    );
  });

  test("the marker starts each stack at the caller of the allocator", () => {
    const program = join(folder, "program");
    assert.deepEqual(
      stacksIn(run("cycle")).map(([first]) => first?.split("+")[0]),
      [program, program],
    );
  });
});

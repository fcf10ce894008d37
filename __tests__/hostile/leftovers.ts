// What a test file leaves behind, for the rest of its check and for the next one in the same work folder, on a real CPython.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../src/report/report.ts";
import { Checkout, isNewIn, leak, testFile } from "../support/checkout.ts";
import type { Ran } from "../support/command.ts";
import type { Attack, Group } from "./attack.ts";

const TEST = "test_zz_hostile";
const FLAGS = ["--tests", TEST];
const LEAK = leak("list(range(3))");

/** Programs that a check starts by their names. */
const PROGRAMS = ["git", "addr2line", "nm", "readelf", "tar", "gcc", "cc", "make", "valgrind", "setpriv", "flock"];

/** Something that a test leaves behind to be run later. When it runs, it leaves the mark. */
interface Trap {
  readonly mark: string;
  readonly name: string;
  readonly lines: readonly string[];
  /**
   * The checks that must not run it. A change of the running interpreter's files does affect its own check, and a program that is first in PATH when
   * a check begins counts as the user's.
   */
  readonly harmlessIn: readonly ("own" | "next")[];
}

/** Python that leaves a mark. */
const touch = (mark: string): string => `open({marks} + "/${mark}", "w").close()`;
const TREE = "tree = os.path.dirname(os.path.realpath(sys.executable))";

/** Inserts a line at the top of a file, and restores its times. */
const prepend = (path: string, mark: string): readonly string[] => [
  `path = ${path}; seen = os.stat(path); text = open(path).read()`,
  `open(path, "w").write(${quoted(touch(mark))}.replace("{marks}", repr(marks)) + chr(10) + text); os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))`,
];

const quoted = (text: string): string => JSON.stringify(text);

const TRAPS: readonly Trap[] = [
  {
    mark: "program",
    name: "programs with the names of those that the check starts, in the first folder of PATH",
    lines: [
      `for name in ${JSON.stringify(PROGRAMS)}:`,
      "    path = os.path.expanduser('~/.local/bin/') + name",
      "    open(path, 'w').write('#!/bin/sh\\ntouch ' + marks + '/program\\n'); os.chmod(path, 0o755)",
    ],
    harmlessIn: ["own"],
  },
  {
    mark: "filter",
    name: "a filter in the checkout's git configuration",
    lines: [
      "open(source + '/.git/config', 'a').write('[filter \"x\"]\\n\\tclean = touch ' + marks + '/filter; cat\\n[core]\\n\\tfsmonitor = touch ' + marks + '/filter; false\\n[diff]\\n\\texternal = touch ' + marks + '/filter\\n')",
      "os.makedirs(source + '/.git/info', exist_ok=True); open(source + '/.git/info/attributes', 'w').write('* filter=x\\n')",
    ],
    harmlessIn: ["own", "next"],
  },
  {
    mark: "user-site",
    name: "a usercustomize in the home folder",
    lines: [
      'site = os.path.expanduser("~/.local/lib/python%d.%d/site-packages" % sys.version_info[:2]); os.makedirs(site, exist_ok=True)',
      `open(site + "/usercustomize.py", "w").write(${quoted(touch("user-site"))}.replace("{marks}", repr(marks)))`,
    ],
    harmlessIn: ["own", "next"],
  },
  {
    mark: "runner",
    name: "a changed version of the check's own runner",
    lines: ["import cpython_memcheck_probe as probe", ...prepend("os.path.dirname(probe.__file__) + '/runner.py'", "runner")],
    harmlessIn: ["next"],
  },
  {
    mark: "library",
    name: "a changed version of a library module, with its old time",
    lines: [TREE, ...prepend("tree + '/Lib/unittest/result.py'", "library")],
    harmlessIn: ["next"],
  },
  {
    mark: "sitecustomize",
    name: "a new module that every interpreter imports",
    lines: [TREE, `open(tree + "/Lib/sitecustomize.py", "w").write(${quoted(touch("sitecustomize"))}.replace("{marks}", repr(marks)))`],
    harmlessIn: ["next"],
  },
];

interface Seen {
  readonly ran: Ran;
  readonly report: Report;
  /** The traps that ran in it. */
  readonly marks: readonly string[];
}

/** Runs checks with a separate home folder, whose programs come first in PATH. */
class Machine {
  readonly checkout: Checkout;
  readonly #marks: string;
  readonly #home: string;

  private constructor(checkout: Checkout) {
    this.checkout = checkout;
    this.#marks = join(checkout.folder, "marks");
    this.#home = join(checkout.folder, "home");
    mkdirSync(this.#marks);
    mkdirSync(join(this.#home, ".local", "bin"), { recursive: true });
  }

  static async open(): Promise<Machine> {
    const machine = new Machine(await Checkout.open());
    machine.checkout.add(`Lib/test/${TEST}.py`, testFile("pass"));
    const git = (...words: readonly string[]) =>
      execFileSync("git", ["-C", machine.checkout.source, "-c", "user.name=x", "-c", "user.email=x@example.com", ...words]);
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "all");
    const { ran } = await machine.check(["pass"], "always");
    if (ran.code !== 0) throw new Error(`nothing could be recorded: ${ran.stdout}${ran.stderr}`);
    return machine;
  }

  /** @throws if the test file did not put them there. */
  removePrograms(): void {
    for (const name of PROGRAMS) rmSync(join(this.#home, ".local", "bin", name));
  }

  async check(lines: readonly string[], record: "always" | "never"): Promise<Seen> {
    rmSync(this.#marks, { recursive: true });
    mkdirSync(this.#marks);
    const names = [`marks = ${quoted(this.#marks)}`, `source = ${quoted(this.checkout.source)}`];
    this.checkout.add(`Lib/test/${TEST}.py`, testFile(...names, ...lines));
    const env = { ...process.env, HOME: this.#home, PATH: `${this.#home}/.local/bin:${process.env.PATH}` };
    const { ran, report } = await this.checkout.check([...FLAGS, "--record-baseline", record], env);
    return { ran, report, marks: readdirSync(this.#marks) };
  }
}

function judged(name: string, { ran, report, marks }: Seen, mark: string): Attack {
  return {
    name,
    must: "it does not run, and the leak is found",
    attempt: () => {
      if (marks.includes(mark)) throw new Error("it ran");
      if (ran.code !== 1 || !isNewIn(report, TEST))
        throw new Error(`exit code ${ran.code}: ${report.problems.map(({ message }) => message).join(" ")}`);
      return "it did not run, and the leak is found";
    },
  };
}

export async function attackByLeftovers(): Promise<Group> {
  const machine = await Machine.open();
  const first = await machine.check([LEAK, ...TRAPS.flatMap(({ lines }) => lines)], "never");
  machine.removePrograms();
  const next = await machine.check([LEAK], "never");
  const attacksOn = (which: "own" | "next", seen: Seen, when: string): readonly Attack[] =>
    TRAPS.filter(({ harmlessIn }) => harmlessIn.includes(which)).map(({ name, mark }) => judged(`${when}: ${name}`, seen, mark));
  return {
    title: "What a test file leaves behind, on a real CPython",
    attacks: [...attacksOn("own", first, "for the rest of its check"), ...attacksOn("next", next, "for the next check")],
    close: () => machine.checkout.remove(),
  };
}

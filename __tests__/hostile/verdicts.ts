// Changes that reduce what is checked, or hide their leaks, on a real CPython.

import { join } from "node:path";
import type { Report, ReportedProblem } from "../../src/report/report.ts";
import { Checkout, fresh, leak, testFile } from "../support/checkout.ts";
import { type Ran, withDefaults } from "../support/command.ts";
import { writeFiles } from "../support/folders.ts";
import type { Attack, Group } from "./attack.ts";

const TEST = "test_zz_hostile";
const FILE = `Lib/test/${TEST}.py`;
/** Scans, and runs only suspects under memcheck: this takes a tenth of the time of a whole check. */
const FLAGS = ["--command", `-m unittest test.${TEST}`, "--scan", "all", "--memcheck-budget", "none"];
const LEAK = leak("list(range(3))");

/** A test file with `count` tests, each with this line. */
function manyTests(count: number, line = "pass"): string {
  const tests = Array.from({ length: count }, (_, index) => `    def test_${index}(self): ${line}\n`);
  return `import unittest\nclass T(unittest.TestCase):\n${tests.join("")}`;
}

/** Has as many tests as were recorded, so that only the leak, and what hides it, decides the verdict. */
const LEAKING = manyTests(10, `import ctypes; ${LEAK}`);

interface Checked {
  readonly ran: Ran;
  readonly report: Report;
}

const messagesOf = ({ problems }: Report): string => problems.map(({ message }) => message).join(" ");

function inconclusive({ ran, report }: Checked, code?: ReportedProblem["code"]): string {
  if (ran.code !== 2 || report.verdict !== "inconclusive")
    throw new Error(`exit code ${ran.code}, ${report.verdict}: ${messagesOf(report)}`);
  const problem = report.problems.find((one) => code === undefined || one.code === code);
  if (problem === undefined) throw new Error(`no ${code}: ${messagesOf(report)}`);
  return `exit code 2: ${problem.message}`;
}

function notClean({ ran, report }: Checked): string {
  if (ran.code === 0 || report.verdict === "clean") throw new Error(`exit code ${ran.code}, ${report.verdict}`);
  return `exit code ${ran.code}: ${fresh(report).length > 0 ? "its leak is found" : messagesOf(report)}`;
}

/** A checkout with a baseline of a test file with ten tests that do nothing. Each attack replaces the file. */
class Scene {
  readonly checkout: Checkout;

  private constructor(checkout: Checkout) {
    this.checkout = checkout;
  }

  static async open(): Promise<Scene> {
    const scene = new Scene(await Checkout.open());
    await scene.record(FLAGS);
    return scene;
  }

  path(name: string): string {
    return join(this.checkout.folder, name);
  }

  async record(flags: readonly string[], text = manyTests(10)): Promise<void> {
    this.checkout.add(FILE, text);
    const { ran } = await this.checkout.check([...flags, "--record-baseline", "always"]);
    if (ran.code !== 0) throw new Error(`nothing could be recorded: ${ran.stdout}${ran.stderr}`);
  }

  check(text: string, flags: readonly string[] = FLAGS, env?: NodeJS.ProcessEnv): Promise<Checked> {
    this.checkout.add(FILE, text);
    // `.memcheck.toml` is read from the folder in which the check is started.
    return this.checkout.check([...flags, "--record-baseline", "never"], env, this.checkout.source);
  }

  /** The leak's signature, and the suppression that the report offers. */
  async leak(): Promise<{ readonly signature: string; readonly suppression: string }> {
    const [found] = fresh((await this.check(LEAKING)).report);
    if (found?.suppression == null) throw new Error("the leak is not found although nothing hides it");
    return { signature: found.signature, suppression: found.suppression };
  }
}

const LESS = "exit code 2, and the report says what was not checked";

function lessInFile(scene: Scene, what: string, text: string, code?: ReportedProblem["code"]): Attack {
  return { name: `a test file: ${what}`, must: LESS, attempt: async () => inconclusive(await scene.check(text), code) };
}

/** The check may be clean, but must show the line that the change adds and that hides errors. */
function hides(scene: Scene, what: string, file: string, hide: () => Promise<void>): Attack {
  return {
    name: `a change leaks and ${what}`,
    must: "the report shows what hides errors, with its file and line",
    attempt: async () => {
      try {
        await hide();
        const { ran, report } = await scene.check(LEAKING);
        const added = report.relaxations.find((one) => one.file === file);
        if (added === undefined) throw new Error(`exit code ${ran.code}, and it is not shown`);
        return `exit code ${ran.code}, and it shows ${file}:${added.line}`;
      } finally {
        scene.checkout.restore();
        writeFiles(scene.checkout.source, { ".memcheck.toml": "" });
      }
    },
  };
}

function runsNothing(scene: Scene, what: string, words: string): Attack {
  return {
    name: `a \`command\` that ${what}`,
    must: "exit code 2: no test ran in the process that is watched",
    attempt: async () => {
      const checked = await scene.check(LEAKING, ["--command", words, "--baseline", scene.path("command.json.gz")]);
      return inconclusive(checked, "test-incomplete");
    },
  };
}

const SECRETS = ["AWS_ACCESS_KEY_ID", "DATABASE_URL", "GH_PAT", "SLACK_WEBHOOK", "DOCKER_AUTH_CONFIG", "SSH_AUTH_SOCK"];

const secrets = (scene: Scene): Attack => ({
  name: "a `command` looks for the job's secrets in its environment",
  must: "it finds none",
  attempt: async () => {
    const env = { ...process.env, ...Object.fromEntries(SECRETS.map((name) => [name, "secret"])) };
    const text = testFile(`self.assertEqual([name for name in ${JSON.stringify(SECRETS)} if name in os.environ], [])`);
    const flags = [...FLAGS, "--baseline", scene.path("secrets.json.gz")];
    const { report } = await scene.check(text, flags, env);
    const [test] = report.tests;
    if (test?.status !== "passed" || test.ran !== 1) throw new Error(`${test?.status}: ${messagesOf(report)}`);
    return "its test passed";
  },
});

/** The scan and memcheck use the same suppressions, and the scan must interpret them like valgrind. */
function suppressed(scene: Scene, what: string, lines: readonly string[]): Attack {
  return {
    name: `a suppression of ${what}`,
    must: "the leak is found, or the file is refused by its name",
    attempt: async () => {
      const file = scene.path("hostile.supp");
      writeFiles(scene.checkout.folder, {
        "hostile.supp": `{\n   hostile\n   Memcheck:Leak\n${lines.map((line) => `   ${line}\n`).join("")}}\n`,
      });
      return notClean(await scene.check(LEAKING, [...FLAGS, "--suppressions", file]));
    },
  };
}

export async function attackVerdicts(): Promise<Group> {
  const scene = await Scene.open();
  const { signature, suppression } = await scene.leak();
  return {
    title: "Fewer checks and hidden errors, on a real CPython",
    attacks: [
      lessInFile(scene, "every test is skipped", manyTests(10, "self.skipTest('x')"), "test-skipped"),
      lessInFile(scene, "eight of ten tests are removed", manyTests(2), "fewer-tests"),
      lessInFile(scene, "its first test fails", manyTests(10, "self.fail()"), "test-failed"),
      lessInFile(scene, "it has no test", "import unittest\n"),
      {
        name: "a change turns off the scan, which the baseline has",
        must: LESS,
        attempt: async () => inconclusive(await scene.check(manyTests(10), withDefaults(FLAGS, ["--scan", "none"])), "engine-dropped"),
      },
      hides(scene, "adds its suppression to CPython's own", "Misc/valgrind-python.supp", async () => {
        scene.checkout.edit("Misc/valgrind-python.supp", "{\n", `${suppression}\n{\n`);
      }),
      hides(scene, "accepts the leak in .memcheck.toml", ".memcheck.toml", async () => {
        const expires = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
        writeFiles(scene.checkout.source, {
          ".memcheck.toml": `[[accept]]\nsignature = "${signature}"\nreason = "hostile"\nexpires = ${expires}\n`,
        });
      }),
      suppressed(scene, "everything", ["..."]),
      suppressed(scene, "a line that does not exist", ["fun:malloc", "src:nowhere.c:1"]),
      suppressed(scene, "a line that does not exist, after any frames", ["fun:malloc", "...", "src:nowhere.c:1"]),
      runsNothing(scene, "succeeds and tests nothing", "-c pass"),
      runsNothing(scene, "only lists its tests", `-m test --list-tests ${TEST}`),
      runsNothing(scene, "runs its tests in other processes", `-m test -j2 ${TEST}`),
      secrets(scene),
    ],
    close: () => scene.checkout.remove(),
  };
}

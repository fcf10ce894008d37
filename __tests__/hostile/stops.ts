// The check is stopped, its processes are killed and its disk is full, while test files run on a real CPython.

import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeBaseline } from "../../src/hosts/common/baseline-file.ts";
import type { EngineName } from "../../src/model/engine-name.ts";
import type { ReportedProblem, ReportedTest } from "../../src/report/report.ts";
import { descendantsOf } from "../../src/system/process-life.ts";
import { Checkout, isNewIn, leak, testFile } from "../support/checkout.ts";
import { ROOT, readReport, WORK_DIR } from "../support/command.ts";
import { problem } from "../support/reports.ts";
import { runWithLittleRoom } from "../support/small-disk.ts";
import type { Attack, Group } from "./attack.ts";
import { leftovers } from "./tests.ts";

const TEST = "test_zz_hostile";

/** How a check ended, and what its report says, if there is one. */
interface Ended {
  readonly code: number | null;
  readonly verdict: string | undefined;
  readonly problems: readonly ReportedProblem[];
  readonly incomplete: ReportedTest["incomplete"] | undefined;
  readonly isFound: boolean;
}

const messagesOf = (problems: readonly ReportedProblem[]): string => problems.map(({ message }) => message).join(" ");

/** A checkout with a baseline of a test file without leaks. Attacks make the file leak, and then create a file that shows that it runs. */
class Scene {
  readonly checkout: Checkout;
  readonly started: string;
  readonly #baseline: Buffer;

  private constructor(checkout: Checkout, baseline: Buffer) {
    this.checkout = checkout;
    this.started = join(checkout.folder, "started");
    this.#baseline = baseline;
  }

  static async open(): Promise<Scene> {
    const checkout = await Checkout.open();
    checkout.add(`Lib/test/${TEST}.py`, testFile("pass"));
    const { ran } = await checkout.check(["--tests", TEST, "--scan", TEST]);
    if (ran.code !== 0) throw new Error(`a test file without leaks cannot be recorded:\n${ran.stdout}${ran.stderr}`);
    return new Scene(checkout, readFileSync(checkout.baseline));
  }

  leakThen(...lines: readonly string[]): void {
    this.checkout.add(
      `Lib/test/${TEST}.py`,
      testFile(leak("list(range(3))"), `open(${JSON.stringify(this.started)}, "w").close()`, ...lines),
    );
  }

  /** All arguments of the check. It would record a baseline if it got that far. */
  words(engine: EngineName): readonly string[] {
    const { source, baseline, folder } = this.checkout;
    const own = ["--source", source, "--baseline", baseline, "--work-dir", WORK_DIR, "--report", join(folder, "report.json")];
    const what = engine === "scan" ? ["--tests", "test_bisect", "--scan", TEST] : ["--tests", TEST, "--scan", "none"];
    return [
      process.execPath,
      join(ROOT, "dist", "cli.js"),
      "check",
      ...own,
      ...what,
      "--record-baseline",
      "always",
      "--test-timeout",
      "90s",
    ];
  }

  /** Runs a check; `act` is called once the test file runs. */
  async check(engine: EngineName, act: (pid: number) => Promise<void>): Promise<Ended> {
    this.#forget();
    const [program = "", ...words] = this.words(engine);
    const child = spawn(program, words, { stdio: "ignore" });
    const closed = new Promise<number | null>((done) => child.once("close", done));
    for (let tries = 0; tries < 2400 && !existsSync(this.started) && child.exitCode === null; tries++) await sleep(50);
    if (child.exitCode !== null) throw new Error(`the check ended before its test file ran: exit code ${child.exitCode}`);
    await act(child.pid ?? 0);
    return await this.ended(await closed);
  }

  /** @throws if results are lost, or a process is left. */
  async ended(code: number | null): Promise<Ended> {
    for (let tries = 0; tries < 40 && leftovers().length > 0; tries++) await sleep(50);
    const left = leftovers();
    if (left.length > 0) throw new Error(`left: ${left.join("; ")}`);
    const path = join(this.checkout.folder, "report.json");
    const report = existsSync(path) ? readReport(path) : undefined;
    const isFound = report !== undefined && isNewIn(report, TEST);
    const baseline = readFileSync(this.checkout.baseline);
    const wasStopped = code === null || report?.problems.some((one) => one.code === "stopped");
    if (wasStopped && !baseline.equals(this.#baseline)) throw new Error("the baseline changed");
    // The leak may be recorded if it was found, and so may an incomplete run, because of `--record-baseline always`.
    const [now, before] = [knownOf(baseline), knownOf(this.#baseline)];
    if (!isFound && now.some((one) => !before.includes(one))) throw new Error(`the baseline changed: ${now} instead of ${before}`);
    return {
      code,
      verdict: report?.verdict,
      problems: report?.problems ?? [],
      incomplete: report?.tests.find(({ name }) => name === TEST)?.incomplete,
      isFound,
    };
  }

  async checkWithLittleRoom(engine: EngineName, kilobytes: number): Promise<Ended> {
    this.#forget();
    const ran = await runWithLittleRoom(join(WORK_DIR, "runs"), kilobytes, this.words(engine));
    const ended = await this.ended(ran.code);
    return ended.verdict === undefined ? { ...ended, problems: [problem(ran.stderr.slice(-3000))] } : ended;
  }

  #forget(): void {
    writeFileSync(this.checkout.baseline, this.#baseline);
    for (const name of ["started", "report.json"]) rmSync(join(this.checkout.folder, name), { force: true });
  }
}

/** The complete runs of the test file in a baseline, and its findings. */
function knownOf(packed: Uint8Array): readonly string[] {
  const lookup = decodeBaseline(packed, "the baseline");
  if (lookup.kind !== "found") throw new Error(`the baseline is ${lookup.kind}`);
  const { tests, findings } = lookup.baseline;
  const complete = tests.filter(({ name, cause }) => name === TEST && cause === null);
  return [...complete, ...findings.filter(({ test }) => test === TEST)].map((one) => JSON.stringify(one));
}

const LEAK_MUST = "its leak is found, or it does not count as checked, not in the baseline either; no process is left";
const SLOW = "time.sleep(20)";

export async function attackByStops(): Promise<Group> {
  const scene = await Scene.open();
  const stopped = (engine: EngineName, what: string, act: (pid: number) => Promise<void>): Attack => ({
    name: `while a test file runs, ${engine}: ${what}`,
    must: "exit code 2, a report that says so, the baseline unchanged, no process left",
    attempt: async () => {
      scene.leakThen(SLOW);
      const { code, problems } = await scene.check(engine, act);
      if (code !== 2 || problems[0]?.code !== "stopped") throw new Error(`exit code ${code}: ${messagesOf(problems)}`);
      return `exit code 2: ${problems[0]?.message}`;
    },
  });
  const harmed = (name: string, engine: EngineName, lines: readonly string[], run: () => Promise<Ended>): Attack => ({
    name: `while a test file runs, ${engine}: ${name}`,
    must: LEAK_MUST,
    attempt: async () => {
      scene.leakThen(...lines);
      const { code, verdict, incomplete, isFound, problems } = await run();
      if (code === 0 || verdict === "clean" || verdict === undefined)
        throw new Error(`exit code ${code}, ${verdict}: ${messagesOf(problems)}`);
      if (isFound) return `exit code ${code}: its leak is found`;
      if (incomplete) return `exit code ${code}: ${incomplete.message}`;
      if (code !== 2) throw new Error(`exit code ${code}, complete: ${messagesOf(problems)}`);
      return `exit code 2: ${problems[0]?.message}`;
    },
  });
  const killed: Attack = {
    name: "while a test file runs, memcheck: the check itself gets SIGKILL",
    must: "the baseline is unchanged, and the processes that it started are gone",
    attempt: async () => {
      scene.leakThen(SLOW);
      const { code } = await scene.check("memcheck", async (pid) => void process.kill(pid, "SIGKILL"));
      if (code !== null) throw new Error(`exit code ${code}`);
      return "SIGKILL, the same baseline, no process left";
    },
  };
  const one = async (pid: number): Promise<void> => kill(descendantsOf(pid).slice(-1));
  const all = async (pid: number): Promise<void> => kill(descendantsOf(pid));
  const filled = async (engine: EngineName): Promise<Ended> => {
    const ended = await scene.checkWithLittleRoom(engine, 200_000);
    if (!existsSync(scene.started)) throw new Error("the test file never ran");
    return ended;
  };
  return {
    title: "The check while test files run on a real CPython",
    attacks: [
      stopped("memcheck", "SIGTERM", async (pid) => void process.kill(pid, "SIGTERM")),
      stopped("memcheck", "SIGINT, then SIGTERM", async (pid) => {
        process.kill(pid, "SIGINT");
        await sleep(50);
        process.kill(pid, "SIGTERM");
      }),
      stopped("scan", "SIGTERM", async (pid) => void process.kill(pid, "SIGTERM")),
      killed,
      harmed("its process gets SIGKILL from outside", "memcheck", [SLOW], () => scene.check("memcheck", one)),
      harmed("its process gets SIGKILL from outside", "scan", [SLOW], () => scene.check("scan", one)),
      harmed("all processes of the check get SIGKILL", "memcheck", [SLOW], () => scene.check("memcheck", all)),
      harmed("memory is short: the largest process is killed every second", "memcheck", [SLOW], () => scene.check("memcheck", killLargest)),
      harmed("memory is short: the largest process is killed every second", "scan", [SLOW], () => scene.check("scan", killLargest)),
      harmed("the disk is full from the beginning", "memcheck", MANY_LEAKS, () => scene.checkWithLittleRoom("memcheck", 600)),
      harmed("the disk is full from the beginning", "scan", MANY_LEAKS, () => scene.checkWithLittleRoom("scan", 600)),
      harmed("it fills the disk that its report is on", "memcheck", FILL_THEN_LEAK, () => filled("memcheck")),
      harmed("it fills the disk that its report is on", "scan", FILL_THEN_LEAK, () => filled("scan")),
    ],
    close: () => scene.checkout.remove(),
  };
}

/** Leaks whose stacks differ in their depth: they make a report of some megabytes. */
const MANY_LEAKS = [
  "def deeper(depth, leaf):",
  "    return leaf() if depth == 0 else sorted([1], key=lambda _: deeper(depth - 1, leaf))",
  `for depth in range(60): deeper(depth, lambda: ${leak("[depth]")})`,
];

/** Fills the disk at once, so that no earlier write fails. If no disk could be mounted, files have a size limit, and nothing is filled. */
const FILL_THEN_LEAK = [
  `disk = ${JSON.stringify(join(WORK_DIR, "runs"))}`,
  "room = os.statvfs(disk)",
  "try: os.posix_fallocate(os.open(disk + '/filled', os.O_RDWR | os.O_CREAT), 0, min(room.f_bavail * room.f_frsize, 10**9))",
  "except OSError: pass",
  ...MANY_LEAKS,
];

/** Does what the kernel does if a control group is out of memory. */
async function killLargest(pid: number): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    const [largest] = [...descendantsOf(pid)].sort((a, b) => kilobytesOf(b) - kilobytesOf(a));
    if (largest !== undefined) kill([largest]);
    await sleep(1000);
  }
}

function kill(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

function kilobytesOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0");
  } catch {
    return 0;
  }
}

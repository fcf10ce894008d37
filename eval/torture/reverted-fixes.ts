import { CPYTHON_RULES } from "../../src/affected/cpython-file-rules.ts";
import { selectAffected } from "../../src/affected/selection.ts";
import { readBuildCode } from "../../src/build/object-files.ts";
import { selectAll } from "../../src/build/tests.ts";
import { isOfChange } from "../../src/findings/reached.ts";
import type { Finding } from "../../src/model/finding.ts";
import { messageOf } from "../../src/model/user-error.ts";
import { changeToTorture, chooseTorture } from "../../src/stages/torture-choice.ts";
import { resetCheckout } from "../changes/changes.ts";
import type { BaselineRecord } from "../changes/record.ts";
import { TortureRig } from "./torture-rig.ts";

/** The result of torture for one change. */
export interface Tried {
  /** Some of the changed functions. */
  readonly functions: readonly string[];
  /** The test files that were tortured. */
  readonly tests: readonly string[];
  readonly failures: number;
  /** Errors that are attributed to the change and do not occur with the fix. */
  readonly own: readonly Finding[];
  /** Why there is none, if there is a reason. */
  readonly why?: string;
}

const SHOWN = 4;

/** Test files that run at once, for the choice by cost: as on GitHub's runners. */
const WIDTH = 2;

/** Tortures a checkout with a reverted fix. A baseline recorded on the checkout shows what changed. */
export class RevertedFixes {
  readonly #source: string;
  readonly #record: BaselineRecord;
  readonly #seconds: number;

  /** @param seconds for the failures in one test file. */
  constructor(source: string, record: BaselineRecord, seconds: number) {
    this.#source = source;
    this.#record = record;
    this.#seconds = seconds;
  }

  /** Tortures the functions that the checkout's edits change, then resets the checkout. */
  async torture(): Promise<Tried | string> {
    try {
      return await this.#torture();
    } catch (error) {
      return messageOf(error).slice(0, 100);
    }
  }

  async #torture(): Promise<Tried | string> {
    await using rig = await TortureRig.open(this.#source);
    const { prepared } = rig;
    const code = readBuildCode(prepared.python.tree);
    if (code === undefined) return "its objects cannot be read";
    const sources = new Map([...prepared.source.files].map(([name, { hash }]) => [name, hash]));
    const { names } = await selectAll("torture", prepared.python, rig.folder, rig.processes);
    const { footprints, baseline } = this.#record;
    const selected = { ...selectAffected({ footprints, rules: CPYTHON_RULES, code, sources, tests: names }), scanned: names, footprints };
    const change = changeToTorture(selected);
    if (typeof change === "string") return change;
    const seconds = baseline.tests.flatMap((test) => (test.engine === "scan" ? [[test.name, test.seconds] as const] : []));
    const chosen = chooseTorture(change, (name) => names.includes(name), { scanned: new Map(seconds), width: WIDTH });
    const functions = change.rewritten;
    const shown = functions.slice(0, SHOWN).map((key) => key.replace(/^.*:/, ""));
    const first = await failuresIn(rig, chosen.names, functions, this.#seconds);
    const laid = first.findings.filter(isOfChange({ changed: functions }));
    const tried = { functions: shown, tests: chosen.names, failures: first.failures };
    if (laid.length === 0) return { ...tried, own: [], ...(chosen.names.length === 0 ? { why: "no test file runs them" } : {}) };
    const old = await this.#findingsWithout(chosen.names, functions);
    return { ...tried, own: laid.filter(({ signature }) => !old.has(signature)), why: "only errors that occur with the fix, too" };
  }

  async #findingsWithout(names: readonly string[], functions: readonly string[]): Promise<ReadonlySet<string>> {
    resetCheckout(this.#source);
    await using rig = await TortureRig.open(this.#source);
    const { findings } = await failuresIn(rig, names, functions, this.#seconds);
    return new Set(findings.map(({ signature }) => signature));
  }
}

async function failuresIn(rig: TortureRig, names: readonly string[], functions: readonly string[], seconds: number) {
  const findings: Finding[] = [];
  let failures = 0;
  for await (const { run, end } of rig.torture(names, { seconds, slice: [0, 1], functions, sample: true })) {
    findings.push(...run.findings);
    failures += end?.injections ?? 0;
  }
  return { findings, failures };
}

import { isOnStack, namesOnStack } from "../affected/blame.ts";
import type { Finding } from "../model/finding.ts";
import type { Note } from "../model/note.ts";
import type { Problem } from "../model/problem.ts";
import type { TestRun } from "../model/test-run.ts";
import { type Acceptance, acceptanceFor } from "./acceptance.ts";
import type { JudgedFinding, Judgement } from "./judgement.ts";
import { reachOf } from "./reach.ts";
import { isLeak } from "./segment.ts";
import { isComplete, shortfallOf } from "./shortfall.ts";
import { isWarning } from "./warning.ts";

/** The inputs for judging errors that can't be in the baseline. */
export interface ReachedGrounds {
  /** The functions that the change modified. */
  readonly changed: readonly string[];
  /** The functions of `changed` that every test file runs. They are on many stacks, so they count only in the frames of an error's signature. */
  readonly everywhere?: ReadonlySet<string>;
  /** Unchanged functions with the name of a changed one: `_json.c:module_exec`. */
  readonly namesakes?: ReadonlySet<string>;
  readonly acceptances: readonly Acceptance[];
  /** `2027-03-01` */
  readonly today: string;
}

/** The test files that must run again: also those that crashed, perhaps by the error itself. What took too long would take as long again. */
export function reachedToConfirm(runs: readonly TestRun[], grounds: ReachedGrounds): readonly string[] {
  const canRunAgain = (run: TestRun): boolean => isComplete(run) || run.status === "crashed";
  return runs.filter((run) => canRunAgain(run) && errorsOf(run).some(isOfChange(grounds))).map(({ name }) => name);
}

/**
 * Judges errors that memcheck or torture found in test files without a baseline. An error belongs to the change if a changed function is on one
 * of its stacks or, for torture, is involved in the error; of the others it is unknown whether they are new. Memcheck's leaks are left to the
 * scan, which has the same test files in its baseline. Pure.
 * @param again the second runs of {@link reachedToConfirm}.
 */
export function judgeReached(runs: readonly TestRun[], again: readonly TestRun[], grounds: ReachedGrounds): Judgement {
  const judged = runs.map((run) =>
    judgeRun(
      run,
      again.find(({ name }) => name === run.name),
      grounds,
    ),
  );
  return {
    findings: judged.flatMap(({ findings }) => findings),
    fixed: [],
    problems: judged.flatMap(({ problems }) => problems),
    notes: judged.flatMap(({ notes }) => notes),
  };
}

function judgeRun(run: TestRun, second: TestRun | undefined, grounds: ReachedGrounds): Omit<Judgement, "fixed"> {
  const errors = errorsOf(run).filter((error) => acceptanceFor(error, grounds.acceptances, grounds.today) === undefined);
  const [own, others] = [errors.filter(isOfChange(grounds)), errors.filter((error) => !isOfChange(grounds)(error))];
  const cut: Note[] =
    run.incomplete === null ? [] : [{ code: "reached-incomplete", test: run.name, engine: run.engine, incomplete: run.incomplete }];
  const kinds = others.map(({ kind, site }) => ({ kind, function: site.function }));
  const uncovered: Note[] = others.length === 0 ? [] : [{ code: "reached-errors", test: run.name, engine: run.engine, errors: kinds }];
  const [doubt] = second === undefined ? [null] : shortfallOf(second, reachOf(run));
  const isDoubtful = doubt !== undefined && own.some((error) => !isIn(second, error));
  return {
    findings: own.map((error) => judgeError(error, second, doubt !== undefined)),
    problems: isDoubtful ? [{ code: "not-confirmed", test: run.name, engine: run.engine, doubt } satisfies Problem] : [],
    notes: [...cut, ...uncovered],
  };
}

function judgeError(finding: Finding, second: TestRun | undefined, isDoubtful: boolean): JudgedFinding {
  if (isIn(second, finding)) return { finding, status: "new", isConfirmed: true };
  return { finding, status: isDoubtful ? "new" : "flaky", isConfirmed: false };
}

function isIn(run: TestRun | undefined, { signature }: Finding): boolean {
  return run?.findings.some((other) => other.signature === signature) ?? false;
}

function errorsOf({ findings }: TestRun): readonly Finding[] {
  return findings.filter(({ kind }) => !isLeak(kind) && !isWarning(kind));
}

/** What tells whether an error belongs to the change. */
export type Reasons = Pick<ReachedGrounds, "changed" | "everywhere" | "namesakes">;

/** Whether a changed function is involved. */
export function isOfChange({ changed, everywhere, namesakes = new Set() }: Reasons): (finding: Finding) => boolean {
  const [shared, own] = [changed.filter((key) => everywhere?.has(key)), changed.filter((key) => !everywhere?.has(key))];
  const namesOf = (frames: Finding["stack"]): readonly string[] => namesOnStack(frames, namesakes);
  return ({ part, stack, further }) => {
    const stacks = part === undefined ? [stack, ...further.map(({ frames }) => frames)].map(namesOf) : [part];
    return stacks.some((names) => isOnStack(own, names)) || isOnStack(shared, part ?? namesOf(stack.filter(({ role }) => role === "key")));
  };
}

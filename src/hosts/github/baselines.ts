import type { BaselineStore } from "../../findings/baseline-store.ts";
import type { Note } from "../../model/note.ts";
import type { RecordingFailure } from "../../model/problem.ts";
import { minorLabel } from "../../model/python-version.ts";
import { DEFAULT_BRANCH, type Recorder } from "../../model/recorder.ts";
import type { Settings } from "../../settings/settings.ts";
import type { Processes } from "../../system/processes.ts";
import { BaselineFile } from "../common/baseline-file.ts";
import { baselineFolder, baselinePath } from "../common/baseline-path.ts";
import { checkedPython } from "../common/checked-python.ts";
import { ArtifactUploader } from "./artifact-upload.ts";
import { BaselineArtifacts } from "./baseline-artifacts.ts";
import { baselineName } from "./baseline-name.ts";
import type { BaselineJob } from "./baseline-search.ts";
import { isOtherCommit, type OwnCheckout } from "./checkout.ts";
import { branchOf, type JobEvent } from "./event.ts";
import { readJobIdentity } from "./job-identity.ts";
import { openReader } from "./reader.ts";
import { isEnterpriseServer, type RunnerTokens } from "./runner-tokens.ts";

/** Where a job's baselines are, with notes for the reader. */
export interface Baselines {
  readonly store: BaselineStore;
  readonly notes: readonly Note[];
}

/** Artifacts, unless a file is given or the server does not support them. @param event adjusted for the checkout. */
export async function openBaselines(
  settings: Settings,
  event: JobEvent,
  checkout: OwnCheckout | undefined,
  { token, services }: RunnerTokens,
  env: NodeJS.ProcessEnv,
  processes: Processes,
): Promise<Baselines> {
  const target = targetOf(settings, event, checkout, env);
  const recorder: Recorder = settings.baseline === undefined ? recorderOf(target, event) : { code: "file" };
  const refusal = refusalOf(target, event, checkout, env);
  const refusals: readonly Note[] = refusal === undefined ? [] : [{ code: "recording-refused", why: refusal }];
  const file = new BaselineFile(
    () => baselinePath(settings, processes, target.branch === event.defaultBranch ? undefined : target.branch),
    event.recordsBaseline ? "everything" : "nothing",
    { mayRecord: event.mayRecord && !target.isOther, recorder, fallback: () => baselinePath(settings, processes) },
  );
  if (settings.baseline !== undefined) return { store: file, notes: refusals };
  const inFile = (why: "enterprise-server" | "unknown-job"): Baselines => {
    return { store: file, notes: [{ code: "baseline-in-file", why, path: baselineFolder(settings) }, ...refusals] };
  };
  if (isEnterpriseServer(env)) return inFile("enterprise-server");
  const job = jobOf(target, event, checkout, env);
  if (job === undefined) return inFile("unknown-job");
  const reader = openReader(token, env);
  const uploader = new ArtifactUploader(processes, { ...env, ...services }, settings.workDir);
  // Records under the name that it looked for: tests can overwrite the variables that the name is made from.
  let name: Promise<string> | undefined;
  const nameOf = (): Promise<string> => (name ??= nameFor(settings, env, processes));
  const mayRecord = isOfBranch(event, env);
  return { store: new BaselineArtifacts({ job, reader, uploader, nameOf, mayRecord, recorder, refusal }), notes: refusals };
}

/** Why a run that may record does not: it would record a commit as another one's. A change to a branch never records. */
function refusalOf(
  { isOther }: Target,
  { mayRecord }: JobEvent,
  checkout: OwnCheckout | undefined,
  env: NodeJS.ProcessEnv,
): RecordingFailure | undefined {
  if (!mayRecord || !isOther || checkout === undefined) return undefined;
  return { code: "other-commit", sha: checkout.commit, ofRun: env.GITHUB_SHA ?? "" };
}

/** The branch to compare with. */
interface Target {
  readonly branch: string | undefined;
  /** Whether this run also records a baseline. */
  readonly records: boolean;
  /** Whether the commit differs from the run's. */
  readonly isOther: boolean;
  /** The run's own branch, if the default branch stands in for it. */
  readonly passedOver: string | undefined;
}

/** A branch that records compares with its own baselines; a change without a target branch compares with the default branch. */
function targetOf(
  { baselineBranch, recordBaseline }: Settings,
  event: JobEvent,
  checkout: OwnCheckout | undefined,
  env: NodeJS.ProcessEnv,
): Target {
  const isOther = isOtherCommit(event, checkout, env.GITHUB_SHA);
  const records = !isOther && (event.recordsBaseline || (recordBaseline === "always" && isOfBranch(event, env)));
  const own = branchOf(env.GITHUB_REF);
  const chosen = baselineBranch ?? event.baseBranch ?? (records ? own : undefined);
  const passedOver = chosen === undefined && own !== event.defaultBranch ? own : undefined;
  return { branch: chosen ?? event.defaultBranch, records, isOther, passedOver };
}

function recorderOf({ branch, passedOver }: Target, { defaultBranch }: JobEvent): Recorder {
  if (branch === undefined) return DEFAULT_BRANCH;
  if (branch === defaultBranch) return { code: "default-branch", branch, own: passedOver ?? null };
  return { code: "other-branch", branch };
}

function jobOf(
  { branch, records, isOther }: Target,
  event: JobEvent,
  checkout: OwnCheckout | undefined,
  env: NodeJS.ProcessEnv,
): BaselineJob | undefined {
  const { GITHUB_REPOSITORY: repository = "", GITHUB_RUN_ID: run = "", GITHUB_SHA: sha = "", GITHUB_REF: ref } = env;
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || !/^\d+$/.test(run) || sha === "" || branch === undefined) return undefined;
  return {
    repository,
    runId: Number(run),
    sha: comparedCommit(event, checkout, sha),
    branch,
    otherBranches: event.defaultBranch === undefined || event.defaultBranch === branch ? [] : [event.defaultBranch],
    isOnBranch: event.baseBranch === undefined && branchOf(ref) === branch && !isOther,
    records,
    checksOwnSource: checkout?.isSource ?? false,
  };
}

/** An artifact of any other run is never used as a baseline: trust.ts rejects those of other events, and of tags. */
function isOfBranch({ mayRecord }: JobEvent, { GITHUB_REF: ref }: NodeJS.ProcessEnv): boolean {
  return mayRecord && branchOf(ref) !== undefined;
}

/** The checked-out commit; on a pull request only if GitHub knows it: the merge, which the runner checks out by default, or the head commit. */
function comparedCommit(event: JobEvent, checkout: OwnCheckout | undefined, sha: string): string {
  const isUnknown = event.head !== undefined && isOtherCommit(event, checkout, sha);
  return checkout === undefined || isUnknown ? sha : checkout.commit;
}

async function nameFor(settings: Settings, env: NodeJS.ProcessEnv, processes: Processes): Promise<string> {
  return baselineName(settings, minorLabel(await checkedPython(settings, processes)), await readJobIdentity(env));
}

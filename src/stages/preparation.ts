import { join, relative } from "node:path";
import { Functions } from "../build/functions.ts";
import { listProjectObjects } from "../build/object-quality.ts";
import type { PreparedBuild } from "../build/prepare.ts";
import { projectUnderTest } from "../build/project-under-test.ts";
import { selectAll } from "../build/tests.ts";
import { cpythonUnderTest, type UnderTest } from "../build/under-test.ts";
import type { RunContext } from "../engines/job.ts";
import { descriptorArgs } from "../engines/memcheck/memcheck-args.ts";
import { CHECK_VERSION, type Identity } from "../findings/baseline.ts";
import type { BaselineLookup, BaselineStore } from "../findings/baseline-store.ts";
import { type History, historyOf, recordingScope } from "../findings/history.ts";
import { followMovedTests, movedIntoPackage } from "../findings/moved-tests.ts";
import { indexFiles } from "../findings/project-files.ts";
import type { Project } from "../findings/site.ts";
import type { Changes } from "../git/changes.ts";
import { commitOf } from "../git/git.ts";
import type { Finding } from "../model/finding.ts";
import type { Note } from "../model/note.ts";
import type { Progress } from "../model/progress.ts";
import { minorVersion } from "../model/python-version.ts";
import { commandWords } from "../settings/command.ts";
import type { RepositorySettings } from "../settings/repository-settings.ts";
import type { Settings } from "../settings/settings.ts";
import { isCommand } from "../settings/work.ts";
import { CythonLines } from "../system/cython-lines.ts";
import { ownsObjects } from "../system/installed-package.ts";
import type { Processes } from "../system/processes.ts";
import { openRunFolder } from "../system/run-folder.ts";
import { listSourceFiles } from "../system/source-files.ts";
import { changesSince } from "./change.ts";
import type { Execution } from "./execution.ts";
import type { CheckContext } from "./stage.ts";

/** What is known before any test runs. */
export interface PreparationInputs {
  readonly settings: Settings;
  readonly own: RepositorySettings;
  readonly prepared: PreparedBuild;
  readonly lookup: BaselineLookup;
  readonly baselines: Pick<BaselineStore, "automaticScope" | "mayRecord">;
  readonly progress: Progress;
  readonly processes: Processes;
  /** `2027-03-01` */
  readonly today: string;
  readonly execution: Execution;
  readonly plannedWidth: number;
}

/** The stages' inputs, and the identity of a recorded baseline. */
export interface Preparation {
  readonly checkContext: CheckContext;
  readonly identity: Identity;
  /** The history with the names that test files had when it was recorded. */
  readonly unmoved: History;
  /** The commit under test, and its content; null if unknown. */
  readonly sha: string | null;
  readonly content: string | null;
  readonly notes: readonly Note[];
}

/** Compares the baseline with what changed since, and prepares the run. */
export async function prepare({
  settings,
  own,
  prepared,
  lookup,
  baselines,
  progress,
  processes,
  today,
  execution,
  plannedWidth,
}: PreparationInputs): Promise<Preparation> {
  const repository = repositoryOf(settings);
  const identity = identityOf(settings, prepared);
  const unmoved = historyOf(lookup, identity);
  const { changes, note } = await changesSince(unmoved, repository, processes);
  const functions = await Functions.ofBuild(prepared.python, processes);
  const functionsOf = async (findings: readonly Finding[]) =>
    functions.namesFor(findings, isCommand(settings.work) ? await listProjectObjects(prepared.python, settings, processes) : []);
  const change = { changes, functionsOf, acceptances: own.accepted, today };
  const runContext = await openRunContext(settings, prepared, functions, processes);
  const past = followMovedTests(unmoved, changes, testFolderOf(settings), await listingFor(settings, changes, prepared, runContext));
  const scope = recordingScope(settings.recordBaseline, baselines, past);
  const content = isForeign(settings) ? null : prepared.source.contentHash;
  return {
    checkContext: {
      settings,
      prepared,
      runContext,
      context: { past, scope, width: settings.jobs, plannedWidth, progress, change, skips: own.skips, execution },
      content,
      underTest: await openUnderTest(settings, prepared, processes),
      isLocal: baselines.automaticScope === "what-is-missing",
    },
    identity,
    unmoved,
    // The checkout when it was read: its branch may be another one by now.
    sha: settings.source.kind === "checkout" ? prepared.source.commit : await commitOf(repository, processes),
    content,
    notes: note === undefined ? [] : [note],
  };
}

/** Which names of moved test files to follow. regrtest is asked only if they tell too little. */
async function listingFor(
  settings: Settings,
  changes: Changes,
  { python }: PreparedBuild,
  { folder, processes }: RunContext,
): Promise<(name: string) => boolean> {
  if (isCommand(settings.work) || !movedIntoPackage(changes)) return () => true;
  const { names, leftOut } = await selectAll("scan", python, folder, processes);
  const listed = new Set([...names, ...leftOut.map(({ name }) => name)]);
  return (name) => listed.has(name);
}

/** Undefined if all test files run. */
async function openUnderTest(settings: Settings, prepared: PreparedBuild, processes: Processes): Promise<UnderTest | undefined> {
  const { work, affected, workspace, directory, passEnv } = settings;
  if (affected === "all") return undefined;
  if (work.kind !== "suite") return await cpythonUnderTest(prepared);
  return await projectUnderTest({ workspace, directory, passEnv, python: prepared.python, command: commandWords(work) }, processes);
}

/** What a baseline must have in common with this check to be compared. */
function identityOf(settings: Settings, { recipe, python }: PreparedBuild): Identity {
  const { toolchain, configureArgs } = recipe;
  return {
    python: settings.source.kind !== "checkout" ? python.version : minorVersion(python.version),
    check: CHECK_VERSION,
    valgrind: toolchain.valgrind,
    compiler: toolchain.compilerVersion,
    libc: toolchain.libc,
    architecture: toolchain.architecture,
    configureArgs: [...configureArgs],
    valgrindArgs: [...descriptorArgs(toolchain.valgrind), ...settings.valgrindArgs],
    leakCheck: settings.leakCheck,
    children: settings.children,
  };
}

/** The folder whose changes are checked. */
export function repositoryOf({ source, workspace }: Pick<Settings, "source" | "workspace">): string {
  return source.kind === "checkout" ? source.path : workspace;
}

/** The folder with the `.memcheck.toml` of what is under test: of a command's project, also if CPython is a checkout of its own. */
export function settingsFolderOf(settings: Pick<Settings, "source" | "workspace" | "work">): string {
  return isCommand(settings.work) ? settings.workspace : repositoryOf(settings);
}

/** The path in the repository from which test files are named; undefined if they are not in the repository. */
function testFolderOf(settings: Settings): string | undefined {
  if (!isCommand(settings.work)) return "";
  const folder = relative(repositoryOf(settings), settings.directory);
  return folder === ".." || folder.startsWith("../") ? undefined : folder;
}

/** An extension's own files are under test if a released or installed CPython runs a command on them; otherwise CPython is. */
export function isForeign({ work, source }: Pick<Settings, "work" | "source">): boolean {
  return isCommand(work) && source.kind !== "checkout";
}

async function projectOf(settings: Settings, { roots }: PreparedBuild["python"]): Promise<Project> {
  if (!isForeign(settings)) return { roots };
  const cython = new CythonLines();
  return {
    roots: [settings.workspace],
    files: indexFiles(await listSourceFiles(settings.workspace)),
    interpreter: roots,
    ownsObject: ownsObjects(settings),
    generatedFrom: (frame) => cython.sourceOf(frame),
  };
}

async function openRunContext(
  settings: Settings,
  { python }: PreparedBuild,
  functions: Functions,
  processes: Processes,
): Promise<RunContext> {
  return {
    python,
    project: { ...(await projectOf(settings, python)), ambiguous: functions.own.ambiguous },
    folder: await openRunFolder(join(settings.workDir, "runs")),
    ...(settings.work.kind === "suite" ? { suite: settings.work, forks: settings.forks } : {}),
    leakCheckPer: settings.leakCheckPer,
    pythonStacks: settings.pythonStacks,
    timeout: settings.testTimeout,
    processes,
  };
}

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parse, TomlError } from "smol-toml";
import * as v from "valibot";
import type { Acceptance } from "../findings/acceptance.ts";
import { entriesIn, type Relaxation } from "../findings/relaxation.ts";
import type { Skip } from "../findings/skip.ts";
import { EngineNameSchema } from "../model/engine-name.ts";
import { messageOf, systemCodeOf, UserError } from "../model/user-error.ts";
import { describeIssues, singleTable } from "./repository-issues.ts";

/** A repository's settings for its checks. */
export interface RepositorySettings {
  readonly accepted: readonly Acceptance[];
  readonly skips: readonly Skip[];
  /** Limit: more new leaks than this from one test are reported as one finding. */
  readonly burstLimit: number;
  /** Its entries, with their lines. */
  readonly relaxations: readonly Relaxation[];
}

const FILE = ".memcheck.toml";

const MAX_BYTES = 1024 * 1024;

/** @param today `2027-03-01` @throws UserError that names what is wrong in the file. */
export async function readRepositorySettings(folder: string, today: string): Promise<RepositorySettings> {
  const path = join(folder, FILE);
  const text = (await readText(path)) ?? "";
  const parsed = v.safeParse(fileSchema(today), parseToml(text));
  if (!parsed.success) throw invalid(singleTable(text) ?? describeIssues(parsed.issues, KEYS));
  const { accept, skip, "burst-limit": burstLimit } = parsed.output;
  const accepts = accept.map((says) => ({ title: says.signature ?? says.path ?? "", says }));
  const skips = skip.map((says) => ({ title: says.test, says }));
  const relaxations = [...entriesIn(text, FILE, "accept", accepts), ...entriesIn(text, FILE, "skip", skips)];
  return { accepted: accept, skips: skip, burstLimit, relaxations };
}

/**
 * The settings with paths of test files from the command's folder, where they begin at the repository's root: two of its projects may have a test
 * file of the same name. Pure.
 * @param folder `packages/foo`; empty if the command runs at the root.
 */
export function settingsIn(folder: string, own: RepositorySettings): RepositorySettings {
  const inFolder = (test: string): string => nameIn(folder, test);
  return {
    ...own,
    accepted: own.accepted.map((one) => (one.test === undefined ? one : { ...one, test: inFolder(one.test) })),
    skips: own.skips.map((one) => ({ ...one, test: inFolder(one.test) })),
  };
}

/** A test file's path from the command's folder; as it is if the file is not there. */
export function nameIn(folder: string, test: string): string {
  return folder !== "" && test.startsWith(`${folder}/`) ? test.slice(folder.length + 1) : test;
}

const DEFAULT_BURST_LIMIT = 10;

/** Exceptions must expire, since they would be forgotten otherwise. */
const MAX_DAYS = 366;

function daySchema(today: string) {
  const last = new Date(Date.parse(today) + MAX_DAYS * 24 * 3600 * 1000).toISOString().slice(0, 10);
  return v.pipe(
    // TOML has a date type, which the parser returns as a kind of Date.
    v.union(
      [
        v.string(),
        v.pipe(
          v.instance(Date),
          v.transform((date) => date.toISOString().slice(0, 10)),
        ),
      ],
      A_DAY,
    ),
    v.regex(/^\d{4}-\d\d-\d\d$/, A_DAY),
    v.check(isInCalendar, A_DAY),
    v.check((day) => day <= last, `allowed: a day until ${last}, at most a year from now`),
  );
}

/** Date.parse takes February 30 for March 2. */
function isInCalendar(day: string): boolean {
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

const A_DAY = "allowed: a day such as 2027-03-01";
const A_REASON = "allowed: a reason in words";
const A_SIGNATURE = "allowed: a signature of 16 hexadecimal digits, as reports show it";
const A_PATH = "allowed: what keeps the objects, such as `json.KEPT: list`";
const A_LIMIT = "allowed: a whole number from 1";
const AN_ENGINE = "allowed: `memcheck`, `scan`, `torture` or `lifecycle`";
const A_TEST = "allowed: the name of a test file, such as `test_csv` or `test_asyncio.test_events`, or its path, such as `tests/test_x.py`";

const Reason = v.pipe(v.string(A_REASON), v.regex(/\S/, A_REASON), v.trim());

/** Findings and test files are compared with the whole name. */
const WholeName = v.pipe(
  v.string(A_TEST),
  v.check((name) => !/[*?]/.test(name), "patterns are not supported: name each test file"),
);

const TestName = v.pipe(WholeName, v.regex(/^(test_\w+(\.\w+)*|(?!\/|.*\.\.)[^\p{C}]{1,300}\.\w+)$/u, A_TEST));

/** The allowed keys, for messages. */
const KEYS = {
  file: ["burst-limit", "accept", "skip"],
  accept: ["signature", "path", "test", "reason", "expires"],
  skip: ["test", "reason", "engine", "expires"],
} as const;

function fileSchema(today: string) {
  return v.strictObject({
    "burst-limit": v.optional(v.pipe(v.number(A_LIMIT), v.integer(A_LIMIT), v.minValue(1, A_LIMIT)), DEFAULT_BURST_LIMIT),
    accept: v.optional(v.array(acceptSchema(today), "allowed: entries that begin with `[[accept]]`"), []),
    skip: v.optional(v.array(skipSchema(today), "allowed: entries that begin with `[[skip]]`"), []),
  });
}

function acceptSchema(today: string) {
  return v.pipe(
    v.strictObject({
      signature: v.optional(v.pipe(v.string(A_SIGNATURE), v.regex(/^[0-9a-f]{16}$/, A_SIGNATURE))),
      path: v.optional(v.pipe(v.string(A_PATH), v.regex(/\S/, A_PATH), v.trim())),
      test: v.optional(WholeName),
      reason: Reason,
      expires: daySchema(today),
    }),
    v.check(
      ({ signature, path }) => (signature === undefined) !== (path === undefined),
      "needs either a `signature` or, for growth, a `path`",
    ),
  );
}

function skipSchema(today: string) {
  return v.strictObject({
    test: TestName,
    reason: Reason,
    engine: v.optional(v.picklist(EngineNameSchema.options, AN_ENGINE)),
    expires: v.optional(daySchema(today)),
  });
}

async function readText(path: string): Promise<string | undefined> {
  try {
    const status = await stat(path);
    // A link in a checkout may lead to a device that never ends.
    if (!status.isFile()) throw new UserError(`${path} is not a regular file.`);
    if (status.size > MAX_BYTES) throw new UserError(`${path} is larger than ${MAX_BYTES} bytes.`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    if (error instanceof UserError) throw error;
    throw new UserError(`${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

function parseToml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw invalid(singleTable(text) ?? describeSyntax(error), error);
  }
}

/** The parser also throws other errors: a RangeError for tables in thousands of others. */
function describeSyntax(error: unknown): string {
  if (!(error instanceof TomlError)) return `it is not valid TOML: ${messageOf(error)}.`;
  const what = /^Invalid TOML document: (.*?)\.*$/m.exec(error.message)?.[1] ?? "unknown error";
  return `line ${error.line}, column ${error.column} is not valid TOML: ${what}.`;
}

function invalid(what: string, cause?: unknown): UserError {
  return new UserError(`${FILE}: ${what}`, { hint: EXAMPLE, cause });
}

const EXAMPLE = `This file is valid:
burst-limit = 10
[[accept]]
signature = "0123456789abcdef"
reason = "why this finding is accepted for now"
expires = 2027-03-01
[[skip]]
test = "test_gdb"
reason = "why this test file cannot be checked"`;

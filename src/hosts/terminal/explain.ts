import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { isTestName } from "../../build/tests.ts";
import { messageOf, UserError } from "../../model/user-error.ts";
import { explainTest } from "../../report/affected-messages.ts";
import { printable } from "../../report/escape.ts";
import { explainFinding } from "../../report/explanation.ts";
import { type Report, ReportSchema } from "../../report/report.ts";
import type { Style } from "../../report/style.ts";

/**
 * Explains the findings of a report with a signature, or with its first digits; or why a test file ran. @throws UserError if there is none.
 */
export async function explain(signature: string, path: string, style: Style): Promise<string> {
  if (isTestFile(signature)) return await explainSelection(signature, path);
  if (!/^[0-9a-f]{4,16}$/.test(signature)) {
    throw new UserError(
      `\`${signature}\` is neither a signature nor a test file; allowed: the first 4 to 16 hexadecimal digits of a signature, as reports show it, or a name such as \`test_csv\` or \`tests/test_x.py\`.`,
    );
  }
  const { findings } = await readReport(path);
  const chosen = findings.filter((finding) =>
    [finding, ...finding.roots, ...finding.occurrences].some((one) => one.signature.startsWith(signature)),
  );
  if (chosen.length === 0) throw new UserError(`${path} has no finding ${signature}.`);
  return `${chosen.map((finding) => explainFinding(finding, style)).join("\n\n")}\n`;
}

/** Whether it is a test file of CPython, or one of a project as pytest and unittest name it. */
function isTestFile(name: string): boolean {
  return isTestName(name) || /[/.]/.test(name);
}

async function explainSelection(test: string, path: string): Promise<string> {
  const { affected } = await readReport(path);
  if (affected === null) throw new UserError(`${path} is the report of a check that left out no test file.`);
  return `${printable(explainTest(test, affected).join("\n"))}\n`;
}

async function readReport(path: string): Promise<Report> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new UserError(`The report ${path} cannot be read: ${messageOf(cause)}.`, {
      hint: "`check` writes a report; `--report` sets its path.",
      cause,
    });
  });
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ReportSchema), text);
  if (parsed.success) return parsed.output;
  throw new UserError(`${path} is not a report of this version of cpython-memcheck.`);
}

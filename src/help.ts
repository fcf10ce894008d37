import { SETTINGS, type SettingDescription } from "./settings-table.ts";

/** What `--help` prints. The rows are the settings themselves. */
export function helpText(): string {
  const settings: readonly SettingDescription[] = SETTINGS;
  const rows = settings
    .filter(({ only }) => only !== "action")
    .map(
      ({ name, default: value, meaning }) => `  --${name.padEnd(16)} ${meaning.replaceAll("`", "")}${value === "" ? "" : ` [${value}]`}`,
    );
  return `cpython-memcheck check [flags]

Builds CPython for valgrind, runs tests under memcheck, and tells which errors are new since the baseline.

${rows.join("\n")}

cpython-memcheck explain SIGNATURE [--report FILE]

Tells of a finding of the last report how it came to its signature, and what of the baseline it was taken for.

Exit code: 0 nothing new, 1 new errors, 2 not everything could be checked.
`;
}

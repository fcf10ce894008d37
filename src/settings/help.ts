import { SETTINGS, type SettingDescription } from "./settings-table.ts";

/** The text of `--help`. Its rows are the settings table. */
export function helpText(): string {
  const settings: readonly SettingDescription[] = SETTINGS;
  const rows = settings
    .filter(({ only }) => only !== "action")
    .map(
      ({ name, default: value, meaning }) => `  --${name.padEnd(16)} ${meaning.replaceAll("`", "")}${value === "" ? "" : ` [${value}]`}`,
    );
  return `cpython-memcheck check [flags]

Builds CPython for Valgrind, runs its tests, and reports the memory errors that are new since the baseline.

${rows.join("\n")}

cpython-memcheck plan (--shards N | --shard-time TIME) [--plan DIR] [flags]
cpython-memcheck check --shard 1/N [--plan DIR] [flags]
cpython-memcheck report [--plan DIR] [flags]

Runs the same check in parts. They can run on several machines, each with a copy of DIR. All parts need the same flags.

cpython-memcheck explain SIGNATURE or TEST [--report FILE]

Explains a finding of the last report: its signature, and what it was matched with. For a test file: why it ran, or was left out.

cpython-memcheck --version

Exit codes: 0 clean, 1 new errors, 2 inconclusive (something was not checked).
`;
}

import type { Finished } from "../../../eval/history/state.ts";

/** A finished row, with fields that a test overrides. */
export function finished(overrides: Partial<Finished> = {}): Finished {
  const sha = "a".repeat(40);
  return {
    key: `fixes ${sha}`,
    table: "fixes",
    sha,
    kind: "leak",
    note: "",
    outcome: { code: "found", findings: [] },
    baseSeconds: 200,
    seconds: 30,
    buildSeconds: 10,
    chosen: { tests: 2, of: 31 },
    testsOf: null,
    tool: "0123456789",
    ...overrides,
  };
}

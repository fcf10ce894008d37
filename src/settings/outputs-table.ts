/** The outputs of the action and what they mean, in order. `npm run tables` writes action.yml and README's table from it. */
export const OUTPUTS = {
  verdict: "`clean`, `new-errors` or `inconclusive`",
  new: "number of errors that the baseline does not have",
  grown: "number of known leaks that lose more blocks than in the baseline",
  known: "number of errors that the baseline has too, or that this run recorded",
  fixed: "number of errors of the baseline that are fixed",
  flaky: "number of new errors that did not come back in a second run",
  incomplete: "number of test files that could not be checked to their end",
  report: "path of report.json",
  sarif: "path of the same report as SARIF 2.1.0, for upload-sarif",
  "baseline-sha": "commit that the baseline was recorded on",
  "cache-hit": "true if a cached build was reused unchanged",
  matrix: "of `mode: plan`: the shards, as JSON for `strategy.matrix`",
} as const;

export type OutputName = keyof typeof OUTPUTS;

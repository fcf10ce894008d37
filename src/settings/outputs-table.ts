/** The outputs of the action and what they mean, in order. `npm run tables` writes action.yml and README's table from it. */
export const OUTPUTS = {
  verdict: "`clean`, `new-errors` or `inconclusive`",
  new: "number of errors that are not in the baseline",
  grown: "number of known leaks that lose more blocks than in the baseline",
  known: "number of errors that are in the baseline, or that this run recorded",
  fixed: "number of errors in the baseline that are fixed",
  flaky: "number of new errors that did not come back in a second run",
  incomplete: "number of test files that could not be checked completely",
  report: "path of report.json",
  sarif: "path of the report in SARIF 2.1.0, for upload-sarif",
  html: "path of the report as an HTML page, in a single file",
  "baseline-sha": "commit that the baseline was recorded on",
  "cache-hit": "true if a cached build was reused unchanged",
  matrix: "the shards of `mode: plan`, as JSON for `strategy.matrix`",
} as const;

export type OutputName = keyof typeof OUTPUTS;

import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Numbers of torture, summed over all test files. */
export const TortureTotalsSchema = v.strictObject({
  /** Allocation sites. */
  sites: count,
  failures: count,
  /** Failures after which a test hung, or ended its process. */
  unjudged: count,
  /** Failures for which there was no time. */
  untried: count,
  /** Tests that were left out because they took too long (`slow`) or did not pass (`failing`). */
  slow: count,
  failing: count,
});

export type TortureTotals = v.InferOutput<typeof TortureTotalsSchema>;

export const NO_TORTURE: TortureTotals = { sites: 0, failures: 0, unjudged: 0, untried: 0, slow: 0, failing: 0 };

export function addTotals(one: TortureTotals, other: TortureTotals): TortureTotals {
  return {
    sites: one.sites + other.sites,
    failures: one.failures + other.failures,
    unjudged: one.unjudged + other.unjudged,
    untried: one.untried + other.untried,
    slow: one.slow + other.slow,
    failing: one.failing + other.failing,
  };
}

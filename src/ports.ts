import type { BuildStore } from "./build/build-store.ts";
import type { BaselineStore } from "./findings/baseline-store.ts";
import type { Progress } from "./model/progress.ts";
import type { Report } from "./report/report.ts";
import type { ShardPlan } from "./shards/shard-plan.ts";
import type { ShardStore } from "./shards/shard-store.ts";

/** All side effects of the check outside its work folder. */
export interface Ports {
  readonly progress: Progress;
  readonly baselines: BaselineStore;
  /** Null if builds are kept only in the work folder. */
  readonly builds: BuildStore | null;
  /** What the jobs of a check that is spread over machines give each other. */
  readonly shards: ShardStore;
  /** Whether the reader of the report has access to the build. */
  readonly isLocal: boolean;
  /** Publishes the report. */
  publish(report: Report): Promise<void>;
  /** Tells which machines are to run what. */
  publishPlan(plan: ShardPlan): Promise<void>;
}

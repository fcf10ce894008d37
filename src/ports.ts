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
  /** Plans and results that the jobs of a sharded check pass on. */
  readonly shards: ShardStore;
  /** Whether the reader of the report has access to the build. */
  readonly isLocal: boolean;
  /** Publishes the report. */
  publish(report: Report): Promise<void>;
  /** Publishes the shards of a plan: as the job's outputs or in the terminal. */
  publishPlan(plan: ShardPlan): Promise<void>;
}

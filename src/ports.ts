import type { BuildStore } from "./build/build-store.ts";
import type { BaselineStore } from "./findings/baseline-store.ts";
import type { Progress } from "./model/progress.ts";
import type { Report } from "./report/report.ts";
import type { ShardPlan } from "./shards/shard-plan.ts";
import type { ShardStore } from "./shards/shard-store.ts";

/** All that the check does to the world outside its work folder. */
export interface Ports {
  readonly progress: Progress;
  readonly baselines: BaselineStore;
  /** Null where builds stay in the work folder, and nowhere else. */
  readonly builds: BuildStore | null;
  /** What the jobs of a check that is spread over machines give each other. */
  readonly shards: ShardStore;
  /** Whether the person who reads the report has the build, too. */
  readonly isLocal: boolean;
  /** Tells people what came out. */
  publish(report: Report): Promise<void>;
  /** Tells which machines are to run what. */
  publishPlan(plan: ShardPlan): Promise<void>;
}

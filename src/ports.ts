import type { BuildStore } from "./build/build-store.ts";
import type { BaselineStore } from "./findings/baseline-store.ts";
import type { Progress } from "./model/progress.ts";
import type { Report } from "./report/report.ts";

/** All that the check does to the world outside its work folder. */
export interface Ports {
  readonly progress: Progress;
  readonly baselines: BaselineStore;
  /** Null where builds stay in the work folder, and nowhere else. */
  readonly builds: BuildStore | null;
  /** Whether the person who reads the report has the build, too. */
  readonly isLocal: boolean;
  /** Tells people what came out. */
  publish(report: Report): Promise<void>;
}

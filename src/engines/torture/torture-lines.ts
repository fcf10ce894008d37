import type { Line } from "../../probe/protocol.ts";

export type TortureFinding = Extract<Line, { event: "torture-finding" }>;

/** What was looked at in one test file. */
export type TortureCounts = Extract<Line, { event: "torture-plan" | "torture-end" }>;

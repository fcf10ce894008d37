import type { Line } from "../../probe/protocol.ts";

export type TortureFinding = Extract<Line, { event: "torture-finding" }>;

/** Totals of torture in one test file. */
export type TortureCounts = Extract<Line, { event: "torture-plan" | "torture-end" }>;

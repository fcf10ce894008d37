// Sentences about the interpreters that tests start.

import type { ChildCounts, Obstacle } from "../model/child-counts.ts";
import { count } from "./format.ts";

/** In the order of the codes: `3 were killed`. */
const OBSTACLES: Readonly<Record<Obstacle, (children: number) => string>> = {
  allocator: (children) => `${were(children)} running with another allocator than malloc`,
  collector: (children) => `${children} had changed what the garbage collector does`,
  exec: (children) => `${children} became another program`,
  exit: (children) => `${children} ended by \`os._exit\``,
  "exit-functions": (children) => `${children} had cleared the exit functions`,
  killed: (children) => `${were(children)} killed, or crashed`,
  "no-code": (children) => `${children} ended before running any code`,
  "not-entered": (children) => `${were(children)} of another user, or had limited memory`,
  running: (children) => `${were(children)} still running at the end of the test file`,
  traced: (children) => `${were(children)} under a debugger, or had limited resources`,
};

function were(children: number): string {
  return `${children} ${children === 1 ? "was" : "were"}`;
}

/** `142 interpreters, of which 131 were` */
function startedInWords(started: number, looked: number): string {
  if (started === 1) return `one interpreter, which was${looked === 0 ? " not" : ""}`;
  return `${count(started, "interpreter")}, of which ${looked === started ? "all were" : were(looked)}`;
}

/** `Tests started 142 interpreters, of which 131 were looked at. Not looked at: 6 were killed, or crashed; 5 ended by os._exit.` */
export function childCountsInWords({ started, looked, missed, others }: ChildCounts): string {
  const head = started === 0 ? "Tests started no other interpreters." : `Tests started ${startedInWords(started, looked)} looked at.`;
  const reasons = missed.map((one) => OBSTACLES[one.why](one.count)).join("; ");
  return [
    head,
    reasons === "" ? "" : `Not looked at: ${reasons}.`,
    others === 0 ? "" : `They also started ${count(others, "other program")}; interpreters that those started are not known.`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

// Why a run of a test file can't be used, and how to fix it.

import type { Incomplete, ReportFault } from "../model/incomplete.ts";
import { MAX_PROCESSES, MAX_WRITTEN, MIN_FREE } from "../model/limits.ts";
import type { WatchFault } from "../model/watch-fault.ts";
import { clause, count } from "./format.ts";

/** Why a run can't be used, as a clause without a full stop. */
export function incompleteInWords(incomplete: Incomplete): string {
  switch (incomplete.code) {
    case "timeout":
      return `it took longer than ${incomplete.seconds} s and was killed`;
    case "crashed": {
      const how = incomplete.signal === null ? `ended with exit code ${incomplete.exit}` : `was killed by ${incomplete.signal}`;
      return `its process ${how} before the test file ended`;
    }
    case "excess":
      return `it ${EXCESSES[incomplete.of]} and was killed`;
    case "worker-lost":
      return "the interpreter that ran it ended unexpectedly";
    case "not-started":
      return `it was not run: ${clause(incomplete.detail)}`;
    case "stopped":
      // It was stopped, or lacks the shard that runs the test file.
      return incomplete.hadStarted ? "the check was stopped while it ran" : "the check ended before it ran";
    case "not-begun":
      return "there was no time left to start it";
    case "report-missing":
      return "it left no report";
    case "report-partial":
      return "its report does not cover it from start to end";
    case "child-report-damaged": {
      const why = incomplete.fault === null ? "cannot be read" : `is not complete: ${faultInWords(incomplete.fault)}`;
      return `the report ${incomplete.report} of a forked process ${why}`;
    }
    case "proof-missing":
      return `its report lacks the ${PLANTED[incomplete.proof]} that was planted in it`;
    case "no-test-ran":
      return "it failed before any test ran";
    case "no-test-watched":
      return "no unittest or pytest test ran in the watched process";
    default:
      return `its report is not complete: ${faultInWords(incomplete)}`;
  }
}

const EXCESSES = {
  output: `wrote too much (${MAX_WRITTEN / 1024 ** 3} GiB of reports and output)`,
  disk: `left less than ${MIN_FREE / 1024 ** 2} MiB of disk space`,
  processes: `had more than ${MAX_PROCESSES} processes at once`,
} as const;

const PLANTED = { leak: "leak", read: "invalid read" } as const;

function faultInWords(fault: ReportFault): string {
  switch (fault.code) {
    case "watch-failed":
      return watchFaultInWords(fault.why);
    case "report-damaged":
      return clause(fault.detail);
    case "report-too-large":
      return `it has more than ${fault.limit.toLocaleString("en-US")} ${fault.unit}`;
    case "suppression-too-wide":
      return `the suppression \`${fault.name}\` (${fault.file}, line ${fault.line}) hides the planted leak, and so every other leak`;
  }
}

function watchFaultInWords(why: WatchFault): string {
  switch (why.code) {
    case "tests-in-other-processes":
      return "its tests ran in other processes, which are not watched";
    case "leak-report-too-long":
      return "too much is lost: the report of it is too long to be read";
    case "too-many-stacks":
      return `too much is lost: ${count(why.stacks, "stack")} allocated it`;
    case "children-not-followed":
      return "interpreters that a test starts cannot be followed";
    case "child-report-too-long":
      return "children of the tests lost too much: their report is too long to be read";
    case "too-many-stacks-of-children":
      return `children of the tests lost too much: ${count(why.stacks, "stack")} allocated it`;
    case "too-many-survivors":
      return "it had more blocks or stacks than can be kept";
    case "too-much-growth": {
      const what = why.of === "kinds" ? "kinds of objects grow" : "objects get more references";
      return `${why.found} ${what} with each run of the tests, and at most ${why.limit} can be described`;
    }
    case "growth-proof-missing":
      return `the ${why.of} that was planted in it to grow was not found`;
    case "failure-proof-missing":
      return `only ${why.failed} of ${why.planted} allocations failed that were planted to fail`;
    case "threads-left":
      return `its tests leave ${count(why.threads, "thread")} running, so it cannot be forked`;
    case "ends-in-fork":
      return `even if no allocation fails, its tests do not finish in a fork: ${why.ending}`;
    case "failures-not-tried":
      return `${why.left} of ${count(why.planned, "failure")} of allocations ${why.left === 1 ? "was" : "were"} not tried in ${why.seconds} s`;
  }
}

const ITS_LOG = "See its log.";

export function incompleteRemedy({ code }: Incomplete): string {
  switch (code) {
    case "timeout":
      return "Raise `test-timeout`, or list the file under `[[skip]]` in .memcheck.toml.";
    case "excess":
    case "report-too-large":
      return "List the file under `[[skip]]` in .memcheck.toml, with the reason.";
    case "suppression-too-wide":
      return "Make the suppression narrower.";
    case "no-test-watched":
      return "Programs that the command starts are not watched: run the tests in its own process, without xdist (`-n 0`), tox or nox.";
    case "worker-lost":
    case "not-started":
      return "Run the check again. If it happens again, report a bug.";
    case "stopped":
      return "Run the check again.";
    case "not-begun":
      return "Raise `memcheck-budget`.";
    default:
      return ITS_LOG;
  }
}

import type { Processes } from "../system/processes.ts";

/** Seconds that a stopped check has for its report. GitHub's runner kills a canceled job after seven and a half. */
const REPORT_TIMEOUT_S = 4;

/** Seconds from a signal to the end of this process, whatever still runs. */
const PATIENCE = 7;

/** Milliseconds. npm forwards a signal that the terminal has sent to all processes already, so it comes twice. */
const SAME_SIGNAL_MS = 1000;

/** Stops the check after its time limit. */
export function limitTime(seconds: number | undefined, processes: Processes): Disposable {
  if (seconds === undefined) return { [Symbol.dispose]: () => undefined };
  const timer = setTimeout(() => processes.stop({ code: "time-limit", seconds }), seconds * 1000);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

/** The result of work; after a stop only if it comes soon. @throws the error of the work, and Error if no result comes. */
export async function untilStopped<Value>(work: Promise<Value>, { stopping }: Processes): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  stopping.addEventListener("abort", () =>
    setTimeout(() => reject(new Error("It did not finish in time.")), REPORT_TIMEOUT_S * 1000).unref(),
  );
  return await Promise.race([work, late]);
}

/** The first signal stops the check, which then reports its results so far; another one ends this process. */
export function stopBySignals(processes: Processes): void {
  const end = (): never => {
    processes.killAll();
    process.exit(2);
  };
  let came = Number.POSITIVE_INFINITY;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (performance.now() - came > SAME_SIGNAL_MS) end();
      if (processes.stopped !== undefined) return;
      came = performance.now();
      setTimeout(end, PATIENCE * 1000).unref();
      processes.stop({ code: "signal", signal });
    });
  }
}

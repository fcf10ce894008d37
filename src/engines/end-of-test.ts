import type { ProcessHandle } from "../system/processes.ts";
import { signalName } from "../system/signal-name.ts";
import type { ControlPipe } from "./control.ts";

/** How the process of a test file ended. */
export interface EndOfTest {
  readonly pid: number;
  readonly exit: number | null;
  readonly signal: string | null;
  readonly seconds: number;
  readonly workerKilobytes: number;
}

/** As reported by the worker that forked the process. Undefined for another message, or for none within the given seconds. */
export async function endOfChild(control: ControlPipe, pid: number, silence: number): Promise<EndOfTest | undefined> {
  const end = await control.next(silence);
  if (end?.event !== "end" || end.pid !== pid) return undefined;
  return { ...end, signal: end.signal === null ? null : signalName(end.signal) };
}

/** For a worker that ran the test file itself. @param startSeconds until it was ready. */
export async function endOfWorker({ child, ended }: ProcessHandle, startSeconds: number): Promise<EndOfTest> {
  const { code, signal, seconds } = await ended;
  return { pid: child.pid ?? 0, exit: code, signal, seconds: seconds - startSeconds, workerKilobytes: 0 };
}

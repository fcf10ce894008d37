import * as v from "valibot";
import { UserError } from "../model/user-error.ts";

/** The system that this process runs on. */
export interface Platform {
  /** As Node names it: `linux`. */
  readonly system: string;
  /** The version of glibc; undefined with another libc. */
  readonly glibc: string | undefined;
}

const ReportSchema = v.object({ header: v.object({ glibcVersionRuntime: v.optional(v.string()) }) });

export function thisPlatform(): Platform {
  const { platform: system, report } = process;
  if (system !== "linux") return { system, glibc: undefined };
  return { system, glibc: v.parse(ReportSchema, report.getReport()).header.glibcVersionRuntime };
}

/** Elsewhere there is no Valgrind, or no leak sanitizer to preload. @throws UserError with what to do instead. */
export function requirePlatform({ system, glibc }: Platform, host: "action" | "terminal"): void {
  if (system === "linux" && glibc !== undefined) return;
  const withGlibc = "an image with glibc, such as Debian's or Ubuntu's";
  const inAction = system === "linux" ? `Run the job in ${withGlibc}.` : "Add `if: runner.os == 'Linux'` to the step.";
  throw new UserError(
    `The check runs only on Linux with glibc. ${host === "action" ? inAction : `Run it in a container of ${withGlibc}.`}`,
  );
}

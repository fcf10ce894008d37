import * as core from "@actions/core";
import type { Annotation } from "../../report/annotations.ts";

/** Sends an annotation to the runner, in a command that the toolkit escapes. */
export function annotate({ level, title, message, file, line }: Annotation): void {
  const commands = { error: core.error, warning: core.warning, notice: core.notice };
  commands[level](message, { title, ...(file === null ? {} : { file }), ...(line === null ? {} : { startLine: line }) });
}

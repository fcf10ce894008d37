import type { Finding } from "../model/finding.ts";
import type { LeftByInterpreter } from "../model/test-run.ts";
import { isLeak } from "./segment.ts";

/**
 * Sets apart what is lost at exit on stacks that are the interpreter's alone: CPython leaves hundreds of such blocks behind, a few more or less
 * each time. Pure; an extension's own check has no use for them, CPython's own has (there no finding is the interpreter's).
 */
export function withoutInterpreterLeaks(findings: readonly Finding[]): {
  readonly findings: readonly Finding[];
  readonly left: LeftByInterpreter | undefined;
} {
  const isLeft = ({ kind, owner }: Finding): boolean => isLeak(kind) && owner === "interpreter";
  const left = findings.filter(isLeft);
  const blocks = left.reduce((sum, finding) => sum + finding.blocks, 0);
  return {
    findings: findings.filter((finding) => !isLeft(finding)),
    left: left.length === 0 ? undefined : { sites: left.length, blocks },
  };
}

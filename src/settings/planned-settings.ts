import { relative } from "node:path";
import type { Settings } from "./settings.ts";

/** The settings that affect findings and verdict, as JSON: they must be equal in all parts of a check. Pure. */
export function plannedSettings(settings: Settings): Record<string, string> {
  const { workspace, source, suppressions, tortureSlice, baseline, baselineBranch } = settings;
  const inProject = (path: string): string => relative(workspace, path);
  const values = {
    source: source.kind === "checkout" ? inProject(source.path) : source,
    work: settings.work,
    directory: inProject(settings.directory),
    install: settings.install,
    fork: settings.forks,
    "pass-env": settings.passEnv,
    scan: settings.scan,
    children: settings.children,
    affected: settings.affected,
    torture: settings.torture,
    "torture-slice": tortureSlice ?? null,
    "memcheck-budget": settings.memcheckBudget,
    "leak-check": settings.leakCheck,
    "leak-check-per": settings.leakCheckPer,
    "python-stacks": settings.pythonStacks,
    suppressions: suppressions.map(inProject),
    "configure-args": settings.configureArgs,
    "valgrind-args": settings.valgrindArgs,
    "test-timeout": settings.testTimeout,
    baseline: baseline ?? baselineBranch ?? null,
    "record-baseline": settings.recordBaseline,
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
}

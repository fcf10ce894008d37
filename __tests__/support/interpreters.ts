import { join } from "node:path";
import type { InterpreterFacts } from "../../src/build/interpreter-facts.ts";
import { temporaryFolder, writeFiles } from "./folders.ts";

export const FACTS: InterpreterFacts = {
  implementation: "cpython",
  version: "3.14.7",
  build: "3.14.7 (main, Nov 26 2026, 17:00:00) [GCC 12.2.0]",
  minor: 14,
  freeThreaded: false,
  tracked: false,
  traceRefs: false,
  jit: false,
  sanitized: false,
  framePointers: false,
  executable: "/home/me/.venv/bin/python",
  program: "/opt/python/bin/python3.14",
  library: null,
  headers: ["/opt/python/include/python3.14"],
  stdlib: "/opt/python/lib/python3.14",
  modules: "/opt/python/lib/python3.14/lib-dynload",
  extensionSuffix: ".cpython-314-x86_64-linux-gnu.so",
};

/** The path of a program that answers like an installed interpreter with these facts, whatever it is asked. */
export function standInPython(facts: Partial<InterpreterFacts> = {}): string {
  const folder = temporaryFolder();
  writeFiles(folder, { "python.sh": `#!/bin/sh\ncat <<'FACTS'\n${JSON.stringify({ ...FACTS, ...facts })}\nFACTS\n` });
  return join(folder, "python.sh");
}

import * as v from "valibot";
import { UserError } from "../errors.ts";
import type { Processes } from "../system/processes.ts";
import { testEnvironment } from "./recipe.ts";

const FactsSchema = v.object({
  version: v.string(),
  extensionSuffix: v.string(),
  withValgrind: v.nullable(v.number()),
  withPymalloc: v.nullable(v.number()),
  gilDisabled: v.nullable(v.number()),
});

export type InterpreterFacts = v.InferOutput<typeof FactsSchema>;

const QUESTION = `
import json, platform, sysconfig
get = sysconfig.get_config_var
print(json.dumps({"version": platform.python_version(), "extensionSuffix": get("EXT_SUFFIX"), "withValgrind": get("WITH_VALGRIND"),
    "withPymalloc": get("WITH_PYMALLOC"), "gilDisabled": get("Py_GIL_DISABLED")}))`;

/** Asks an interpreter what it is, rather than believing what it was configured to be. @throws UserError when it cannot be checked. */
export async function inspectInterpreter(path: string, processes: Processes): Promise<InterpreterFacts> {
  const said = await processes.output(path, ["-I", "-c", QUESTION], { env: testEnvironment(process.env), timeout: 120 });
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), FactsSchema), said);
  if (!parsed.success) throw new UserError(`The CPython that was built, ${path}, does not say what it is.`);
  const facts = parsed.output;
  const refusal = refuse(facts);
  if (refusal !== undefined) throw new UserError(`The CPython ${facts.version} that was built cannot be checked: ${refusal}.`);
  return facts;
}

/** Exported for its tests. */
export function refuse(facts: InterpreterFacts): string | undefined {
  if (facts.gilDisabled) return "it is free-threaded (--disable-gil), and its allocator hides objects from memcheck";
  if (facts.withPymalloc) return "it has pymalloc, which hides objects from memcheck (--with-pymalloc)";
  if (!facts.withValgrind) return "it was not configured --with-valgrind";
  return undefined;
}

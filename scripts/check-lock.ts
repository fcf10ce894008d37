// Fails if package-lock.json does not match package.json, or is incomplete.
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { LockSchema, ManifestSchema, problemsOfLock } from "./lock-file.ts";

function read<Schema extends v.GenericSchema>(file: string, schema: Schema): v.InferOutput<Schema> {
  return v.parse(schema, JSON.parse(readFileSync(file, "utf8")));
}

const problems = problemsOfLock(read("package.json", ManifestSchema), read("package-lock.json", LockSchema));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

// Builds dist/ from src/: one file each for the action, the terminal command, and the processes for GitHub's cache and artifacts, with the probe's sources
// beside them; and the schema of report.json.
import { cp, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { build } from "rolldown";
import { PROBE_FILES } from "../src/probe/probe-files.ts";
import { reportSchemaText } from "./report-schema.ts";

await rm("dist", { recursive: true, force: true });
for (const entry of ["main", "cli", "hosts/github/cache-process", "hosts/github/artifact-process"]) {
  await build({
    input: `src/${entry}.ts`,
    platform: "node",
    // Not minified: the toolkit distinguishes its errors by the names of their classes, and the code that runs should be readable.
    output: { file: `dist/${basename(entry)}.js`, format: "esm", minify: false, codeSplitting: false, comments: { legal: true } },
  });
}
for (const file of PROBE_FILES) await cp(`src/probe/${file}`, `dist/${file}`);
await writeFile("docs/report.schema.json", reportSchemaText());

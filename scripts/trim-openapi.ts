// Makes __tests__/support/github/openapi.json from GitHub's description of its REST API: the schemas and examples of the answers that the check reads.
// To update it: `npm pack @octokit/openapi`, unpack, `scripts/with-node scripts/trim-openapi.ts PATH/api.github.com.json`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

const OPERATIONS = [
  "/repos/{owner}/{repo}/actions/runs/{run_id}",
  "/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts",
  "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs",
  "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs",
  "/repos/{owner}/{repo}/actions/artifacts",
  "/repos/{owner}/{repo}/git/ref/{ref}",
  "/repos/{owner}/{repo}/commits",
  "/repos/{owner}/{repo}/compare/{basehead}",
];
const OUTPUT = join(import.meta.dirname, "..", "__tests__", "support", "github", "openapi.json");

const Any = v.record(v.string(), v.unknown());
const ContentSchema = v.object({ schema: Any, examples: v.object({ default: v.object({ $ref: v.string() }) }) });
const DescriptionSchema = v.object({
  info: v.object({ version: v.string() }),
  components: v.object({ schemas: Any, examples: v.record(v.string(), v.object({ value: v.unknown() })) }),
  paths: v.record(
    v.string(),
    v.object({
      get: v.optional(
        v.object({
          responses: v.object({
            200: v.optional(v.object({ content: v.optional(v.object({ "application/json": v.optional(v.unknown()) })) })),
          }),
        }),
      ),
    }),
  ),
});

const description = v.parse(DescriptionSchema, JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")));
const schemas: Record<string, unknown> = {};

/** A schema without its descriptions. Schemas that it refers to are collected in `schemas`. */
function trim(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(trim);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key, inner]) => !(typeof inner === "string" && ["description", "title"].includes(key)));
  return Object.fromEntries(
    entries.flatMap(([key, inner]) => (key === "example" || key === "examples" ? [] : [[key, follow(key, inner)]])),
  );
}

function follow(key: string, value: unknown): unknown {
  const name = key === "$ref" && typeof value === "string" ? value.split("/").at(-1) : undefined;
  if (name === undefined) return trim(value);
  if (!(name in schemas)) {
    schemas[name] = {};
    schemas[name] = trim(description.components.schemas[name]);
  }
  return value;
}

const operations = OPERATIONS.map((path) => {
  const content = v.parse(ContentSchema, description.paths[path]?.get?.responses[200]?.content?.["application/json"]);
  const example = description.components.examples[content.examples.default.$ref.split("/").at(-1) ?? ""]?.value;
  return [path, { schema: trim(content.schema), example }];
});
const trimmed = { version: description.info.version, paths: Object.fromEntries(operations), components: { schemas } };
writeFileSync(OUTPUT, `${JSON.stringify(trimmed, null, 2)}\n`);

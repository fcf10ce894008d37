// GitHub's own description of its REST API (`@octokit/openapi`, trimmed by scripts/trim-openapi.ts): the fake's answers are compared with it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import * as v from "valibot";
import { type Answer, json } from "./server.ts";

const DescriptionSchema = v.object({
  paths: v.record(v.string(), v.object({ schema: v.record(v.string(), v.unknown()), example: v.unknown() })),
  components: v.object({ schemas: v.record(v.string(), v.unknown()) }),
});
const text = readFileSync(join(import.meta.dirname, "openapi.json"), "utf8");
const description = v.parse(DescriptionSchema, JSON.parse(text, inJsonSchema));

/** OpenAPI 3.0 has the keyword `nullable`, and no type for null itself. */
function inJsonSchema(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("nullable" in value) || value.nullable !== true) return value;
  const { nullable: _, ...schema } = value;
  return { anyOf: [{ type: "null" }, schema] };
}

const ajv = new Ajv({ strict: false });
formats.default(ajv);
const validators = new Map<string, ValidateFunction>();

/** What is wrong with an answer, by the description of the operation; null if nothing is. */
export function violation(path: string, answer: unknown): string | null {
  const validate = validators.get(path) ?? ajv.compile({ ...description.paths[path]?.schema, components: description.components });
  validators.set(path, validate);
  return validate(answer) ? null : ajv.errorsText(validate.errors);
}

/** The example that the description gives of an answer. */
export function exampleOf(path: string): unknown {
  return structuredClone(description.paths[path]?.example);
}

/** An answer that GitHub would never give fails the request, with the reason. */
export function described(path: string, answer: unknown): Answer {
  const wrong = violation(path, JSON.parse(JSON.stringify(answer)));
  return wrong === null ? json(200, answer) : json(418, { message: `${path} is played wrongly: ${wrong}` });
}

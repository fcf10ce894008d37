// The JSON schema of report.json, made from the schema of the check itself. Run by `npm run build`; a test compares the file.
import { toJsonSchema } from "@valibot/to-json-schema";
import { IncompleteSchema } from "../src/model/incomplete.ts";
import { REPORT_VERSION, ReportSchema } from "../src/report/report.ts";

/** Text of docs/report.schema.json. */
export function reportSchemaText(): string {
  const title = `report.json of cpython-memcheck, version ${REPORT_VERSION}`;
  return `${JSON.stringify({ title, ...toJsonSchema(ReportSchema, { definitions: { Incomplete: IncompleteSchema } }) }, undefined, 2)}\n`;
}

// Annotates what its argument, a report in JSON, says.
import { annotate } from "../../../src/github/annotate.ts";
import { annotationsOf } from "../../../src/report/annotations.ts";

annotationsOf(JSON.parse(process.argv[2] ?? ""), "").forEach(annotate);

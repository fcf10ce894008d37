// Annotates what its argument, a report in JSON, says.
import { annotate } from "../../../../src/hosts/github/annotate.ts";
import { annotationsOf } from "../../../../src/report/annotations.ts";
import { AT_ROOT } from "../../../support/locate.ts";

annotationsOf(JSON.parse(process.argv[2] ?? ""), AT_ROOT).forEach(annotate);

// Measures torture: failures of allocations per second of CPU time and of wall time, sites in each test file, and findings.
//   npm run eval:torture -- [--source DIR] [--slice 0/10] [--seconds 600] [--findings] [--twice] [NAME…]
// First come the planted faults: each must be found, and nothing in functions that handle every failure. Exit code 1 if not, if a file is incomplete, or
// if with --twice the same slice does not give the same findings.
import { parseArgs } from "node:util";
import { endWithSignals } from "../bench/rig.ts";
import type { Finding } from "../src/model/finding.ts";
import { placeInWords } from "../src/report/format.ts";
import { PLANTED_FAULTS, PLANTED_TESTS } from "./torture/planted.ts";
import { type Tortured, TortureRig } from "./torture/torture-rig.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    source: { type: "string" },
    slice: { type: "string", default: "0/1" },
    seconds: { type: "string", default: "600" },
    findings: { type: "boolean", default: false },
    twice: { type: "boolean", default: false },
  },
});
endWithSignals();
const [part = 0, of = 1] = values.slice.split("/").map(Number);
const request = { seconds: Number(values.seconds), slice: [part, of] } as const;
let holds = true;

function describe({ run, plan, end }: Tortured): string {
  const rates = end === undefined ? [0, 0] : [end.injections / end.cpu, end.injections / end.seconds];
  const cells = [
    run.name.padEnd(28),
    `${plan?.chosen ?? "?"} of ${plan?.sites ?? "?"} sites`.padStart(22),
    `${end?.injections ?? 0} failures`.padStart(15),
    `${rates.map((rate) => Math.round(rate)).join(", ")}/s`.padStart(10),
    `${run.findings.length} findings`.padStart(13),
    `${end?.crashes ?? 0} crashes, ${end?.hangs ?? 0} hangs, ${end?.unconfirmed ?? 0} unconfirmed, ${end?.unreached ?? 0} unreached`,
  ];
  return `${cells.join(" ")}${run.incomplete === null ? "" : `  INCOMPLETE: ${run.incomplete}`}`;
}

function show(finding: Finding): string {
  const stacks = [{ what: "stack", frames: finding.stack }, ...finding.further].flatMap(({ what, frames }) => [
    `    ${what}`,
    ...frames.slice(0, 14).map((frame) => `      ${frame.function} ${placeInWords(frame)}`),
  ]);
  return [
    `  ${finding.signature} ${finding.kind} ${finding.site.function} ${placeInWords(finding.site)} in ${finding.test.id}`,
    `    ${finding.what}`,
    ...stacks,
  ].join("\n");
}

/** The extension is not part of the project, so its functions are not sites of findings. */
function plantedFunctionOf({ stack, site }: Finding): string {
  const names = PLANTED_FAULTS.map((fault) => fault.split(" ")[1]);
  return stack.find(({ function: name }) => names.includes(name))?.function ?? site.function;
}

const keysOf = (tortured: Tortured): string => tortured.run.findings.map(({ signature }) => signature).join(" ");

await using rig = await TortureRig.open(values.source);
console.log(`CPython ${rig.prepared.python.version}`);
for await (const planted of rig.torture([PLANTED_TESTS], { seconds: 120, slice: [0, 1] })) {
  console.log(describe(planted));
  const found = planted.run.findings.map((finding) => `${finding.kind} ${plantedFunctionOf(finding)}`).sort();
  const isRight = JSON.stringify(found) === JSON.stringify([...PLANTED_FAULTS].sort());
  if (!isRight) console.log(`planted: ${[...PLANTED_FAULTS].sort().join(", ")}\n  found: ${found.join(", ")}`);
  holds &&= isRight && planted.run.incomplete === null;
}
for (const name of positionals) {
  const seen: string[] = [];
  for await (const tortured of rig.torture(values.twice ? [name, name] : [name], request)) {
    console.log(describe(tortured));
    if (values.findings && seen.length === 0) for (const finding of tortured.run.findings) console.log(show(finding));
    seen.push(keysOf(tortured));
    holds &&= tortured.run.incomplete === null;
  }
  if (new Set(seen).size > 1) {
    holds = false;
    console.log(`  not the same findings twice:\n    ${seen.join("\n    ")}`);
  }
}
console.log(holds ? "holds" : "does not hold");
process.exitCode = holds ? 0 : 1;

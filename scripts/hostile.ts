// Attacks the check and prints a table of the results: `npm run test:hostile -- [--quick] [--only GROUP] [--kills N] [--rounds N] [--save FILE]`. Exits
// with 0 if all ended as required. `--quick` leaves out the attacks on a real CPython, which take half an hour. `--save` replaces the sections of these
// groups in a page, and keeps the rest.
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { type Group, type Outcome, runAttack } from "../__tests__/hostile/attack.ts";
import { CANCEL } from "../__tests__/hostile/cancel.ts";
import { attackByContainers } from "../__tests__/hostile/containers.ts";
import { FILES } from "../__tests__/hostile/files.ts";
import { attackByKills } from "../__tests__/hostile/kills.ts";
import { attackByLeftovers } from "../__tests__/hostile/leftovers.ts";
import { MACHINES } from "../__tests__/hostile/machines.ts";
import { attackMemory } from "../__tests__/hostile/memory.ts";
import { PUBLISHING } from "../__tests__/hostile/publishing.ts";
import { attacksByTests } from "../__tests__/hostile/real.ts";
import { attackByStops } from "../__tests__/hostile/stops.ts";
import { attackByUntrusted } from "../__tests__/hostile/untrusted.ts";
import { attackVerdicts } from "../__tests__/hostile/verdicts.ts";
import { WORDS } from "../__tests__/hostile/words.ts";
import { XML } from "../__tests__/hostile/xml.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    kills: { type: "string", default: "40" },
    rounds: { type: "string", default: "20" },
    save: { type: "string" },
    only: { type: "string" },
  },
});

const sections: string[] = [];
let [count, bad] = [0, 0];

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function row(name: string, must: string, { happened, isAsRequired }: Outcome): string {
  const cell = (text: string): string =>
    text
      // Without the temporary folders of this machine, whose names change.
      .replaceAll(`${realpathSync(tmpdir())}/`, "")
      .replaceAll(/cpython-memcheck-[a-z]+-\w{6}(\/work)?/g, "…")
      .replace(/[\p{C}]+/gu, " ")
      .replaceAll("|", "\\|")
      .replaceAll("<", "&lt;")
      .slice(0, 200);
  return `| ${isAsRequired ? "" : "**not as required** "}${cell(name)} | ${cell(must)} | ${cell(happened)} |`;
}

async function attackBy({ title, attacks, close }: Group): Promise<void> {
  const lines = [`## ${title}\n`, "| attack | what must happen | what happened |", "| --- | --- | --- |"];
  for (const attack of attacks) {
    const outcome = await runAttack(attack);
    count++;
    if (!outcome.isAsRequired) bad++;
    lines.push(row(attack.name, attack.must, outcome));
    say(`${outcome.isAsRequired ? "ok " : "BAD"} ${attack.name}: ${outcome.happened}`);
  }
  close?.();
  sections.push(`${lines.join("\n")}\n`);
}

/** A page in which these sections replace those with the same titles, or are added at the end. */
function withSections(page: string, fresh: readonly string[]): string {
  const titleOf = (section: string): string => section.slice(0, section.indexOf("\n"));
  const all = new Map(page.split(/^(?=## )/m).map((section) => [titleOf(section), section.trimEnd()]));
  for (const section of fresh) all.set(titleOf(section), section.trimEnd());
  return `${[...all.values()].join("\n\n").trimStart()}\n`;
}

const onRealPython = { verdicts: attackVerdicts, leftovers: attackByLeftovers, untrusted: attackByUntrusted };
const groups: Readonly<Record<string, () => Group | Promise<Group>>> = {
  xml: () => XML,
  words: () => WORDS,
  files: () => FILES,
  memory: () => attackMemory(values.quick ? 60 : 150),
  kills: () => attackByKills(Number(values.kills)),
  machines: () => MACHINES,
  containers: () => attackByContainers(Number(values.rounds), !values.quick),
  cancel: () => CANCEL,
  publishing: () => PUBLISHING,
  ...(values.quick ? {} : { ...attacksByTests(), stops: attackByStops, ...onRealPython }),
};
if (values.only !== undefined && !(values.only in groups)) {
  say(`There is no group ${values.only}. Groups: ${Object.keys(groups).join(" ")}`);
  process.exit(2);
}
for (const [name, group] of Object.entries(groups)) if (values.only === undefined || values.only === name) await attackBy(await group());
process.stdout.write(`${sections.join("\n")}\n${count} attacks, ${count - bad} ended as required.\n`);
if (values.save !== undefined)
  writeFileSync(values.save, withSections(existsSync(values.save) ? readFileSync(values.save, "utf8") : "", sections));
process.exitCode = bad === 0 ? 0 : 1;

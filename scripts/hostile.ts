// Attacks the check and prints a table of the results: `npm run test:hostile -- [--quick] [--only GROUP] [--kills N] [--rounds N] [--save FILE]`. Exits
// with 0 when all ended as they must. `--quick` leaves out those on a real CPython, which take half an hour. `--save` puts the groups that were made in
// the place of theirs in a page, and leaves all else of it.
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { type Group, make, type Outcome } from "../__tests__/hostile/attack.ts";
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
let [made, bad] = [0, 0];

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function row(name: string, must: string, { happened, isAsItMust }: Outcome): string {
  const cell = (text: string): string =>
    text
      // Without the folders of this machine, whose names are others each time.
      .replaceAll(`${realpathSync(tmpdir())}/`, "")
      .replaceAll(/cpython-memcheck-[a-z]+-\w{6}(\/work)?/g, "…")
      .replace(/[\p{C}]+/gu, " ")
      .replaceAll("|", "\\|")
      .replaceAll("<", "&lt;")
      .slice(0, 200);
  return `| ${isAsItMust ? "" : "**not as it must** "}${cell(name)} | ${cell(must)} | ${cell(happened)} |`;
}

async function attackBy({ title, attacks, close }: Group): Promise<void> {
  const lines = [`## ${title}\n`, "| attack | what must happen | what happened |", "| --- | --- | --- |"];
  for (const attack of attacks) {
    const outcome = await make(attack);
    made++;
    if (!outcome.isAsItMust) bad++;
    lines.push(row(attack.name, attack.must, outcome));
    say(`${outcome.isAsItMust ? "ok " : "BAD"} ${attack.name}: ${outcome.happened}`);
  }
  close?.();
  sections.push(`${lines.join("\n")}\n`);
}

/** A page with these sections in the place of those of the same title, or at its end. */
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
process.stdout.write(`${sections.join("\n")}\n${made} attacks, ${made - bad} ended as they must.\n`);
if (values.save !== undefined)
  writeFileSync(values.save, withSections(existsSync(values.save) ? readFileSync(values.save, "utf8") : "", sections));
process.exitCode = bad === 0 ? 0 : 1;

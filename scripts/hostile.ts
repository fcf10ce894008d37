// Attacks the check and tells in a table what came of each: `npm run test:hostile -- [--quick] [--only GROUP] [--kills N] [--save FILE]`. Exits with 0 when all
// ended as they must. `--quick` leaves out those on a real CPython, which take a quarter of an hour.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Group, make, type Outcome } from "../__tests__/hostile/attack.ts";
import { CANCEL } from "../__tests__/hostile/cancel.ts";
import { FILES } from "../__tests__/hostile/files.ts";
import { attackByKills } from "../__tests__/hostile/kills.ts";
import { attackMemory } from "../__tests__/hostile/memory.ts";
import { attacksByTests } from "../__tests__/hostile/real.ts";
import { WORDS } from "../__tests__/hostile/words.ts";
import { XML } from "../__tests__/hostile/xml.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    kills: { type: "string", default: "40" },
    save: { type: "string" },
    only: { type: "string" },
  },
});

const table: string[] = [];
let [made, bad] = [0, 0];

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function row(name: string, must: string, { happened, isAsItMust }: Outcome): string {
  const cell = (text: string): string =>
    text
      .replace(/[\p{C}]+/gu, " ")
      .replaceAll("|", "\\|")
      .replaceAll("<", "&lt;")
      .slice(0, 200);
  return `| ${isAsItMust ? "" : "**not as it must** "}${cell(name)} | ${cell(must)} | ${cell(happened)} |`;
}

async function attackBy({ title, attacks }: Group): Promise<void> {
  table.push(`\n## ${title}\n`, "| attack | what must happen | what happened |", "| --- | --- | --- |");
  for (const attack of attacks) {
    const outcome = await make(attack);
    made++;
    if (!outcome.isAsItMust) bad++;
    table.push(row(attack.name, attack.must, outcome));
    say(`${outcome.isAsItMust ? "ok " : "BAD"} ${attack.name}: ${outcome.happened}`);
  }
}

const groups: Readonly<Record<string, () => Group | Promise<Group>>> = {
  xml: () => XML,
  words: () => WORDS,
  files: () => FILES,
  memory: () => attackMemory(values.quick ? 60 : 150),
  kills: () => attackByKills(Number(values.kills)),
  cancel: () => CANCEL,
  ...(values.quick ? {} : attacksByTests()),
};
for (const [name, group] of Object.entries(groups)) if (values.only === undefined || values.only === name) await attackBy(await group());
table.push("", `${made} attacks, ${made - bad} ended as they must.`);
process.stdout.write(`${table.join("\n")}\n`);
if (values.save !== undefined) writeFileSync(values.save, `${table.join("\n").trim()}\n`);
process.exitCode = bad === 0 ? 0 : 1;

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Group, runAttack } from "./attack.ts";
import { CANCEL } from "./cancel.ts";
import { attackByContainers } from "./containers.ts";
import { FILES } from "./files.ts";
import { attackByKills } from "./kills.ts";
import { MACHINES } from "./machines.ts";
import { PUBLISHING } from "./publishing.ts";
import { WORDS } from "./words.ts";
import { XML } from "./xml.ts";

/** Attacks that need no real CPython. `npm run test:hostile` runs all attacks, and more rounds. */
const QUICK: readonly Group[] = [XML, WORDS, FILES, CANCEL, PUBLISHING, MACHINES, attackByKills(12), attackByContainers(5, false)];

for (const { title, attacks } of QUICK) {
  suite(`attacked: ${title}`, () => {
    for (const attack of attacks) {
      test(`${title}: ${attack.name}: ${attack.must}`, async () => {
        const { happened, isAsRequired } = await runAttack(attack);
        assert.ok(isAsRequired, happened);
      });
    }
  });
}

// Writes a store again and again, from a number on, and says each number when it is written: `writer.ts STORE FOLDER NUMBER`.

import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { STORES, type StoreName } from "./stores.ts";

const [store, folder = "", from = ""] = process.argv.slice(2);
const { write } = STORES[store as StoreName];
for (let number = Number(from); ; number++) {
  writeSync(1, `begin ${number}\n`);
  await write(folder, number);
  writeSync(1, `end ${number}\n`);
  // A moment in which what was written is all that there is.
  await sleep(Math.random() * 5);
}

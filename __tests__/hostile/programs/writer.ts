// Writes a store again and again, with increasing numbers, and prints each number before and after writing it: `writer.ts STORE FOLDER NUMBER`.

import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { STORES, type StoreName } from "./stores.ts";

const [store, folder = "", from = ""] = process.argv.slice(2);
const { write } = STORES[store as StoreName];
for (let number = Number(from); ; number++) {
  writeSync(1, `begin ${number}\n`);
  await write(folder, number);
  writeSync(1, `end ${number}\n`);
  // A moment in which nothing is being written.
  await sleep(Math.random() * 5);
}

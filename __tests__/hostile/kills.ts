// Kills processes that write stored files, at random moments.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { build } from "rolldown";
import { type Attack, type Group, inFolder } from "./attack.ts";
import { STORES, type Store, type StoreName } from "./programs/stores.ts";

/** Milliseconds that a writer lives at most after its first write began: enough for some writes. */
const MAX_LIFE = 40;

/** Divides the kills among the stores. */
export function attackByKills(kills: number): Group {
  const names = Object.keys(STORES) as StoreName[];
  return { title: "Writers of stored files", attacks: names.map((name) => killsOf(name, Math.ceil(kills / names.length))) };
}

function killsOf(name: StoreName, kills: number): Attack {
  const store = STORES[name];
  return {
    name: `SIGKILL for the writer of ${store.title} at random moments, ${kills} times`,
    must: "each time, the last content written or the one begun is read as a whole; a build may also count as missing",
    attempt: () =>
      inFolder(async (folder) => {
        const program = join(folder, "writer.mjs");
        // A bundle in one file starts in a third of the time.
        await build({
          input: join(import.meta.dirname, "programs", "writer.ts"),
          platform: "node",
          output: { file: program, codeSplitting: false },
        });
        const seen = { last: 0, begun: 0, nothing: 0 };
        let next = 1;
        for (let kill = 0; kill < kills; kill++) {
          const progress = await writeUntilKilled(program, [name, folder, `${next}`]);
          seen[await judge(store, folder, progress)]++;
          next = Math.max(next, progress.begun + 1);
        }
        return `${seen.last} times the last, ${seen.begun} times the one begun, ${seen.nothing} times nothing`;
      }),
  };
}

/** The last numbers that a writer printed. */
interface Progress {
  readonly begun: number;
  readonly ended: number;
}

function writeUntilKilled(program: string, args: readonly string[]): Promise<Progress> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (piece: string) => {
      if (text === "") setTimeout(() => child.kill("SIGKILL"), Math.random() * MAX_LIFE);
      text += piece;
    });
    const last = (word: string): number => Number([...text.matchAll(new RegExp(`^${word} (\\d+)$`, "gm"))].at(-1)?.[1] ?? 0);
    child.once("error", reject);
    child.once("close", () => resolve({ begun: last("begin"), ended: last("end") }));
  });
}

const earlier = new WeakMap<Store, number>();

async function judge(store: Store, folder: string, { begun, ended }: Progress): Promise<"last" | "begun" | "nothing"> {
  const number = await store.read(folder);
  const last = ended || (earlier.get(store) ?? 0);
  if (number !== undefined) earlier.set(store, number);
  if (number === undefined && (last === 0 || store === STORES.build)) return "nothing";
  if (number !== last && number !== begun) throw new Error(`after ${last} was written and ${begun} begun, ${number} is there`);
  return number === last ? "last" : "begun";
}

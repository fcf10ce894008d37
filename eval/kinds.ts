// Which kinds of leaks the documented recipe finds (by blocks lost at exit, with the leak and without it), and which our live check finds.
//   npm run eval:kinds -- 3.11 3.13.5 3.13
// `regrtest -R` is not compared: it needs a debug build, counts references, and shows no stack.
import { createReadStream, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkRelease, newProcesses, pythonOf } from "../bench/rig.ts";
import { testEnvironment } from "../src/build/recipe.ts";
import { readMemcheckXml } from "../src/engines/memcheck/xml-reader.ts";
import { isAllocator, isGenericConstructor, isTrampoline } from "../src/findings/cpython-functions.ts";
import { inPool } from "../src/system/pool.ts";

const releases = process.argv.length > 2 ? process.argv.slice(2) : ["3.13"];
const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-eval-"));
const processes = newProcesses();
const PLANTED = 50;

interface Found {
  readonly kind: string;
  readonly found: boolean;
  readonly place: string;
}

/** Checks this release, which tests the probe, and reads the result that is stored beside the probe. */
async function selfTest(release: string): Promise<{ python: string; probe: string; version: string; kinds: readonly Found[] }> {
  const { report } = await checkRelease(release, ["test_bisect"], folder, ["--record-baseline", "never"]);
  const { toolchain } = report;
  const python = pythonOf(report);
  const result = globSync(join(python, "..", "..", "probe", "*", `self-test-passed-memcheck-valgrind-${toolchain?.valgrind}`)).at(-1) ?? "";
  const lines = readFileSync(result, "utf8").matchAll(/^(found|NOT FOUND) +(.{22}) (.*?)(?: \{|$)/gm);
  const kinds = [...lines].map(([, found, kind = "", stack = ""]) => ({
    kind: kind.trim(),
    found: found === "found",
    place: placeOf(stack),
  }));
  return { python, probe: dirname(result), version: toolchain?.version ?? release, kinds };
}

/** The first function that a reader looks for. */
function placeOf(stack: string): string {
  const names = stack.split(" < ").map((name) => name.replace(/\..*/, ""));
  const own = names.filter((name) => !isAllocator(name) && !isTrampoline(name));
  return own.find((name) => !isGenericConstructor(name)) ?? own[0] ?? names[0] ?? "";
}

/** Definitely lost blocks at exit, as the recipe of Misc/README.valgrind reports them. */
async function lostBlocks(python: string, probe: string, kind: string, what: "leak" | "live"): Promise<number> {
  const xml = join(folder, `${kind}-${what}.%p.xml`.replaceAll(" ", "-"));
  const suppressions = join(python, "..", "Misc", "valgrind-python.supp");
  const recipe = ["--tool=memcheck", "--leak-check=full", "--xml=yes", `--xml-file=${xml}`, `--suppressions=${suppressions}`];
  const program = [python, join(import.meta.dirname, "plant.py"), probe, kind, what];
  const ended = await processes.run("valgrind", [...recipe, ...program], { env: testEnvironment(process.env, { freeThreaded: false }) });
  if (ended.code !== 0) throw new Error(ended.stderr);
  let blocks = 0;
  for await (const event of readMemcheckXml(createReadStream(xml.replace("%p", `${ended.pid}`)))) {
    if (event.type === "error" && event.error.kind === "Leak_DefinitelyLost") blocks += event.error.leaked?.blocks ?? 0;
  }
  return blocks;
}

let complete = true;
for (const release of releases) {
  const { python, probe, version, kinds } = await selfTest(release);
  console.log(`\nCPython ${version}, each kind leaked ${PLANTED} times for the recipe and once for us`);
  console.log(`${"kind".padEnd(24)}${"recipe".padEnd(28)}${"live check".padEnd(12)}first function of its stack`);
  const rows = await inPool(kinds, availableParallelism(), async ({ kind, found, place }) => {
    const more = (await lostBlocks(python, probe, kind, "leak")) - (await lostBlocks(python, probe, kind, "live"));
    const recipe = more >= PLANTED ? "found" : more > 0 ? `${more} of ${PLANTED} blocks more` : "not found";
    return `${kind.padEnd(24)}${recipe.padEnd(28)}${(found ? "found" : "NOT FOUND").padEnd(12)}${place}`;
  });
  console.log(rows.join("\n"));
  complete &&= kinds.length > 20 && kinds.every(({ found }) => found);
}
rmSync(folder, { recursive: true });
process.exitCode = complete ? 0 : 1;

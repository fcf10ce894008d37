import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { PlanFolder } from "../../../src/hosts/terminal/plan-folder.ts";
import { temporaryFolder } from "../../support/folders.ts";

const CONTENT = Buffer.from("a shard's result");

suite("a plan's directory", () => {
  const folder = join(temporaryFolder(), "plan");
  const store = new PlanFolder(folder);
  const faultOf = async (name: string): Promise<string> => {
    const lookup = await store.load(name);
    return lookup.kind === "none" ? lookup.why.code : lookup.kind;
  };

  test("a plan's directory that does not exist is empty, and is created by the first write", async () => {
    assert.equal(await faultOf("plan"), "missing");
    await store.drop("plan");
    await store.keep("plan", CONTENT);
    const lookup = await store.load("plan");
    assert.deepEqual(lookup.kind === "found" && lookup.packed, CONTENT);
  });

  test("a plan's directory has the newest file of each name, and no deleted one", async () => {
    await store.keep("plan", Buffer.from("newer"));
    const lookup = await store.load("plan");
    assert.equal(lookup.kind === "found" && Buffer.from(lookup.packed).toString(), "newer");
    await store.drop("plan");
    assert.equal(await faultOf("plan"), "missing");
  });

  test("a folder in place of a file in a plan's directory counts as damaged, and nothing is thrown", async () => {
    mkdirSync(join(folder, "shard-1-of-2.json.gz"));
    assert.equal(await faultOf("shard-1-of-2"), "damaged");
  });
});

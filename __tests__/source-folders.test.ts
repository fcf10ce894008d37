import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { ROOT } from "./support/command.ts";

const SRC = join(ROOT, "src");

/** For each source folder, the folders that its files import. */
function importsBySource(): ReadonlyMap<string, ReadonlySet<string>> {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const folders = Map.groupBy(files, folderOf);
  return new Map([...folders].map(([folder, names]) => [folder, new Set(names.flatMap(importsOf).filter((other) => other !== folder))]));
}

function importsOf(name: string): readonly string[] {
  const text = readFileSync(join(SRC, name), "utf8");
  return [...text.matchAll(/(?:from|import\() ?"(\.[^"]+)"/g)].map(([, path = ""]) =>
    folderOf(relative(SRC, resolve(SRC, dirname(name), path))),
  );
}

function folderOf(name: string): string {
  const path = dirname(name);
  return path === "." ? "src" : path;
}

/** The rows of CONTRIBUTING's table, in its order. */
function rowsOfTable(): readonly { readonly folder: string; readonly imports: readonly string[] }[] {
  const text = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
  const rows = [...text.matchAll(/^\| `src\/?([\w/]*)` \| .* \| (.*) \|$/gm)];
  return rows.map(([, folder = "", imports = ""]) => ({
    folder: folder || "src",
    imports: imports === "everything" ? [] : [...imports.matchAll(/`([\w/]+)`/g)].map(([, name = ""]) => name),
  }));
}

test("CONTRIBUTING's table has every source folder, with its imports", () => {
  const table = rowsOfTable().filter(({ folder }) => folder !== "src");
  const source = importsBySource();
  assert.deepEqual(table.map(({ folder }) => folder).toSorted(), [...source.keys()].filter((folder) => folder !== "src").toSorted());
  for (const { folder, imports } of table) assert.deepEqual([...imports].toSorted(), [...(source.get(folder) ?? [])].toSorted(), folder);
});

test("a source folder imports only folders above it in CONTRIBUTING's table", () => {
  const order = rowsOfTable().map(({ folder }) => folder);
  assert.ok(order.length > 10);
  for (const { folder, imports } of rowsOfTable()) {
    assert.deepEqual(
      imports.filter((other) => order.indexOf(other) >= order.indexOf(folder)),
      [],
      folder,
    );
  }
});

test("no two source files have the same name, and none is longer than 220 lines", () => {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const names = Map.groupBy(files, (name) => basename(name));
  assert.deepEqual(
    [...names.values()].filter((group) => group.length > 1),
    [],
  );
  assert.deepEqual(
    files.filter((name) => readFileSync(join(SRC, name), "utf8").split("\n").length > 221),
    [],
  );
});

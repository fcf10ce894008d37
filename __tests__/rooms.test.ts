import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { ROOT } from "./support/command.ts";

const SRC = join(ROOT, "src");

/** Of each room, the rooms that its files import. */
function roomsInSource(): ReadonlyMap<string, ReadonlySet<string>> {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const rooms = Map.groupBy(files, roomOf);
  return new Map([...rooms].map(([room, names]) => [room, new Set(names.flatMap(importsOf).filter((other) => other !== room))]));
}

function importsOf(name: string): readonly string[] {
  const text = readFileSync(join(SRC, name), "utf8");
  return [...text.matchAll(/(?:from|import\() ?"(\.[^"]+)"/g)].map(([, path = ""]) =>
    roomOf(relative(SRC, resolve(SRC, dirname(name), path))),
  );
}

function roomOf(name: string): string {
  const folder = dirname(name);
  return folder === "." ? "src" : folder;
}

/** The rows of CONTRIBUTING's table, in its order. */
function roomsInTable(): readonly { readonly room: string; readonly imports: readonly string[] }[] {
  const text = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
  const rows = [...text.matchAll(/^\| `src\/?([\w/]*)` \| .* \| (.*) \|$/gm)];
  return rows.map(([, room = "", imports = ""]) => ({
    room: room || "src",
    imports: imports === "everything" ? [] : [...imports.matchAll(/`([\w/]+)`/g)].map(([, name = ""]) => name),
  }));
}

test("CONTRIBUTING's table has every room of the source, with what each imports", () => {
  const table = roomsInTable().filter(({ room }) => room !== "src");
  const source = roomsInSource();
  assert.deepEqual(table.map(({ room }) => room).toSorted(), [...source.keys()].filter((room) => room !== "src").toSorted());
  for (const { room, imports } of table) assert.deepEqual([...imports].toSorted(), [...(source.get(room) ?? [])].toSorted(), room);
});

test("a room imports what stands above it in CONTRIBUTING's table", () => {
  const order = roomsInTable().map(({ room }) => room);
  assert.ok(order.length > 10);
  for (const { room, imports } of roomsInTable()) {
    assert.deepEqual(
      imports.filter((other) => order.indexOf(other) >= order.indexOf(room)),
      [],
      room,
    );
  }
});

test("no file name stands twice in the source, and no file is longer than 220 lines", () => {
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

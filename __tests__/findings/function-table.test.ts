import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSymbols } from "../../src/findings/function-table.ts";

const LISTING = `
python:
0000000000000000 a Scrt1.o
0000000000000000 a _csv.c
0000000000091860 t module_exec
00000000000918f0 t parse_field.isra.0
0000000000091950 t Reader_new_impl
0000000000080700 t frame_dummy
0000000000000000 a crtstuff.c
0000000000080700 t PyUnicode_New.cold
0000000000092d90 T PyUnicode_New
0000000000092d90 D PyUnicode_Type
                 U malloc

module.so:
0000000000000000 a _json.c
0000000000001100 t module_exec
0000000000001200 W weak
`;

test("functions are read from symbols by the names that signatures have, without what every object has", () => {
  assert.deepEqual([...parseSymbols(LISTING).names].toSorted(), ["PyUnicode_New", "Reader_new", "module_exec", "parse_field", "weak"]);
});

test("a function's name is ambiguous when several files have a whole function of it", () => {
  assert.deepEqual([...parseSymbols(LISTING).ambiguous], ["module_exec"]);
});

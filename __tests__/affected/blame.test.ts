import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { blame, isOnStack, namesakesOf } from "../../src/affected/blame.ts";
import type { Users } from "../../src/affected/footprints.ts";

const USERS: Readonly<Record<string, Users>> = {
  "codegen.c:only_there.constprop.0": { kind: "some", tests: ["test_leaks", "test_leaks_too"] },
  "codegen.c:also_elsewhere": { kind: "some", tests: ["test_leaks", "test_leaks_too", "test_clean"] },
  "codegen.c:in_one_of_them": { kind: "some", tests: ["test_leaks"] },
  PyRun_Everywhere: { kind: "everyone" },
};

const leak = { leaking: ["test_leaks", "test_leaks_too"], clean: ["test_clean", "test_other"] };

const blamed = (changed: readonly string[]) =>
  blame(leak, changed, (key) => USERS[key] ?? { kind: "unknown" }).map(({ name, cleanUsers }) => `${name} ${cleanUsers}`);

suite("a leak whose stack has no changed function", () => {
  test("a leak is attributed to the changed functions that run in all test files with it, and in the fewest without", () => {
    assert.deepEqual(blamed(Object.keys(USERS)), ["only_there 0"]);
    assert.deepEqual(blamed(["codegen.c:also_elsewhere", "PyRun_Everywhere"]), ["also_elsewhere 1"]);
    assert.deepEqual(blamed(["unknown", "ext.c:unknown.localalias"]), ["unknown 2"]);
    assert.deepEqual(blamed(["PyRun_Everywhere", "unknown"]), ["PyRun_Everywhere 2", "unknown 2"]);
  });

  test("a leak is attributed to no function if each runs in only some of its test files", () => {
    assert.deepEqual(blamed(["codegen.c:in_one_of_them"]), []);
    assert.deepEqual(blamed([]), []);
  });
});

test("a changed C function is found on a stack, also as a copy that the compiler made", () => {
  assert.ok(isOnStack(Object.keys(USERS), ["PyList_New", "only_there"]));
  assert.ok(!isOnStack(Object.keys(USERS), ["PyList_New", "ste_new"]));
});

test("unchanged functions with the name of a changed one are those of other files", () => {
  const keys = ["a.c:f", "a.c:f.part.0", "b.c:f.isra.0", "c.c:f", "c.c:g", "f", "g"];
  assert.deepEqual([...namesakesOf(["a.c:f", "c.c:f.cold"], keys)], ["b.c:f"]);
  assert.deepEqual([...namesakesOf(["g"], keys)], ["c.c:g"]);
});

test("a changed C++ or Rust function is found on a stack by its readable name, also if it was inlined", () => {
  const keys = {
    _ZN7planted9lose_listEv: ["planted::lose_list()", "lose_list", "planted::lose_list() const"],
    "p.cpp:_ZN7planted10lose_tableINSt7__cxx1112basic_stringIcEEEEvRKT_": ["void planted::lose_table<std::string>(std::string const&)"],
    _ZN7planted5TableD2Ev: ["planted::Table::~Table()"],
    "m.a0e16e0a1a0592e8-cgu.0:_ZN1m6helper17hc73300b051aa5e8dE": ["m::helper", "m::helper::hc73300b051aa5e8d"],
    _RNvXs_NtCs4X4t9plMPHF_3ext5tableNtB4_5TableNtNtCsgE_4core5clone5Clone5clone: ["<ext::table::Table as core::clone::Clone>::clone"],
  };
  for (const [key, names] of Object.entries(keys))
    for (const name of names) assert.ok(isOnStack([key], ["malloc", name]), `${key} ${name}`);
  for (const name of ["planted::lose_lists()", "other::lose_list()", "list", "operator new(unsigned long)", "", "{lambda}", "PyList_New"])
    assert.ok(!isOnStack(["_ZN7planted9lose_listEv"], [name]), name);
  assert.ok(!isOnStack(["a.c:lose_list"], ["planted::lose_list()"]));
});

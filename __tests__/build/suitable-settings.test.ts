import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type KnownPython, plannedPython, requireSuitable } from "../../src/build/suitable-settings.ts";
import { UserError } from "../../src/model/user-error.ts";

const NOTHING = { pythonStacks: false, torture: { kind: "none" }, children: false } as const;

const INSTALLED: KnownPython = { version: "3.15.0", freeThreaded: false, framePointers: true, isInstalled: true };

function refusalOf(settings: Partial<Parameters<typeof requireSuitable>[0]>, python: KnownPython): string | undefined {
  try {
    requireSuitable({ ...NOTHING, ...settings }, python);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return undefined;
}

suite("settings that an interpreter cannot serve", () => {
  const free = plannedPython("3.14", ["--with-pydebug", "--disable-gil"]);
  const names = { torture: { kind: "names", names: ["test_csv", "test_json"] } } as const;

  test("settings that an interpreter can serve are accepted", () => {
    const all = { pythonStacks: true, torture: { kind: "all" }, children: true } as const;
    assert.equal(refusalOf(all, plannedPython("3.12.3", [])), undefined);
    assert.equal(refusalOf({ ...all, children: false }, INSTALLED), undefined);
    for (const python of [free, plannedPython("3.11", []), { ...INSTALLED, framePointers: false }])
      assert.equal(refusalOf({}, python), undefined);
  });

  test("`python-stacks` is refused with 3.11", () => {
    for (const version of ["3.11", "3.11.9"])
      assert.equal(
        refusalOf({ pythonStacks: true }, plannedPython(version, [])),
        `\`python-stacks\` is \`yes\`, which needs CPython 3.12 or newer: in ${version}, tracemalloc hides every leak. Use \`python-stacks: no\`.`,
      );
  });

  test("`torture` and `children` are refused without the GIL", () => {
    assert.equal(
      refusalOf({ torture: { kind: "all" } }, free),
      "`torture` is `all`, which does not work with `--disable-gil`. Use `torture: none`.",
    );
    assert.match(
      refusalOf(names, { ...INSTALLED, freeThreaded: true }) ?? "",
      /^`torture` is `test_csv test_json`, .* free-threaded interpreter/,
    );
    assert.equal(refusalOf({ children: true }, free), "`children` is `yes`, which does not work with `--disable-gil`. Use `children: no`.");
  });

  test("the last argument for the GIL decides, as in configure", () => {
    for (const args of [["--disable-gil"], ["--enable-gil", "--enable-gil=no"], ["-disable-gil"]])
      assert.equal(plannedPython("3.14", args).freeThreaded, true, args.join(" "));
    for (const args of [[], ["--disable-gil", "--enable-gil"], ["--with-gil"], ["--disable-gilt"]])
      assert.equal(plannedPython("3.14", args).freeThreaded, false, args.join(" "));
  });

  test("`torture` is refused in an installed interpreter without frame pointers", () => {
    assert.equal(
      refusalOf({ torture: { kind: "changed" } }, { ...INSTALLED, version: "3.14.2", framePointers: false }),
      "`torture` is `changed`, which needs frame pointers, and this CPython 3.14.2 was built without them. Use `torture: none`, an installed CPython 3.15 or newer, or `python-version` to have one built.",
    );
  });
});

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { readmeWorkflow } from "./support/act.ts";
import { ROOT } from "./support/command.ts";

for (const [page, least] of [
  ["threat-model", 30],
  ["attacks", 40],
] as const) {
  test(`docs/${page}.md names tests that exist`, () => {
    const text = readFileSync(join(import.meta.dirname, "..", "docs", `${page}.md`), "utf8");
    const named = [...text.matchAll(/`([\w/-]+(?:\.test)?\.ts)`/g)].map(([, name = ""]) => name);
    assert.ok(named.length > least);
    assert.deepEqual(
      named.filter((name) => !existsSync(join(import.meta.dirname, name))),
      [],
    );
  });
}

test("the README's workflow on many machines reports also after a plan that failed", () => {
  const [, report = ""] = readmeWorkflow("Nightly memcheck").split("\n  report:\n");
  assert.match(report, /^ {4}if: \$\{\{ !cancelled\(\) \}\} /m);
});

/** Markdown pages, relative to the repository. */
function pages(): readonly string[] {
  const inDocs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" }).map((name) => join("docs", name));
  return ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", ...inDocs].filter((name) => name.endsWith(".md"));
}

/** As GitHub derives them from headings. */
function anchorsOf(path: string): readonly string[] {
  const headings = [...readFileSync(path, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) => title.toLowerCase());
  return headings.map((title) => title.replace(/[^\w\- ]/g, "").replaceAll(" ", "-"));
}

function isBroken(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? join(ROOT, page) : resolve(ROOT, dirname(page), path);
  return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
}

test("links between the pages of documentation lead to files and headings that exist", () => {
  const links = pages().flatMap((page) =>
    [...readFileSync(join(ROOT, page), "utf8").matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .map((link) => ({ page, link })),
  );
  assert.ok(links.length > 30);
  assert.deepEqual(
    links.filter(({ page, link }) => isBroken(page, link)),
    [],
  );
});

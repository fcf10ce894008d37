// Counts the source: files, lines, functions, and what our rules forbid. Only named functions count: declarations, methods, and those bound to a name.
//   npm run count
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseAst } from "rolldown/parseAst";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

interface Sized {
  readonly name: string;
  readonly lines: number;
}

const FUNCTIONS = ["FunctionExpression", "ArrowFunctionExpression"];

/** Nodes that give the function below them a name, and where the name and the function are. */
const BINDERS: Readonly<Record<string, readonly [name: string, value: string]>> = {
  VariableDeclarator: ["id", "init"],
  MethodDefinition: ["key", "value"],
  PropertyDefinition: ["key", "value"],
  Property: ["key", "value"],
};

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value && "end" in value;
}

function* nodesIn(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const one of value) yield* nodesIn(one);
  if (!isNode(value)) return;
  yield value;
  for (const child of Object.values(value)) yield* nodesIn(child);
}

function child(node: Node, name: string): Node | undefined {
  const value: unknown = Reflect.get(node, name);
  return isNode(value) ? value : undefined;
}

class Source {
  readonly text: string;
  readonly nodes: readonly Node[];
  readonly #body: readonly Node[];

  constructor(path: string) {
    this.text = readFileSync(path, "utf8");
    const { body } = parseAst(this.text, { lang: "ts" });
    this.nodes = [...nodesIn(body)];
    this.#body = body;
  }

  get functions(): readonly Sized[] {
    return this.nodes.flatMap((node) => {
      if (node.type === "FunctionDeclaration") return [this.#sized(child(node, "id"), node)];
      const [name, value] = BINDERS[node.type] ?? [];
      const bound = value === undefined ? undefined : child(node, value);
      return name !== undefined && FUNCTIONS.includes(bound?.type ?? "") ? [this.#sized(child(node, name), node)] : [];
    });
  }

  get moduleLets(): number {
    return this.#body.filter((node) => Reflect.get(child(node, "declaration") ?? node, "kind") === "let").length;
  }

  /** Lines with only a comment. */
  get commentLines(): number {
    return linesOf(this.text).filter((line) => /^\s*(\/\/|\/\*|\*)/.test(line)).length;
  }

  count(type: string): number {
    return this.nodes.filter((node) => node.type === type).length;
  }

  /** Type assertions, except `as const`. */
  get assertions(): number {
    return this.nodes.filter((node) => node.type === "TSAsExpression" && !this.#of(node).endsWith(" as const")).length;
  }

  #sized(name: Node | undefined, node: Node): Sized {
    return { name: name === undefined ? "" : this.#of(name), lines: linesOf(this.#of(node)).length };
  }

  #of({ start, end }: Node): string {
    return this.text.slice(start, end);
  }
}

function linesOf(text: string): readonly string[] {
  return text.trimEnd().split("\n");
}

function sizeOf(path: string): Sized {
  return { name: path, lines: linesOf(readFileSync(path, "utf8")).length };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function sizes(all: readonly Sized[]): string {
  const sorted = all.toSorted((one, other) => one.lines - other.lines);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
  const longest = sorted.slice(-5).map(({ name, lines }) => `${lines} ${name}`);
  return `${all.length}; median ${at(0.5)?.lines} lines, p90 ${at(0.9)?.lines}, the longest ${longest.toReversed().join(", ")}`;
}

const paths = globSync("src/**/*.ts").sort();
const sources = paths.map((path) => new Source(path));
const files = paths.map(sizeOf);
const tests = globSync("__tests__/**/*.{ts,py,c}").map(sizeOf);
const inside = globSync("src/**/*.{py,c,h}").map(sizeOf);
const names = paths.map((path) => basename(path));
const total = (count: (source: Source) => number): number => sum(sources.map(count));
const lines = sum(files.map((file) => file.lines));

const rows: Readonly<Record<string, string | number>> = {
  "lines of TypeScript": lines,
  "files of TypeScript": sizes(files),
  functions: sizes(sources.flatMap((source) => source.functions)),
  "files of C and Python": sizes(inside),
  "lines of tests per line of source": (sum(tests.map((test) => test.lines)) / (lines + sum(inside.map((file) => file.lines)))).toFixed(1),
  "lines with only a comment": `${((100 * total((source) => source.commentLines)) / lines).toFixed(1)} %`,
  any: total((source) => source.count("TSAnyKeyword")),
  "as, except as const": total((source) => source.assertions),
  "non-null !": total((source) => source.count("TSNonNullExpression")),
  "module-level let": total((source) => source.moduleLets),
  "file names in two folders": names.length - new Set(names).size,
  "files that read process.env": paths.filter((_, index) => sources[index]?.text.includes("process.env")).join(", "),
  "files that import @actions/*": paths.filter((_, index) => sources[index]?.text.includes('from "@actions/')).join(", "),
};
for (const [what, value] of Object.entries(rows)) console.log(`${what}: ${value}`);

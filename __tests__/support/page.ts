// A strict reader of our HTML pages: markup that a browser would repair is an error.

export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The text of the element and its descendants, with entities decoded. */
  readonly text: string;
  readonly children: readonly Element[];
}

interface Open {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly texts: string[];
  readonly children: Element[];
}

const VOID = new Set(["meta", "input"]);
const TOKEN = /<!doctype html>|<(\/?)([a-z][a-z0-9]*)((?: [a-z][a-z0-9-]*(?:="[^"<>]*")?)*)(\/?)>|([^<>]+)/giy;
/** Elements whose content is not markup. */
const RAW = /<(style|script)>([\s\S]*?)<\/\1>/g;

/** Parses a page. @returns its root, whose tag is empty @throws Error if a tag is not closed, or text is not valid markup */
export function readPage(page: string): Element {
  const raws: string[] = [];
  const text = page.replace(RAW, (_, tag: string, content: string) => `<${tag}>RAW${raws.push(content) - 1}</${tag}>`).trim();
  const stack: Open[] = [{ tag: "", attributes: {}, texts: [], children: [] }];
  let read = 0;
  for (const token of text.matchAll(TOKEN)) {
    if (token.index !== read) break;
    read += token[0].length;
    take(token, stack, raws);
  }
  const [root, ...unclosed] = stack;
  if (read < text.length) throw new Error(`Invalid markup: ${text.slice(read, read + 80)}`);
  if (root === undefined || unclosed.length > 0) throw new Error(`Unclosed: ${unclosed.map(({ tag }) => tag).join(" ")}`);
  return closed(root);
}

function take([, slash, tag, attributes = "", end, text]: RegExpExecArray, stack: Open[], raws: readonly string[]): void {
  const top = stack.at(-1);
  if (text !== undefined) top?.texts.push(decode(text, raws));
  if (tag === undefined || top === undefined) return;
  if (slash === "") {
    stack.push({ tag: tag.toLowerCase(), attributes: attributesOf(attributes), texts: [], children: [] });
    if (!VOID.has(tag) && end === "") return;
  } else if (top.tag !== tag.toLowerCase()) throw new Error(`</${tag}> closes <${top.tag}>`);
  const done = stack.pop();
  const parent = stack.at(-1);
  if (done === undefined || parent === undefined) throw new Error(`</${tag}> closes nothing`);
  const element = closed(done);
  parent.children.push(element);
  parent.texts.push(element.text);
}

function closed({ tag, attributes, texts, children }: Open): Element {
  return { tag, attributes, children, text: texts.join("") };
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/ ([a-z][a-z0-9-]*)(?:="([^"]*)")?/gi)].map(([, name = "", value = ""]) => [name, decode(value, [])]),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

function decode(text: string, raws: readonly string[]): string {
  const raw = /^RAW(\d+)$/.exec(text)?.[1];
  if (raw !== undefined && raws.length > 0) return raws[Number(raw)] ?? "";
  return text.replace(/&([^;\s]*;?)/g, (entity, name: string) => {
    const character = ENTITIES[name.replace(/;$/, "")];
    if (character === undefined) throw new Error(`Unknown entity: ${entity}`);
    return character;
  });
}

/** The element and its descendants that match, in document order. */
export function elements(within: Element, isMatch: (element: Element) => boolean = () => true): readonly Element[] {
  return [...(isMatch(within) ? [within] : []), ...within.children.flatMap((child) => elements(child, isMatch))];
}

export function byTag(within: Element, tag: string): readonly Element[] {
  return elements(within, (element) => element.tag === tag);
}

export function byClass(within: Element, name: string): readonly Element[] {
  return elements(within, ({ attributes }) => (attributes.class ?? "").split(" ").includes(name));
}

/** The only element with this id. @throws Error if there is none, or more than one */
export function byId(within: Element, id: string): Element {
  const found = elements(within, ({ attributes }) => attributes.id === id);
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} elements have the id ${id}.`);
  return first;
}

/** The elements with the names of their attributes, without text and values. No name in a report may change them. */
export function skeletonOf({ tag, attributes, children }: Element): string {
  return `<${[tag, ...Object.keys(attributes)].join(" ")}>${children.map(skeletonOf).join("")}</>`;
}

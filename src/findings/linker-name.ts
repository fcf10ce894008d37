// Suppressions match C++ and Rust functions by the names that the linker has, `_ZN3ext5parseERKSs`, and reports have readable ones.

/** Functions that the linker has abbreviations for. */
const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/^operator new\[\]/, "_Zna*"],
  [/^operator new\b/, "_Znw*"],
  [/^operator delete\[\]/, "_Zda*"],
  [/^operator delete\b/, "_Zdl*"],
];

/** Classes of `std` that have abbreviations, too. */
const ABBREVIATED = /^(allocator|basic_[io]?o?stream|basic_string|string|[io]?o?stream)$/;

/**
 * A pattern of what the linker calls a function: the identifiers of its qualified name, in their order. Overloads and instances of a template
 * have one pattern. Undefined where the name has no identifier that is sure to be in it.
 */
export function linkerPattern(name: string): string | undefined {
  const [, operator] = OPERATORS.find(([pattern]) => pattern.test(name)) ?? [];
  if (operator !== undefined) return operator;
  const parts = partsOf(name);
  const codes = parts.flatMap((part, index) => encode(part, parts[index - 1]));
  return codes.length === 0 ? undefined : `_*${codes.join("*")}*`;
}

/** Debug information has a name of its own for a function that was inlined: without its classes, sometimes with its template's arguments. */
export function inlinedPattern(name: string): string | undefined {
  const plain = plainName(name);
  return plain === undefined ? undefined : `*${plain}*`;
}

/** `ext::Pool<int>::take(int)` is `take`. */
export function plainName(name: string): string | undefined {
  return identifierOf(partsOf(name))?.replace("~", "");
}

/** The last of a name's parts that is an identifier: a destructor has its `~`. */
export function identifierOf(parts: readonly string[]): string | undefined {
  return parts.findLast((part) => IDENTIFIER.test(part))?.replaceAll(GROUP, "");
}

/** Stands for what was between brackets. */
const GROUP = "%";

/** Stands for a lambda or a closure. */
export const closureMark = "$";

const IDENTIFIER = /^~?[A-Za-z_]\w*%*$/;

/** Names are untrusted: a longer one, or one with brackets nested deeper, has no pattern. */
const MAX_LENGTH = 10_000;
const MAX_DEPTH = 60;

/** The parts of a qualified name, without return type, parameters and what is between brackets: `void ext::Pool<int>::get(int)` has `Pool`. */
export function partsOf(name: string): readonly string[] {
  if (name.length > MAX_LENGTH) return [];
  // What an operator is written as could be taken for brackets.
  let flat = name.replace(/\boperator\b(?!::).*$/, "");
  for (let depth = 0; depth < MAX_DEPTH && /[)\]}>]/.test(flat); depth++) {
    flat = flat
      .replace(/\([^()<>{}[\]]*\)/g, "")
      .replace(/\{([^()<>{}[\]]*)\}/g, (_, inner: string) => (/closure|lambda|\$/.test(inner) ? closureMark : ""))
      .replace(/<[^()<>{}[\]]*>|\[[^()<>{}[\]]*\]/g, GROUP);
  }
  const words = flat.split(" ").filter((word) => !/^(const|volatile|&&?|%*)$/.test(word));
  return (words.at(-1) ?? "").split("::");
}

/** Its length and the identifier, as in the linker's name; less where something may stand between them. */
function encode(part: string, outer: string | undefined): readonly string[] {
  if (!IDENTIFIER.test(part) || part.startsWith("~")) return [];
  const identifier = part.replaceAll(GROUP, "");
  // A constructor has the name of its class once; `std` and some of its classes have abbreviations.
  if (identifier === outer?.replaceAll(GROUP, "") || identifier === "std" || (outer === "std" && ABBREVIATED.test(identifier))) return [];
  return [part.includes(GROUP) || identifier.startsWith("_") ? identifier : `${identifier.length}${identifier}`];
}

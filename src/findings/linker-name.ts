// Suppressions match C++ and Rust functions by their linker names, `_ZN3ext5parseERKSs`; reports show readable names.

/** Functions with abbreviations in linker names. */
const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/^operator new\[\]/, "_Zna*"],
  [/^operator new\b/, "_Znw*"],
  [/^operator delete\[\]/, "_Zda*"],
  [/^operator delete\b/, "_Zdl*"],
];

/** Classes of `std` with abbreviations. */
const ABBREVIATED = /^(allocator|basic_[io]?o?stream|basic_string|string|[io]?o?stream)$/;

/**
 * A pattern for a function's linker name: the identifiers of its qualified name, in order. Overloads and template instances share a pattern.
 * Undefined if no identifier is certain to be in the linker name.
 */
export function linkerPattern(name: string): string | undefined {
  const [, operator] = OPERATORS.find(([pattern]) => pattern.test(name)) ?? [];
  if (operator !== undefined) return operator;
  const parts = partsOf(name);
  const codes = parts.flatMap((part, index) => encode(part, parts[index - 1]));
  return codes.length === 0 ? undefined : `_*${codes.join("*")}*`;
}

/** Debug information names an inlined function differently: without its classes, sometimes with template arguments. */
export function inlinedPattern(name: string): string | undefined {
  const plain = plainName(name);
  return plain === undefined ? undefined : `*${plain}*`;
}

/** `ext::Pool<int>::take(int)` is `take`. */
export function plainName(name: string): string | undefined {
  return identifierOf(partsOf(name))?.replace("~", "");
}

/** The last part of a name that is an identifier: a destructor has its `~`. */
export function identifierOf(parts: readonly string[]): string | undefined {
  return parts.findLast((part) => IDENTIFIER.test(part))?.replaceAll(GROUP, "");
}

/** Replaces text between brackets. */
const GROUP = "%";

/** Replaces a lambda or closure. */
export const closureMark = "$";

const IDENTIFIER = /^~?[A-Za-z_]\w*%*$/;

/** Names are untrusted: a longer one, or one with brackets nested deeper, has no pattern. */
const MAX_LENGTH = 10_000;
const MAX_DEPTH = 60;

/** The parts of a qualified name, without return type, parameters and bracketed text: `void ext::Pool<int>::get(int)` has `Pool`. */
export function partsOf(name: string): readonly string[] {
  if (name.length > MAX_LENGTH) return [];
  // The symbols of an operator could be mistaken for brackets.
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

/** The identifier with its length, as in the linker's name; without the length if something may come in between. */
function encode(part: string, outer: string | undefined): readonly string[] {
  if (!IDENTIFIER.test(part) || part.startsWith("~")) return [];
  const identifier = part.replaceAll(GROUP, "");
  // A constructor's linker name has the class name once; `std` and some of its classes are abbreviated.
  if (identifier === outer?.replaceAll(GROUP, "") || identifier === "std" || (outer === "std" && ABBREVIATED.test(identifier))) return [];
  return [part.includes(GROUP) || identifier.startsWith("_") ? identifier : `${identifier.length}${identifier}`];
}

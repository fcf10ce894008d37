// C++, Rust and Cython names -> the part that is the same for every engine, whatever the compiler did to the function.

import { isAllocator } from "./cpython-functions.ts";
import { closureMark, identifierOf, partsOf } from "./linker-name.ts";

/** Names of lambdas, closures and call operators: compilers and debug information number and name them differently. */
export const CLOSURE = "::{closure}";

/** Names that can't be C functions: `ext::Pool<int>::take(int)`, `<two::Table as core::clone::Clone>::clone`, `take<int>`, `::take`. */
const QUALIFIED = /[:<>{}()]|^operator\b|^_FUN$/;

/** Files in which even a plain name is C++ or Rust: there `main` and `clone` are not C functions. */
const CPP_OR_RUST_FILE = /\.(rs|cc|cp|cpp|cxx|c\+\+|cu|hh|hpp|hxx|h\+\+|cuh|inl|ipp|ixx|tcc|tpp|txx)$/i;

/**
 * `ext::Pool<int>::take(int)`, and `take<int>` if it was inlined, are both `::take`. Undefined for other names: `PyList_New`, `(below main)`.
 */
export function unqualifiedName(name: string, file?: string): string | undefined {
  // The sanitizer's own `malloc` is a C++ function.
  if (!QUALIFIED.test(name)) return file !== undefined && CPP_OR_RUST_FILE.test(file) && !isAllocator(name) ? `::${name}` : undefined;
  if (isClosure(name)) return CLOSURE;
  const operator = OPERATOR.exec(name)?.[1]?.replaceAll(" ", "");
  const identifier = operator ?? identifierOf(partsOf(withImplementingType(name)));
  return identifier === undefined ? undefined : `::${identifier}`;
}

/** `operator[]`; allocation operators have words, and count as C functions in signatures. */
const OPERATOR = /\b(operator *(?:\[\]|->\*?|<=>|<<=?|>>=?|&&|\|\||\+\+|--|[-+*/%^&|=!<>]=?|~|,))/;

function isClosure(name: string): boolean {
  return (
    name === "_FUN" ||
    /^<lambda|\boperator\(\)|::_FUN\(|^\{\{?closure/.test(name) ||
    partsOf(withImplementingType(name)).at(-1)?.includes(closureMark) === true
  );
}

/**
 * The qualified name for titles, without template arguments and parameters: `ext::Pool::take`, `two::Table::clone`.
 * @param module the extension module's name, if known.
 */
export function titleName(name: string, module?: string): string {
  const cython = cythonName(name, module);
  if (cython !== undefined) return cython;
  if (!QUALIFIED.test(name) || /^operator (new|delete)/.test(name)) return name;
  const operator = OPERATOR.exec(name)?.[1];
  const parts = partsOf(withImplementingType(name))
    .map((part) => part.replaceAll(closureMark, "{closure}").replace(/%/g, ""))
    .filter((part) => part !== "" && part !== "_");
  const title = [...parts, ...(operator === undefined ? [] : [operator])].join("::");
  return title === "" ? name : title;
}

/** The first part of a qualified name: a C++ namespace, a Rust crate. Undefined if the name has one part only. */
export function namespaceOf(name: string): string | undefined {
  const parts = partsOf(withImplementingType(name));
  return parts.length > 1 || /\boperator\b/.test(name) ? parts[0]?.replace(/%/g, "") : undefined;
}

/** Rust: `<two::Table as core::clone::Clone>::clone` is `two::Table::clone`, and `<T as core::convert::Into<U>>::into` is the trait's. */
function withImplementingType(name: string): string {
  const end = name.startsWith("<") ? closingBracket(name) : undefined;
  if (end === undefined) return name;
  const inner = name.slice(1, end);
  const as = inner.search(/ as (?=[^<>]*(<|$))/);
  const type = (as === -1 ? inner : inner.slice(0, as)).replace(/^[&*\s]*(mut |const |dyn )*/, "");
  const isGeneric = as !== -1 && /^[A-Z]\w*$|^[([]/.test(type);
  return (isGeneric ? inner.slice(as + " as ".length) : type) + name.slice(end + 1);
}

/** Position of the closing bracket for the bracket at the start of a text; the `>` of an arrow is not a bracket. */
function closingBracket(text: string): number | undefined {
  let depth = 0;
  for (const { 0: bracket, index } of text.matchAll(/<|(?<!-)>/g)) {
    depth += bracket === "<" ? 1 : -1;
    if (depth === 0) return index;
  }
  return undefined;
}

/** Cython's `__pyx_pw_4demo_5Owner_3take`: the kind of function, the names of its modules and classes with their lengths, a serial number. */
const CYTHON = /^(?:__pyx_fuse_\d+)*__pyx_([a-z]+(?:_[a-z]+)*?)_(\d.*)$/;

/** A user's function: as a wrapper, the wrapped function, a generator's body, or a C function. */
const OWN_KINDS = /^(pw|pf|gb|f)$/;

/**
 * `demo.Owner.take`. The serial number changes with each function above, so it is not part of the name. Undefined if Cython did not make the
 * name.
 */
export function cythonName(name: string, module?: string): string | undefined {
  const [, kind = "", mangled] = CYTHON.exec(name) ?? [];
  if (mangled === undefined) return undefined;
  const parts: string[] = [];
  let rest = mangled;
  for (let scope = scopeOf(rest); scope !== undefined; scope = scopeOf(rest)) {
    const inner = rest.slice(`${scope.length}`.length + scope.length + 1);
    const isInModule = parts.length > 0 && (parts.includes(module ?? "") || module === undefined);
    if (isInModule && isNumbered(kind, scope, inner)) break;
    parts.push(scope);
    rest = inner;
  }
  const own = rest.replace(/^\d+/, "").replace(/(?<=^(generator|lambda|genexpr))\d+$/, "");
  return [...parts, own, ...(OWN_KINDS.test(kind) ? [] : [kind])].join(".");
}

/**
 * `4lose_block`: a function with the number 4, or a function of a class `lose`? Wrappers and generators always have a number, and wrapped
 * functions have an even one, or none if first in their class. Otherwise class names are assumed to be capitalized.
 */
function isNumbered(kind: string, scope: string, inner: string): boolean {
  if (!/^(pw|pf|gb)$/.test(kind) || /^\d/.test(inner)) return false;
  return kind !== "pf" || (scope.length % 2 === 0 && !/^_*[A-Z]/.test(scope));
}

/** `demo` of `4demo_take`. */
function scopeOf(text: string): string | undefined {
  const digits = /^\d+/.exec(text)?.[0] ?? "";
  const scope = text.slice(digits.length, digits.length + Number(digits));
  const rest = text.slice(digits.length + scope.length);
  return digits !== "" && /^[A-Za-z_]\w*$/.test(scope) && scope.length === Number(digits) && /^_./.test(rest) ? scope : undefined;
}

/** The same for a signature: independent of how `cythonName` splits it. */
export function cythonKey(name: string): string | undefined {
  const readable = cythonName(name);
  return readable === undefined ? undefined : `__pyx_${readable.replaceAll(".", "_")}`;
}

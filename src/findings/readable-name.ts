// Names as C++, Rust and Cython have them -> the part that stays the same, whichever engine tells it and whatever the compiler made of the function.

import { isAllocator } from "./cpython-functions.ts";
import { closureMark, identifierOf, partsOf } from "./linker-name.ts";

/** What a lambda, a closure or a call operator is called: compilers and debug information number and name them differently. */
export const CLOSURE = "::{closure}";

/** What is not a C function's name: `ext::Pool<int>::take(int)`, `<two::Table as core::clone::Clone>::clone`, `take<int>`, `::take`. */
const QUALIFIED = /[:<>{}()]|^operator\b|^_FUN$/;

/** Files in which also a plain name is one of C++ or Rust: there `main` and `clone` are no functions of C. */
const CPP_OR_RUST_FILE = /\.(rs|cc|cp|cpp|cxx|c\+\+|cu|hh|hpp|hxx|h\+\+|cuh|inl|ipp|ixx|tcc|tpp|txx)$/i;

/**
 * `ext::Pool<int>::take(int)`, and `take<int>` where it was inlined, are both `::take`. Undefined for what is no such name: `PyList_New`,
 * `(below main)`.
 */
export function unqualifiedName(name: string, file?: string): string | undefined {
  // The sanitizer's own `malloc` is one of C++.
  if (!QUALIFIED.test(name)) return file !== undefined && CPP_OR_RUST_FILE.test(file) && !isAllocator(name) ? `::${name}` : undefined;
  if (isClosure(name)) return CLOSURE;
  const operator = OPERATOR.exec(name)?.[1]?.replaceAll(" ", "");
  const identifier = operator ?? identifierOf(partsOf(withImplementingType(name)));
  return identifier === undefined ? undefined : `::${identifier}`;
}

/** `operator[]`; those that allocate have words, and are C's to the signature. */
const OPERATOR = /\b(operator *(?:\[\]|->\*?|<=>|<<=?|>>=?|&&|\|\||\+\+|--|[-+*/%^&|=!<>]=?|~|,))/;

function isClosure(name: string): boolean {
  return (
    name === "_FUN" ||
    /^<lambda|\boperator\(\)|::_FUN\(|^\{\{?closure/.test(name) ||
    partsOf(withImplementingType(name)).at(-1)?.includes(closureMark) === true
  );
}

/**
 * The qualified name without template arguments and parameters, as titles have it: `ext::Pool::take`, `two::Table::clone`.
 * @param module the extension module's own name, where it is known.
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

/** What the first part of a qualified name is: a C++ namespace, a Rust crate. Undefined where the name has one part only. */
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

/** Where the bracket that a text begins with is closed; an arrow's is none. */
function closingBracket(text: string): number | undefined {
  let depth = 0;
  for (const { 0: bracket, index } of text.matchAll(/<|(?<!-)>/g)) {
    depth += bracket === "<" ? 1 : -1;
    if (depth === 0) return index;
  }
  return undefined;
}

/** Cython's `__pyx_pw_4demo_5Owner_3take`: kinds of a function, the lengths of the names of its modules and classes, a running number. */
const CYTHON = /^(?:__pyx_fuse_\d+)*__pyx_([a-z]+(?:_[a-z]+)*?)_(\d.*)$/;

/** A function of a user's, as a wrapper, what it wraps, a generator's body, or a function of C. */
const OWN_KINDS = /^(pw|pf|gb|f)$/;

/**
 * `demo.Owner.take`. The running number changes with each function above, so that it is no part of the name. Undefined for what Cython did not
 * make.
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
 * `4lose_block`: a function with the number 4, or a function of a class `lose`? Wrappers and generators always have a number, and what they wrap
 * has an even one, or none as the first of its class. Then the custom decides that classes have capitals.
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

/** The same for a signature: however `cythonName` divides it, it reads the same. */
export function cythonKey(name: string): string | undefined {
  const readable = cythonName(name);
  return readable === undefined ? undefined : `__pyx_${readable.replaceAll(".", "_")}`;
}

// What the linker calls functions of C++ and Rust, and what stacks call them. Pure.

/** `_ZN3ext5parseERKSs`, `_RNvNtCs4X_3ext5parse4take`; behind the name of its file where it is local. */
const MANGLED = /(^|:)_[ZR]/;

/** Names are untrusted: brackets that are nested deeper stay. */
const MAX_DEPTH = 20;

/** Whether a readable name, `void ext::Pool<int>::take(int)` or only `take` where it was inlined, may be that of a function of C++ or Rust. */
export function mayBeCalled(key: string, name: string): boolean {
  if (!MANGLED.test(key)) return false;
  const identifiers = identifiersIn(name);
  let at = 0;
  // Each stands behind its length.
  for (const identifier of identifiers) {
    at = key.indexOf(`${identifier.length}${identifier}`, at);
    if (at < 0) return false;
    at += identifier.length;
  }
  return identifiers.length > 0;
}

/** Of the qualified name, without what constructors, destructors, operators and closures are called. */
function identifiersIn(name: string): readonly string[] {
  const parts = qualifiedName(name).split("::");
  return parts.filter(
    (part, index) => /^[A-Za-z_]\w*$/.test(part) && !/^(operator|h[0-9a-f]{16}$)/.test(part) && part !== parts[index - 1],
  );
}

function qualifiedName(name: string): string {
  let flat = name.replace(/^<([^<> ]+) as .*?>::/, "$1::");
  for (let depth = 0; depth < MAX_DEPTH && /[<({]/.test(flat); depth++) flat = flat.replaceAll(/<[^<>]*>|\([^()]*\)|\{[^{}]*\}/g, "");
  return (
    flat
      .replace(/ (const|noexcept|&&?)$/, "")
      .split(" ")
      .at(-1) ?? ""
  );
}

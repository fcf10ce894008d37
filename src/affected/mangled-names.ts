// Matches mangled names of C++ and Rust functions with the readable names on stacks. Pure.

/** `_ZN3ext5parseERKSs`, `_RNvNtCs4X_3ext5parse4take`; a local one follows the name of its file. */
const MANGLED = /(^|:)_[ZR]/;

/** Names are untrusted, so deeper nested brackets are kept. */
const MAX_DEPTH = 20;

/** Whether a readable name may belong to this C++ or Rust function: `void ext::Pool<int>::take(int)`, or only `take` if it was inlined. */
export function mayBeCalled(key: string, name: string): boolean {
  if (!MANGLED.test(key)) return false;
  const identifiers = identifiersIn(name);
  let at = 0;
  // In a mangled name, each identifier follows its length.
  for (const identifier of identifiers) {
    at = key.indexOf(`${identifier.length}${identifier}`, at);
    if (at < 0) return false;
    at += identifier.length;
  }
  return identifiers.length > 0;
}

/** The identifiers in a qualified name, without those of constructors, destructors, operators and closures. */
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

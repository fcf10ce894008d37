/**
 * Suppressions of leaks, for a check that counts definite ones only. Unless one names its kinds, memcheck holds it against the stack of every
 * block that is in use at each check, which takes longer than the check itself. Pure.
 */
export function forDefiniteLeaks(suppressions: string): string {
  return suppressions.replace(
    /^([ \t]*)Memcheck:Leak[ \t]*\n(?![ \t]*match-leak-kinds:)/gm,
    (line, indent: string) => `${line}${indent}match-leak-kinds: definite\n`,
  );
}

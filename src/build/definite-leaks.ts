/**
 * Suppressions of leaks, for a check that counts definite ones only. Unless a suppression names its kinds, memcheck compares it with the stack
 * of every block in use at each check, which takes longer than the check itself. Pure.
 */
export function forDefiniteLeaks(suppressions: string): string {
  return suppressions.replace(
    /^([ \t]*)Memcheck:Leak[ \t]*\n(?![ \t]*match-leak-kinds:)/gm,
    (line, indent: string) => `${line}${indent}match-leak-kinds: definite\n`,
  );
}

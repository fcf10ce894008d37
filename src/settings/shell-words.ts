/**
 * Splits a line as a shell splits words: white space separates, quotes group, a backslash takes the next character as it is and joins
 * two lines. Nothing is expanded. Returns undefined where a quote is left open.
 */
export function splitWords(line: string): readonly string[] | undefined {
  const piece = /\\\n|\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|([^\s\\'"]+)|(\s+)/y;
  const words: string[] = [];
  let word: string | undefined;
  while (piece.lastIndex < line.length) {
    const match = piece.exec(line);
    if (match === null) return undefined;
    if (match[0] === "\\\n") continue;
    if (match[5] !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + (match[1] ?? match[2] ?? match[3]?.replace(/\\(["\\$`])|\\\n/g, "$1") ?? match[4] ?? "");
    }
  }
  return word === undefined ? words : [...words, word];
}

/** A word as a person would type it in a shell. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

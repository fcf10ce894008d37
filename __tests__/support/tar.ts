// Archives that no well-behaved program would write (POSIX.1-1988's ustar).

export interface TarEntry {
  /** A file "0", hard link "1", symbolic link "2", device "3" or "4", folder "5", pipe "6", what a pax header says of the next "x", …. */
  readonly type: string;
  readonly name: string;
  /** A file's content, or where a link leads. */
  readonly content: string;
}

const BLOCK = 512;

/** A tar file with these entries, in the order and by the names given; names are cut after 100 bytes. */
export function tar(...entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(({ type, name, content }) => entryOf(type, name, content)), Buffer.alloc(2 * BLOCK)]);
}

function entryOf(type: string, name: string, content: string): readonly Buffer[] {
  const bytes = /[1-6]/.test(type) ? Buffer.alloc(0) : Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100);
  header.write("0000644", 100);
  header.write(bytes.length.toString(8).padStart(11, "0"), 124);
  header.write("00000000001", 136);
  header.write(" ".repeat(8), 148);
  header.write(type, 156, 1, "latin1");
  header.write(content, 157, bytes.length === 0 ? 100 : 0);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(sum.toString(8).padStart(6, "0"), 148);
  header[154] = 0;
  return [header, bytes, Buffer.alloc(-bytes.length & (BLOCK - 1))];
}

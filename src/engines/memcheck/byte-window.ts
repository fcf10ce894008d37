// The part of a byte stream that has arrived and is still needed.

const FIRST_SIZE = 256 * 1024;
const BLANKS: ReadonlySet<number> = new Set(Buffer.from(" \t\r\n"));

/** Bytes are appended at the end and dropped at the front; both cost constant time per byte, whatever the sizes of the chunks. */
export class ByteWindow {
  #store = Buffer.allocUnsafe(FIRST_SIZE);
  #start = 0;
  #end = 0;
  #dropped = 0;

  /** A view, valid until the next `append`. */
  get bytes(): Buffer {
    return this.#store.subarray(this.#start, this.#end);
  }

  /** Offset of `bytes` in the stream. */
  get offset(): number {
    return this.#dropped;
  }

  append(chunk: Uint8Array): void {
    this.#makeRoom(chunk.length);
    this.#store.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  drop(count: number): void {
    this.#start += count;
    this.#dropped += count;
  }

  dropBlanks(): void {
    let count = 0;
    while (BLANKS.has(this.#store[this.#start + count] ?? 0) && this.#start + count < this.#end) count++;
    this.drop(count);
  }

  #makeRoom(more: number): void {
    if (this.#end + more <= this.#store.length) return;
    const length = this.#end - this.#start;
    // At least half of the store is free after each move, so a byte is moved less than twice on average.
    const size = 2 * (length + more);
    const target = size <= this.#store.length ? this.#store : Buffer.allocUnsafe(size);
    this.#store.copy(target, 0, this.#start, this.#end);
    this.#store = target;
    this.#start = 0;
    this.#end = length;
  }
}

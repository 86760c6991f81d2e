/** Collects pieces of bytes in one growing buffer, so that a piece of one byte costs no more than one byte. */
export class GrowingBytes {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(piece: Uint8Array): void {
    const length = this.#length + piece.byteLength;
    if (length > this.#bytes.byteLength) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.byteLength));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  /** All bytes so far; valid until the next piece. */
  get all(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

const FIRST_BYTES = 4096;

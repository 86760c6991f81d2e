/** Gives `<host 1>`, `<ip 2>` and the like: the same name for the same text, regardless of case. */
export class Pseudonyms {
  readonly #given = new Map<string, string>();
  readonly #counts: Record<string, number> = {};

  /** The number of different names of each kind. */
  get counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  nameFor(kind: string, original: string): string {
    // An app and its parts keep one name, regardless of the key under which they appear.
    const key = original.toLowerCase();
    const known = this.#given.get(key);
    if (known !== undefined) return known;
    const number = (this.#counts[kind] ?? 0) + 1;
    this.#counts[kind] = number;
    const pseudonym = `<${kind} ${number}>`;
    this.#given.set(key, pseudonym);
    return pseudonym;
  }
}

/** Gives `<host 1>`, `<ip 2>` and the like: the same for the same, in whatever case it is written. */
export class Pseudonyms {
  readonly #given = new Map<string, string>();
  readonly #counts: Record<string, number> = {};

  /** How many different ones of each kind there are. */
  get counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  nameFor(kind: string, original: string): string {
    // An app and what is below it keep one name under whatever key they are told of.
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

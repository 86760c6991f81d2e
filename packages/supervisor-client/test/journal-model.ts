/** An entry as journalctl prints it in JSON. */
interface ModelEntry {
  number: number;
  atUs: number;
  line: string;
}

/** What happens around one request for the journal. Numbers are steps of the device's clock, in microseconds. */
export interface Happening {
  /** Written before it is answered. */
  before: number[];
  /** How many of the oldest entries the journal loses before. */
  forgets: number;
  /** Whether the device reboots before, and keeps its journal in memory alone. */
  reboots: boolean;
  /** Written while it is followed. */
  live: number[];
  /** After so many bytes it is torn. Whole without. */
  tornAtByte: number | undefined;
  /** The bytes come in pieces of this size. */
  chunkBytes: number;
}

/** A device's journal, and journalctl behind the Supervisor's API: `count`, `follow`, and a `since` that goes by the clock. */
export class JournalModel {
  readonly #happenings: Happening[];
  #entries: ModelEntry[] = [];
  #atUs = 1_795_000_000_000_000;
  #boot = 0;
  #written = 0;
  #hasEnded = false;
  readonly #torn: Error;

  /** @param happenings one for each request; after the last one the journal ends with the message `end` */
  constructor(happenings: readonly Happening[], torn: Error) {
    this.#happenings = [...happenings];
    this.#torn = torn;
  }

  /** How many entries were ever written, without the one that ends it. */
  get written(): number {
    return this.#hasEnded ? this.#written - 1 : this.#written;
  }

  readonly stream = async ({ body }: { body?: unknown }): Promise<AsyncIterable<Uint8Array>> => {
    const happening = this.#happenings.shift();
    if (happening !== undefined) this.#happen(happening);
    else if (!this.#hasEnded) this.#end();
    const { follow, count, since } = body as { follow: boolean; count?: number; since?: string };
    const fromUs = since === undefined ? Number.NEGATIVE_INFINITY : Number(since.replaceAll(/[@.]/g, ''));
    const matching = this.#entries.filter(({ atUs }) => atUs >= fromUs);
    const window = matching.slice(-(count ?? (follow && since === undefined ? 10 : matching.length + 1)));
    const live = follow && happening !== undefined ? happening.live.map((stepUs) => this.#write(stepUs)) : [];
    const bytes = new TextEncoder().encode([...window, ...live].map(({ line }) => line).join(''));
    return play(bytes, happening, this.#torn);
  };

  #happen({ before, forgets, reboots }: Happening): void {
    if (reboots) {
      this.#entries = [];
      this.#boot += 1;
    }
    for (const stepUs of before) this.#write(stepUs);
    this.#entries.splice(0, forgets);
  }

  #end(): void {
    this.#hasEnded = true;
    this.#write(1, 'end');
  }

  #write(stepUs: number, message = `${this.#written} größer 🦉`): ModelEntry {
    const number = this.#written;
    this.#written += 1;
    this.#atUs += stepUs;
    const fields = {
      __CURSOR: `s=0;i=${number};b=${this.#boot};t=${this.#atUs}`,
      __REALTIME_TIMESTAMP: String(this.#atUs),
      _BOOT_ID: String(this.#boot),
      MESSAGE: message,
    };
    const entry = { number, atUs: this.#atUs, line: `${JSON.stringify(fields)}\n` };
    this.#entries.push(entry);
    return entry;
  }
}

async function* play(bytes: Uint8Array, happening: Happening | undefined, torn: Error): AsyncGenerator<Uint8Array> {
  const { tornAtByte = bytes.length, chunkBytes = bytes.length || 1 } = happening ?? {};
  const end = Math.min(tornAtByte, bytes.length);
  for (let at = 0; at < end; at += chunkBytes) yield bytes.subarray(at, Math.min(at + chunkBytes, end));
  if (happening?.tornAtByte !== undefined) throw torn;
}

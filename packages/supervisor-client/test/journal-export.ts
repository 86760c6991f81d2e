/** The fields of an entry in order, as the journal has them: names may occur more than once. */
export type ExportedEntry = readonly (readonly [name: string, value: string | Uint8Array])[];

/** Entries as `journalctl -o export` writes them: what is no plain text is written as its length and its bytes. */
export function exportOf(entries: readonly ExportedEntry[]): Uint8Array {
  const parts = entries.flatMap((entry) => [...entry.flatMap(([name, value]) => fieldOf(name, value)), encode('\n')]);
  return new Uint8Array(Buffer.concat(parts));
}

function fieldOf(name: string, value: string | Uint8Array): Uint8Array[] {
  if (typeof value === 'string' && !/\p{Cc}/u.test(value)) return [encode(`${name}=${value}\n`)];
  const bytes = typeof value === 'string' ? encode(value) : value;
  const size = new Uint8Array(8);
  new DataView(size.buffer).setBigUint64(0, BigInt(bytes.byteLength), true);
  return [encode(`${name}\n`), size, bytes, encode('\n')];
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

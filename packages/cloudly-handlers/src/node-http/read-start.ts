type Reader = ReadableStreamDefaultReader<Uint8Array>;

export interface BodyStart {
  pieces: Uint8Array[];
  /** What comes after them. Absent if they are all of the body. */
  next?: ReturnType<Reader['read']>;
}

/** What a body has at once. Rejects if it fails at once. */
export async function readStart(reader: Reader): Promise<BodyStart> {
  const pieces: Uint8Array[] = [];
  let byteCount = 0;
  for (;;) {
    const next = readPiece(reader);
    const piece = byteCount < AT_ONCE_MAX_BYTES ? await atOnce(next) : undefined;
    if (!piece) return { pieces, next };
    if (piece.done) return { pieces };
    pieces.push(piece.value);
    byteCount += piece.value.byteLength;
  }
}

const AT_ONCE_MAX_BYTES = 65_536;

/** Rejects if the body fails, or is made of something else than bytes. */
export async function readPiece(reader: Reader): ReturnType<Reader['read']> {
  const piece = await reader.read();
  if (piece.done || piece.value instanceof Uint8Array) return piece;
  throw new TypeError('The body of a response must consist of Uint8Array');
}

function atOnce<Result>(promise: Promise<Result>): Promise<Result | undefined> {
  return Promise.race([promise, new Promise<undefined>((resolve) => void setImmediate(() => resolve(undefined)))]);
}

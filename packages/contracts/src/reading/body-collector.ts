import { limits } from '../protocol/limits.js';

/**
 * A body that is too large is still read up to this size and dropped, because few senders read an answer before they
 * have written everything.
 */
const DROPPED_MAX_BYTES = 4 * limits.bodyMaxBytes;

const HELD_MAX_BYTES = limits.bodyMaxBytes + 1;

/** Puts a body together whose pieces arrive as events. */
export interface BodyCollector {
  /**
   * Copies the next piece. Returns `false` once four times as much has come as the contract allows: stop reading.
   *
   * @throws TypeError for anything but bytes.
   */
  take(this: void, piece: Uint8Array): boolean;
  /** What has come, for `parseRegisterRequest` and `parseHeartbeatRequest`: at most one byte more than the contract allows. */
  bytes(this: void): Uint8Array;
}

/** The same bounds as `readBoundedBody`, for servers that hand over a body piece by piece, such as Node's. */
export function createBodyCollector(): BodyCollector {
  let held = NOTHING;
  let heldBytes = 0;
  let comeBytes = 0;
  return {
    take(piece) {
      if (!ArrayBuffer.isView(piece)) {
        throw new TypeError('The body must be a stream of bytes: set no encoding on it, and read it before any parser');
      }
      comeBytes += piece.byteLength;
      const takenBytes = Math.min(piece.byteLength, HELD_MAX_BYTES - heldBytes);
      const taken = new Uint8Array(piece.buffer, piece.byteOffset, takenBytes);
      held = withRoomFor(held, heldBytes, takenBytes);
      held.set(taken, heldBytes);
      heldBytes += takenBytes;
      return comeBytes <= DROPPED_MAX_BYTES;
    },
    bytes: () => held.subarray(0, heldBytes),
  };
}

const NOTHING = new Uint8Array();

/** Doubles, so that a body in many pieces is copied a few times and no piece costs more than its bytes. */
function withRoomFor(held: Uint8Array<ArrayBuffer>, heldBytes: number, moreBytes: number): Uint8Array<ArrayBuffer> {
  const neededBytes = heldBytes + moreBytes;
  if (neededBytes <= held.byteLength) return held;
  const grown = new Uint8Array(Math.min(HELD_MAX_BYTES, Math.max(neededBytes, 2 * held.byteLength)));
  if (heldBytes > 0) grown.set(held.subarray(0, heldBytes));
  return grown;
}

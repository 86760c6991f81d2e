import type { FleetStore } from '../../fleet-store/fleet-store.js';
import type { FleetDatabase } from './fleet-database.js';
import { createLookout } from './lookout.js';

/** Tells that there are new events, of this process and of others. */
export function createEventNews({ prepare, read, onWritten }: FleetDatabase): {
  onNews: FleetStore['onNews'];
  close(this: void): void;
} {
  const last = prepare<{ position: number | null }>('SELECT max(position) AS position FROM event');
  let seenPosition: number | undefined;

  const look = async (): Promise<void> => {
    const position = await read(() => last.get()?.position ?? 0);
    if (position === seenPosition) return;
    seenPosition = position;
    tell();
  };

  const lookout = createLookout<void>({ look, forget: () => (seenPosition = undefined) });
  const { tell } = lookout;
  onWritten(lookout.look);

  return { onNews: lookout.listen, close: lookout.close };
}

import type { Doorbell } from '../../fleet/doorbell.js';
import type { Database } from './database.js';
import { createLookout } from './lookout.js';

/** A process that has been stuck for so many rings looks at all nodes. */
const RINGS_KEPT = 1000;

interface RingRow {
  position: number;
  node_id: string;
}

/** A doorbell in the file. */
export function createSqliteDoorbell({ prepare, read, write }: Database): Doorbell & { close(this: void): void } {
  const statements = {
    last: prepare<{ position: number | null }>('SELECT max(position) AS position FROM ring'),
    since: prepare<RingRow>('SELECT position, node_id FROM ring WHERE position > ? ORDER BY position'),
    add: prepare('INSERT INTO ring (node_id) VALUES (?)'),
    drop: prepare('DELETE FROM ring WHERE position <= (SELECT max(position) FROM ring) - ?'),
  };
  let heardPosition: number | undefined;

  const look = async (): Promise<void> => {
    const before = heardPosition;
    if (before === undefined) {
      heardPosition = await read(() => statements.last.get()?.position ?? 0);
      // What was rung until then may have been meant for those that listen.
      return tell(undefined);
    }
    const rows = await read(() => statements.since.all(before));
    // Another look, or an end, came first.
    if (heardPosition !== before) return;
    const [first] = rows;
    const last = rows.at(-1);
    if (!first || !last) return;
    heardPosition = last.position;
    if (first.position > before + 1) tell(undefined);
    else for (const { node_id: nodeId } of rows) tell(nodeId);
  };

  const { tell, listen, close } = createLookout<string | undefined>({
    look,
    forget: () => (heardPosition = undefined),
  });

  return {
    async ring(nodeId) {
      await write(() => {
        statements.add.run(nodeId);
        statements.drop.run(RINGS_KEPT);
      });
      tell(nodeId);
    },
    listen,
    isHeard: async () => true,
    close,
  };
}

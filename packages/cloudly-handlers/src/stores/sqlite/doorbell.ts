import type { Doorbell } from '../../fleet/doorbell.js';
import type { Database } from './database.js';

/** How often another process' rings are looked for, while somebody listens. A look reads one page that is in memory. */
const LOOK_EVERY_MS = 300;

/** A process that has been stuck for so many rings looks at all nodes. */
const RINGS_KEPT = 1000;

interface RingRow {
  position: number;
  node_id: string;
}

/** A doorbell in the file: SQLite tells no process what another one has written. */
export function createSqliteDoorbell({ prepare, read, write }: Database): Doorbell & { close(this: void): void } {
  const statements = {
    last: prepare<{ position: number | null }>('SELECT max(position) AS position FROM ring'),
    since: prepare<RingRow>('SELECT position, node_id FROM ring WHERE position > ? ORDER BY position'),
    add: prepare('INSERT INTO ring (node_id) VALUES (?)'),
    drop: prepare('DELETE FROM ring WHERE position <= (SELECT max(position) FROM ring) - ?'),
  };
  const listeners = new Set<(nodeId?: string) => void>();
  let heardPosition: number | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  const tell = (nodeId?: string): void => {
    for (const onRing of listeners) onRing(nodeId);
  };

  const look = async (): Promise<void> => {
    const before = heardPosition;
    if (before === undefined) {
      heardPosition = await read(() => statements.last.get()?.position ?? 0);
      // What was rung until then may have been meant for those that listen.
      return tell();
    }
    const rows = await read(() => statements.since.all(before));
    // Another look, or an end, came first.
    if (heardPosition !== before) return;
    const [first] = rows;
    const last = rows.at(-1);
    if (!first || !last) return;
    heardPosition = last.position;
    if (first.position > before + 1) tell();
    else for (const { node_id: nodeId } of rows) tell(nodeId);
  };

  const begin = (): void => {
    const attempt = (): void => void look().catch(() => undefined);
    timer = setInterval(attempt, LOOK_EVERY_MS);
    timer.unref();
    attempt();
  };

  const end = (): void => {
    clearInterval(timer);
    timer = undefined;
    heardPosition = undefined;
  };

  return {
    async ring(nodeId) {
      await write(() => {
        statements.add.run(nodeId);
        statements.drop.run(RINGS_KEPT);
      });
      tell(nodeId);
    },
    listen(onRing) {
      const listener = (nodeId?: string): void => onRing(nodeId);
      listeners.add(listener);
      if (!timer) begin();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) end();
      };
    },
    isHeard: async () => true,
    close() {
      listeners.clear();
      end();
    },
  };
}

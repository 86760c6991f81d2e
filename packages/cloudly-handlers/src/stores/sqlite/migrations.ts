/**
 * Each migration upgrades a fleet from the version of its index to the next one. A published migration never changes.
 *
 * Every table keeps its record whole, as JSON text, so a new field of a record needs no migration. The columns beside the
 * record are those that the database itself searches, judges by or changes.
 */
export const migrations: readonly string[] = [
  `
  -- Must be the first table: its one row, with the mark, is read as it lies on the disk, in the second page (log-mark.ts).
  CREATE TABLE cloudly (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    cloudly_id TEXT NOT NULL,
    -- Ties a write-ahead log to this file.
    log_mark TEXT NOT NULL,
    -- When a write was last tried.
    probed_at_ms INTEGER NOT NULL DEFAULT 0,
    -- When the backup was taken that this file is; NULL in a fleet that was never restored, or was recovered since.
    backup_taken_at_ms INTEGER
  ) STRICT;

  CREATE TABLE join_token (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL UNIQUE,
    used_count INTEGER NOT NULL,
    revoked_at_ms INTEGER,
    revoked_reason TEXT,
    record TEXT NOT NULL
  ) STRICT;

  CREATE TABLE node (
    node_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    join_token_id TEXT NOT NULL,
    approved_at_ms INTEGER,
    revoked_at_ms INTEGER,
    current_token_hash TEXT UNIQUE,
    next_token_hash TEXT UNIQUE,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX node_active ON node (node_id) WHERE approved_at_ms IS NOT NULL AND revoked_at_ms IS NULL;
  CREATE INDEX node_pending ON node (join_token_id) WHERE approved_at_ms IS NULL AND revoked_at_ms IS NULL;
  CREATE INDEX node_revoked ON node (node_id) WHERE revoked_at_ms IS NOT NULL;

  -- The last heartbeat and the head of the status, apart from node because every heartbeat writes them; and what a report
  -- is judged by: the process whose reports are kept, none of a revoked node.
  CREATE TABLE presence (
    node_id TEXT PRIMARY KEY REFERENCES node ON DELETE CASCADE,
    accepted_boot_id TEXT,
    expected_by_ms INTEGER,
    last_heartbeat TEXT,
    status_head TEXT,
    CHECK ((expected_by_ms IS NULL) = (last_heartbeat IS NULL))
  ) STRICT;
  CREATE INDEX presence_online ON presence (expected_by_ms) WHERE accepted_boot_id IS NOT NULL;

  -- The document of a status, apart from presence because it may be large and changes seldom.
  CREATE TABLE status (
    node_id TEXT PRIMARY KEY REFERENCES presence ON DELETE CASCADE,
    status TEXT NOT NULL
  ) STRICT;

  -- The slots that are closed; the open ones follow from presence.
  CREATE TABLE history (
    node_id TEXT NOT NULL REFERENCES presence ON DELETE CASCADE,
    resolution TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    heartbeat_count INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (node_id, resolution, start_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX history_age ON history (resolution, start_ms);

  CREATE TABLE command (
    position INTEGER PRIMARY KEY,
    node_id TEXT NOT NULL REFERENCES node ON DELETE CASCADE,
    id TEXT NOT NULL,
    queued_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    listed_at_ms INTEGER,
    cancelled_at_ms INTEGER,
    result TEXT,
    record TEXT NOT NULL,
    UNIQUE (node_id, id)
  ) STRICT;
  CREATE INDEX command_expiry ON command (node_id, expires_at_ms);
  CREATE INDEX command_age ON command (expires_at_ms);
  `,
  `
  -- What the node was doing with a command, as of the last heartbeat that named it.
  ALTER TABLE command ADD COLUMN running TEXT;
  -- When Cloudly ends a command that was listed and has no result; commands of before get the longest time of all kinds.
  ALTER TABLE command ADD COLUMN ends_at_ms INTEGER;
  UPDATE command SET ends_at_ms = expires_at_ms + 87360000;
  ALTER TABLE command ADD COLUMN ended_at_ms INTEGER;
  CREATE INDEX command_end ON command ((CASE WHEN listed_at_ms IS NULL THEN expires_at_ms ELSE ends_at_ms END))
    WHERE result IS NULL AND ended_at_ms IS NULL;
  `,
  `
  -- The nodes that should be woken, for other processes. Only the newest are kept.
  CREATE TABLE ring (position INTEGER PRIMARY KEY AUTOINCREMENT, node_id TEXT NOT NULL) STRICT;
  `,
];

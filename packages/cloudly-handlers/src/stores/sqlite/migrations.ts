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
  `
  -- What operators filter and sort nodes by; derived, with the version of what derives it. Absent values are empty. Every
  -- column that lists sort by has an index with the node's ID.
  CREATE TABLE node_fact (
    node_id TEXT PRIMARY KEY REFERENCES node ON DELETE CASCADE,
    -- 0: they are still to be derived.
    facts_version INTEGER NOT NULL,
    registered_at_ms INTEGER NOT NULL,
    join_token_id TEXT NOT NULL,
    approval TEXT NOT NULL,
    clone TEXT NOT NULL,
    -- The operator's name, else the device's own, folded: to sort by.
    shown_name TEXT NOT NULL,
    name TEXT NOT NULL,
    hostname TEXT NOT NULL,
    uuid TEXT NOT NULL,
    device_type TEXT NOT NULL,
    os_version TEXT NOT NULL,
    os_key TEXT NOT NULL,
    agent_version TEXT NOT NULL,
    agent_key TEXT NOT NULL,
    supervisor_state TEXT NOT NULL,
    supervisor_version TEXT NOT NULL,
    supervisor_key TEXT NOT NULL,
    app_id TEXT NOT NULL,
    release_commit TEXT NOT NULL,
    staged_commit TEXT NOT NULL,
    update_state TEXT NOT NULL,
    updates_mode TEXT NOT NULL,
    gate TEXT NOT NULL,
    -- In steps of 5; -1 if the node does not report it.
    free_storage_percent INTEGER NOT NULL,
    label_text TEXT NOT NULL,
    search_text TEXT NOT NULL,
    -- What the sweeper and the node's own requests have found last.
    state TEXT NOT NULL,
    -- The last heartbeat of a node that is late or offline; 0 while it was never seen, 9e15 while it is online.
    quiet_since_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX node_fact_shown_name ON node_fact (shown_name, node_id);
  CREATE INDEX node_fact_device_type ON node_fact (device_type, node_id);
  CREATE INDEX node_fact_os_key ON node_fact (os_key, node_id);
  CREATE INDEX node_fact_agent_key ON node_fact (agent_key, node_id);
  CREATE INDEX node_fact_supervisor_key ON node_fact (supervisor_key, node_id);
  CREATE INDEX node_fact_release_commit ON node_fact (release_commit, node_id);
  CREATE INDEX node_fact_registered_at_ms ON node_fact (registered_at_ms, node_id);
  CREATE INDEX node_fact_quiet_since_ms ON node_fact (quiet_since_ms, node_id);
  CREATE INDEX node_fact_free_storage_percent ON node_fact (free_storage_percent, node_id);
  CREATE INDEX node_fact_hostname ON node_fact (hostname) WHERE hostname <> '';
  CREATE INDEX node_fact_uuid ON node_fact (uuid) WHERE uuid <> '';
  CREATE INDEX node_fact_state ON node_fact (state, node_id);
  CREATE INDEX node_fact_version ON node_fact (facts_version);

  -- When the sweeper looks at a node next; apart, because that changes with every look. None of a pending or revoked node.
  CREATE TABLE node_watch (
    node_id TEXT PRIMARY KEY REFERENCES node ON DELETE CASCADE,
    check_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX node_watch_due ON node_watch (check_at_ms);

  -- What people have written about a node; its labels are in node_label, too, to count the keys.
  CREATE TABLE node_profile (
    node_id TEXT PRIMARY KEY REFERENCES node ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE TABLE node_label (
    node_id TEXT NOT NULL REFERENCES node ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (node_id, key)
  ) STRICT;
  CREATE INDEX node_label_key ON node_label (key);

  -- What happened. Positions are never used again, whatever is deleted.
  CREATE TABLE event (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    node_id TEXT,
    -- Of the node that had the ID then: a timeline is of one registration.
    registered_at_ms INTEGER,
    kind TEXT NOT NULL,
    is_audit INTEGER NOT NULL,
    details TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_node ON event (node_id, position) WHERE node_id IS NOT NULL;
  CREATE INDEX event_audit ON event (position) WHERE is_audit = 1;
  CREATE INDEX event_kind ON event (kind, position);
  CREATE INDEX event_age ON event (is_audit, at_ms);
  ALTER TABLE cloudly ADD COLUMN events_epoch TEXT NOT NULL DEFAULT '';
  UPDATE cloudly SET events_epoch = lower(hex(randomblob(8)));

  CREATE TABLE node_view (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;

  CREATE TABLE bulk_job (
    id TEXT PRIMARY KEY,
    created_at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    confirm_until_ms INTEGER NOT NULL,
    confirmed_at_ms INTEGER,
    stopped_at_ms INTEGER,
    ended_at_ms INTEGER,
    node_count INTEGER NOT NULL,
    -- How many of its nodes had which result.
    done_count INTEGER NOT NULL DEFAULT 0,
    failed_count INTEGER NOT NULL DEFAULT 0,
    skipped_count INTEGER NOT NULL DEFAULT 0,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX bulk_job_age ON bulk_job (created_at_ms);
  CREATE TABLE bulk_node (
    job_id TEXT NOT NULL REFERENCES bulk_job ON DELETE CASCADE,
    -- No reference: what became of a node that is forgotten since is still told.
    node_id TEXT NOT NULL,
    -- Somebody works on it until then.
    lease_until_ms INTEGER NOT NULL DEFAULT 0,
    outcome TEXT,
    reason TEXT,
    PRIMARY KEY (job_id, node_id)
  ) STRICT;
  CREATE INDEX bulk_node_waiting ON bulk_node (job_id, lease_until_ms, node_id) WHERE outcome IS NULL;

  -- For a fleet of before: the sweeper derives the facts.
  INSERT INTO node_fact SELECT
    node_id, 0, json_extract(record, '$.registeredAtMs'), join_token_id,
    CASE WHEN revoked_at_ms IS NOT NULL THEN 'revoked' WHEN approved_at_ms IS NULL THEN 'pending' ELSE 'approved' END,
    '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', -1, '', '',
    CASE WHEN revoked_at_ms IS NOT NULL THEN 'revoked' WHEN approved_at_ms IS NULL THEN 'pending' ELSE 'never-seen' END, 0
    FROM node;
  INSERT INTO node_watch SELECT node_id, 0 FROM node WHERE approved_at_ms IS NOT NULL AND revoked_at_ms IS NULL;
  INSERT INTO node_profile SELECT node_id, 1, '{"labels":{}}' FROM node;
  `,
  `
  -- Operators, their invitations, API tokens and sessions: there are few, and a change is decided from all of them.
  CREATE TABLE account (
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    -- What finds it; not of operators.
    hash TEXT UNIQUE,
    -- The operator without whom it ends.
    owner_id TEXT,
    -- Apart from the record, because that changes without a decision; 0: never.
    used_at_ms INTEGER NOT NULL,
    record TEXT NOT NULL,
    UNIQUE (kind, id)
  ) STRICT;
  `,
  `
  -- Where events are sent. Events up to the position of the epoch are queued.
  CREATE TABLE webhook (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    record TEXT NOT NULL,
    epoch TEXT NOT NULL,
    position INTEGER NOT NULL,
    disabled_at_ms INTEGER,
    disabled_reason TEXT,
    failing_since_ms INTEGER
  ) STRICT;
  -- What was sent or is to be; no reference, because those of a webhook that is removed go in steps.
  CREATE TABLE webhook_delivery (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    webhook_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    event_position INTEGER,
    created_at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_at_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    last TEXT
  ) STRICT;
  CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, due_at_ms, number) WHERE state IN ('waiting', 'sending');
  CREATE INDEX webhook_delivery_log ON webhook_delivery (webhook_id, number);
  CREATE INDEX webhook_delivery_state ON webhook_delivery (webhook_id, state, number);
  CREATE INDEX webhook_delivery_age ON webhook_delivery (created_at_ms);
  `,
  `
  -- What of a node needs somebody: the conditions that come of its facts, and as alerts were last judged by, with how it was
  -- heard then. Those that differ are found by an index of their own. The alerts that are open, and how urgent they are.
  ALTER TABLE node_fact ADD COLUMN crash_loop_at_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE node_fact ADD COLUMN clock TEXT NOT NULL DEFAULT '';
  ALTER TABLE node_fact ADD COLUMN conditions TEXT NOT NULL DEFAULT '';
  ALTER TABLE node_fact ADD COLUMN noted_conditions TEXT NOT NULL DEFAULT '';
  ALTER TABLE node_fact ADD COLUMN alerts TEXT NOT NULL DEFAULT '';
  ALTER TABLE node_fact ADD COLUMN urgency INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX node_fact_urgency ON node_fact (urgency, node_id);
  CREATE INDEX node_fact_unnoted ON node_fact (node_id)
    WHERE noted_conditions <> conditions || CASE state WHEN 'offline' THEN '/offline' ELSE '' END;
  -- Groups are counted by value.
  DROP INDEX node_label_key;
  CREATE INDEX node_label_key ON node_label (key, value);

  -- Also those that have not opened yet.
  CREATE TABLE alert (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    -- None of an alert of a group.
    node_id TEXT REFERENCES node ON DELETE CASCADE,
    urgency_rank INTEGER NOT NULL,
    since_ms INTEGER NOT NULL,
    opened_at_ms INTEGER,
    -- When it is to be looked at, whatever becomes of its condition.
    due_at_ms INTEGER,
    -- The alert that it is part of.
    group_id TEXT,
    -- It does not open before that is over.
    maintenance_id TEXT,
    -- Apart from the record, because people change it; 0: never.
    snoozed_until_ms INTEGER NOT NULL DEFAULT 0,
    snooze TEXT,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alert_node ON alert (node_id) WHERE node_id IS NOT NULL;
  CREATE INDEX alert_due ON alert (due_at_ms) WHERE due_at_ms IS NOT NULL;
  CREATE INDEX alert_open ON alert (urgency_rank, since_ms, id) WHERE opened_at_ms IS NOT NULL AND group_id IS NULL;
  CREATE INDEX alert_group ON alert (group_id) WHERE group_id IS NOT NULL;
  CREATE INDEX alert_maintenance ON alert (maintenance_id) WHERE maintenance_id IS NOT NULL;

  CREATE TABLE maintenance (
    id TEXT PRIMARY KEY,
    actor TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX maintenance_until ON maintenance (until_ms);
  `,
  `
  -- What nodes accept: the sweeper derives it.
  ALTER TABLE node_fact ADD COLUMN legacy TEXT NOT NULL DEFAULT '';
  ALTER TABLE node_fact ADD COLUMN accepted_commands TEXT NOT NULL DEFAULT '';
  `,
  `
  -- Rollouts, with their counts of members by wave and state. Whoever changes one or a member counts its revision up.
  CREATE TABLE rollout (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL,
    -- Whether somebody must look after it.
    is_unsettled INTEGER NOT NULL,
    actor TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX rollout_age ON rollout (created_at_ms, id);
  CREATE INDEX rollout_unsettled ON rollout (created_at_ms, id) WHERE is_unsettled;
  CREATE INDEX rollout_open ON rollout (created_at_ms, id) WHERE state <> 'finished' AND state <> 'stopped';
  CREATE INDEX rollout_ended ON rollout (ended_at_ms) WHERE ended_at_ms IS NOT NULL;
  CREATE TABLE rollout_node (
    rollout_id TEXT NOT NULL REFERENCES rollout ON DELETE CASCADE,
    -- No reference: what became of a node that is forgotten since is still told.
    node_id TEXT NOT NULL,
    wave INTEGER NOT NULL,
    group_value TEXT NOT NULL,
    rank TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    since_ms INTEGER NOT NULL,
    wait_until_ms INTEGER,
    offer_count INTEGER NOT NULL,
    failure_count INTEGER NOT NULL,
    command_id TEXT,
    is_holding INTEGER NOT NULL,
    PRIMARY KEY (rollout_id, node_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX rollout_node_state ON rollout_node (rollout_id, state, node_id);
  CREATE INDEX rollout_node_held ON rollout_node (rollout_id, wave, rank, node_id, group_value) WHERE state = 'held';
  CREATE INDEX rollout_node_deferred ON rollout_node (rollout_id, node_id, group_value, wait_until_ms)
    WHERE state = 'deferred';
  CREATE INDEX rollout_node_overdue ON rollout_node (rollout_id, since_ms, node_id) WHERE state = 'deferred';
  -- No two rollouts offer a node anything at a time.
  CREATE UNIQUE INDEX rollout_node_holding ON rollout_node (node_id) WHERE is_holding;
  `,
  `
  -- The nodes of a large job are frozen in pieces, under an ID of its own. It is there once it has the ID that was asked for.
  ALTER TABLE bulk_job ADD COLUMN asked_id TEXT;
  UPDATE bulk_job SET asked_id = id;
  CREATE UNIQUE INDEX bulk_job_asked ON bulk_job (asked_id) WHERE asked_id IS NOT NULL;
  `,
];

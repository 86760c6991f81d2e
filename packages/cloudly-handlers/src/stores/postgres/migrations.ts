/**
 * Each migration upgrades a fleet from the version of its index to the next one. A published migration never changes. They
 * run with the fleet's schema as search path.
 *
 * Every table keeps its record whole, as JSON text, so a new field of a record needs no migration. The columns beside the
 * record are those that the database itself searches, judges by or changes. As text, because jsonb takes no \u0000 and changes
 * numbers and the order of keys.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE cloudly (
    only_row integer PRIMARY KEY CHECK (only_row = 1),
    schema_version integer NOT NULL,
    cloudly_id text NOT NULL,
    -- When a write was last tried.
    probed_at_ms bigint NOT NULL DEFAULT 0
  );

  CREATE TABLE join_token (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    hash text NOT NULL UNIQUE,
    used_count bigint NOT NULL,
    revoked_at_ms bigint,
    revoked_reason text,
    record text NOT NULL
  );

  CREATE TABLE node (
    node_id text COLLATE "C" PRIMARY KEY,
    revision bigint NOT NULL,
    join_token_id text NOT NULL,
    approved_at_ms bigint,
    revoked_at_ms bigint,
    current_token_hash text UNIQUE,
    next_token_hash text UNIQUE,
    record text NOT NULL
  );
  CREATE INDEX node_active ON node (node_id) WHERE approved_at_ms IS NOT NULL AND revoked_at_ms IS NULL;
  CREATE INDEX node_pending ON node (join_token_id) WHERE approved_at_ms IS NULL AND revoked_at_ms IS NULL;
  CREATE INDEX node_revoked ON node (node_id) WHERE revoked_at_ms IS NOT NULL;

  -- The last heartbeat and the head of the status, apart from node because every heartbeat writes them; and what a report
  -- is judged by: the process whose reports are kept, none of a revoked node. A report locks this row alone, so it never waits in a circle with a
  -- change that has locked the node. That is why status and history refer to it and not to node. It has no index on
  -- what changes with every heartbeat, so that rows are rewritten in their place.
  CREATE TABLE presence (
    node_id text COLLATE "C" PRIMARY KEY REFERENCES node ON DELETE CASCADE,
    accepted_boot_id text,
    expected_by_ms bigint,
    last_heartbeat text,
    status_head text,
    CHECK ((expected_by_ms IS NULL) = (last_heartbeat IS NULL))
  ) WITH (fillfactor = 50);

  -- The document of a status, apart from presence because it may be large and changes seldom.
  CREATE TABLE status (
    node_id text COLLATE "C" PRIMARY KEY REFERENCES presence ON DELETE CASCADE,
    status text NOT NULL
  );

  -- The slots that are closed; the open ones follow from presence.
  CREATE TABLE history (
    node_id text COLLATE "C" REFERENCES presence ON DELETE CASCADE,
    resolution text,
    start_ms bigint,
    heartbeat_count bigint NOT NULL,
    record text NOT NULL,
    PRIMARY KEY (node_id, resolution, start_ms)
  );
  CREATE INDEX history_age ON history (resolution, start_ms);

  CREATE TABLE command (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    node_id text COLLATE "C" NOT NULL REFERENCES node ON DELETE CASCADE,
    id text NOT NULL,
    queued_at_ms bigint NOT NULL,
    expires_at_ms bigint NOT NULL,
    listed_at_ms bigint,
    cancelled_at_ms bigint,
    result text,
    record text NOT NULL,
    UNIQUE (node_id, id)
  );
  CREATE INDEX command_expiry ON command (node_id, expires_at_ms);
  CREATE INDEX command_age ON command (expires_at_ms);
  `,
  `
  -- What the node was doing with a command, as of the last heartbeat that named it.
  ALTER TABLE command ADD COLUMN running text;
  -- When Cloudly ends a command that was listed and has no result; commands of before get the longest time of all kinds.
  ALTER TABLE command ADD COLUMN ends_at_ms bigint;
  UPDATE command SET ends_at_ms = expires_at_ms + 87360000;
  ALTER TABLE command ADD COLUMN ended_at_ms bigint;
  CREATE INDEX command_end ON command ((CASE WHEN listed_at_ms IS NULL THEN expires_at_ms ELSE ends_at_ms END))
    WHERE result IS NULL AND ended_at_ms IS NULL;
  `,
  `
  -- Changes with every report, so that the next one can be written by a statement that is guarded by it. It starts
  -- where the node's revision does, so that a node that was forgotten and registered again never has an earlier one.
  ALTER TABLE presence ADD COLUMN version bigint NOT NULL DEFAULT 0;
  `,
  `
  -- The slots that are closed, in partitions of time: what is too old is dropped with its table, without a dead row. The store
  -- makes the next ones in time (history-partitions.ts); what comes before its partition is there goes to the rest. No slot
  -- refers to its node, because a table that refers to another cannot be dropped without locking that.
  ALTER TABLE history RENAME TO history_before;
  ALTER TABLE history_before RENAME CONSTRAINT history_pkey TO history_before_pkey;
  CREATE TABLE history (
    node_id text COLLATE "C" NOT NULL,
    resolution text NOT NULL,
    start_ms bigint NOT NULL,
    heartbeat_count bigint NOT NULL,
    record text NOT NULL,
    PRIMARY KEY (node_id, resolution, start_ms)
  ) PARTITION BY LIST (resolution);
  CREATE TABLE history_detail PARTITION OF history FOR VALUES IN ('detail') PARTITION BY RANGE (start_ms);
  CREATE TABLE history_hours PARTITION OF history FOR VALUES IN ('hours') PARTITION BY RANGE (start_ms);
  CREATE TABLE history_detail_rest PARTITION OF history_detail DEFAULT;
  CREATE TABLE history_hours_rest PARTITION OF history_hours DEFAULT;
  CREATE INDEX history_detail_rest_age ON history_detail_rest (start_ms);
  CREATE INDEX history_hours_rest_age ON history_hours_rest (start_ms);
  INSERT INTO history SELECT node_id, resolution, start_ms, heartbeat_count, record FROM history_before;
  DROP TABLE history_before;
  -- Earlier slots are too old, whether their partition is dropped yet or not.
  ALTER TABLE cloudly ADD COLUMN detail_from_ms bigint NOT NULL DEFAULT 0;
  ALTER TABLE cloudly ADD COLUMN hours_from_ms bigint NOT NULL DEFAULT 0;
  `,
  `
  -- What operators filter and sort nodes by; derived, with the version of what derives it. Absent values are empty. Every
  -- column that lists sort by has an index with the node's ID. It refers to presence, as all does that is changed under the
  -- lock of that row, so that its transactions never wait for one that has locked the node.
  CREATE TABLE node_fact (
    node_id text COLLATE "C" PRIMARY KEY REFERENCES presence ON DELETE CASCADE,
    -- 0: they are still to be derived.
    facts_version integer NOT NULL,
    registered_at_ms bigint NOT NULL,
    join_token_id text COLLATE "C" NOT NULL,
    approval text COLLATE "C" NOT NULL,
    clone text COLLATE "C" NOT NULL,
    -- The operator's name, else the device's own, folded: to sort by.
    shown_name text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    hostname text COLLATE "C" NOT NULL,
    uuid text COLLATE "C" NOT NULL,
    device_type text COLLATE "C" NOT NULL,
    os_version text COLLATE "C" NOT NULL,
    os_key text COLLATE "C" NOT NULL,
    agent_version text COLLATE "C" NOT NULL,
    agent_key text COLLATE "C" NOT NULL,
    supervisor_state text COLLATE "C" NOT NULL,
    supervisor_version text COLLATE "C" NOT NULL,
    supervisor_key text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    release_commit text COLLATE "C" NOT NULL,
    staged_commit text COLLATE "C" NOT NULL,
    update_state text COLLATE "C" NOT NULL,
    updates_mode text COLLATE "C" NOT NULL,
    gate text COLLATE "C" NOT NULL,
    -- In steps of 5; -1 if the node does not report it.
    free_storage_percent integer NOT NULL,
    label_text text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    -- What the sweeper and the node's own requests have found last.
    state text COLLATE "C" NOT NULL,
    -- The last heartbeat of a node that is late or offline; 0 while it was never seen, 9e15 while it is online.
    quiet_since_ms bigint NOT NULL
  );
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
    node_id text COLLATE "C" PRIMARY KEY REFERENCES presence ON DELETE CASCADE,
    check_at_ms bigint NOT NULL
  );
  CREATE INDEX node_watch_due ON node_watch (check_at_ms);

  -- What people have written about a node; its labels are in node_label, too, to count the keys.
  CREATE TABLE node_profile (
    node_id text COLLATE "C" PRIMARY KEY REFERENCES presence ON DELETE CASCADE,
    revision bigint NOT NULL,
    record text NOT NULL
  );
  CREATE TABLE node_label (
    node_id text COLLATE "C" NOT NULL REFERENCES presence ON DELETE CASCADE,
    key text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    PRIMARY KEY (node_id, key)
  );
  CREATE INDEX node_label_key ON node_label (key);

  -- What happened, in one order. Writers leave events in event_new, whose positions are no order: a transaction that began
  -- earlier may commit later. Any process moves them on, under the lock of event_head, which gives each its position.
  CREATE TABLE event (
    position bigint PRIMARY KEY,
    at_ms bigint NOT NULL,
    actor text NOT NULL,
    node_id text COLLATE "C",
    -- Of the node that had the ID then: a timeline is of one registration.
    registered_at_ms bigint,
    kind text NOT NULL,
    is_audit boolean NOT NULL,
    details text NOT NULL
  );
  CREATE INDEX event_node ON event (node_id, position) WHERE node_id IS NOT NULL;
  CREATE INDEX event_audit ON event (position) WHERE is_audit;
  CREATE INDEX event_kind ON event (kind, position);
  CREATE INDEX event_age ON event (is_audit, at_ms);
  CREATE TABLE event_new (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at_ms bigint NOT NULL,
    actor text NOT NULL,
    node_id text COLLATE "C",
    registered_at_ms bigint,
    kind text NOT NULL,
    is_audit boolean NOT NULL,
    details text NOT NULL
  );
  CREATE TABLE event_head (
    only_row integer PRIMARY KEY CHECK (only_row = 1),
    position bigint NOT NULL
  );
  INSERT INTO event_head VALUES (1, 0);
  ALTER TABLE cloudly ADD COLUMN events_epoch text NOT NULL DEFAULT to_hex((random() * 281474976710655)::bigint);

  CREATE TABLE node_view (
    id text PRIMARY KEY,
    revision bigint NOT NULL,
    record text NOT NULL
  );

  CREATE TABLE bulk_job (
    id text PRIMARY KEY,
    created_at_ms bigint NOT NULL,
    actor text NOT NULL,
    confirm_until_ms bigint NOT NULL,
    confirmed_at_ms bigint,
    stopped_at_ms bigint,
    ended_at_ms bigint,
    node_count integer NOT NULL,
    -- How many of its nodes had which result.
    done_count integer NOT NULL DEFAULT 0,
    failed_count integer NOT NULL DEFAULT 0,
    skipped_count integer NOT NULL DEFAULT 0,
    record text NOT NULL
  );
  CREATE INDEX bulk_job_age ON bulk_job (created_at_ms);
  CREATE TABLE bulk_node (
    job_id text NOT NULL REFERENCES bulk_job ON DELETE CASCADE,
    -- No reference: what became of a node that is forgotten since is still told.
    node_id text COLLATE "C" NOT NULL,
    -- Somebody works on it until then.
    lease_until_ms bigint NOT NULL DEFAULT 0,
    outcome text,
    reason text,
    PRIMARY KEY (job_id, node_id)
  );
  CREATE INDEX bulk_node_waiting ON bulk_node (job_id, lease_until_ms, node_id) WHERE outcome IS NULL;

  -- For a fleet of before: the sweeper derives the facts. (What ->> reads must have no \\u0000 anywhere, what -> reads may.)
  INSERT INTO node_fact SELECT
    node_id, 0, (record::json -> 'registeredAtMs')::text::bigint, join_token_id,
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
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    id text NOT NULL,
    -- What finds it; not of operators.
    hash text UNIQUE,
    -- The operator without whom it ends.
    owner_id text,
    -- Apart from the record, because that changes without a decision; 0: never.
    used_at_ms bigint NOT NULL,
    record text NOT NULL,
    UNIQUE (kind, id)
  );
  `,
  `
  -- Where events are sent. Events up to the position of the epoch are queued.
  CREATE TABLE webhook (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    revision bigint NOT NULL,
    record text NOT NULL,
    epoch text NOT NULL,
    position bigint NOT NULL,
    disabled_at_ms bigint,
    disabled_reason text,
    failing_since_ms bigint
  );
  -- What was sent or is to be; no reference, because those of a webhook that is removed go in steps.
  CREATE TABLE webhook_delivery (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    webhook_id text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    event_position bigint,
    created_at_ms bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    attempts integer NOT NULL,
    due_at_ms bigint NOT NULL,
    body text NOT NULL,
    last text
  );
  CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, due_at_ms, number) WHERE state IN ('waiting', 'sending');
  CREATE INDEX webhook_delivery_log ON webhook_delivery (webhook_id, number);
  CREATE INDEX webhook_delivery_state ON webhook_delivery (webhook_id, state, number);
  CREATE INDEX webhook_delivery_age ON webhook_delivery (created_at_ms);
  `,
  `
  -- What of a node needs somebody: the conditions that come of its facts, and as alerts were last judged by, with how it was
  -- heard then. Those that differ are found by an index of their own. The alerts that are open, and how urgent they are.
  ALTER TABLE node_fact ADD COLUMN crash_loop_at_ms bigint NOT NULL DEFAULT 0;
  ALTER TABLE node_fact ADD COLUMN clock text COLLATE "C" NOT NULL DEFAULT '';
  ALTER TABLE node_fact ADD COLUMN conditions text COLLATE "C" NOT NULL DEFAULT '';
  ALTER TABLE node_fact ADD COLUMN noted_conditions text COLLATE "C" NOT NULL DEFAULT '';
  ALTER TABLE node_fact ADD COLUMN alerts text COLLATE "C" NOT NULL DEFAULT '';
  ALTER TABLE node_fact ADD COLUMN urgency integer NOT NULL DEFAULT 0;
  -- A column of its own, because the planner knows how many rows have which value of a column, and nothing of an expression.
  ALTER TABLE node_fact ADD COLUMN is_unnoted boolean NOT NULL GENERATED ALWAYS AS (
    noted_conditions <> conditions || CASE state WHEN 'offline' THEN '/offline' ELSE '' END
  ) STORED;
  CREATE INDEX node_fact_urgency ON node_fact (urgency, node_id);
  CREATE INDEX node_fact_unnoted ON node_fact (node_id) WHERE is_unnoted;
  -- Groups are counted by value.
  DROP INDEX node_label_key;
  CREATE INDEX node_label_key ON node_label (key, value);

  -- Also those that have not opened yet.
  CREATE TABLE alert (
    id text COLLATE "C" PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    -- None of an alert of a group.
    node_id text COLLATE "C" REFERENCES presence ON DELETE CASCADE,
    urgency_rank integer NOT NULL,
    since_ms bigint NOT NULL,
    opened_at_ms bigint,
    -- When it is to be looked at, whatever becomes of its condition.
    due_at_ms bigint,
    -- The alert that it is part of.
    group_id text COLLATE "C",
    -- It does not open before that is over.
    maintenance_id text,
    -- Apart from the record, because people change it; 0: never.
    snoozed_until_ms bigint NOT NULL DEFAULT 0,
    snooze text,
    record text NOT NULL
  );
  CREATE INDEX alert_node ON alert (node_id) WHERE node_id IS NOT NULL;
  CREATE INDEX alert_due ON alert (due_at_ms) WHERE due_at_ms IS NOT NULL;
  CREATE INDEX alert_open ON alert (urgency_rank, since_ms, id) WHERE opened_at_ms IS NOT NULL AND group_id IS NULL;
  CREATE INDEX alert_group ON alert (group_id) WHERE group_id IS NOT NULL;
  CREATE INDEX alert_maintenance ON alert (maintenance_id) WHERE maintenance_id IS NOT NULL;

  CREATE TABLE maintenance (
    id text PRIMARY KEY,
    actor text NOT NULL,
    from_ms bigint NOT NULL,
    until_ms bigint NOT NULL,
    ended_at_ms bigint,
    record text NOT NULL
  );
  CREATE INDEX maintenance_until ON maintenance (until_ms);

  -- Alerts are kept by one process at a time, which locks this row, so that two never lock alerts in different orders.
  CREATE TABLE alert_keeper (only_row integer PRIMARY KEY CHECK (only_row = 1));
  INSERT INTO alert_keeper VALUES (1);
  `,
  `
  -- What nodes accept: the sweeper derives it.
  ALTER TABLE node_fact ADD COLUMN legacy text NOT NULL DEFAULT '';
  ALTER TABLE node_fact ADD COLUMN accepted_commands text NOT NULL DEFAULT '';
  `,
  `
  -- Rollouts, with their counts of members by wave and state. Whoever changes one or a member counts its revision up.
  CREATE TABLE rollout (
    id text COLLATE "C" PRIMARY KEY,
    revision bigint NOT NULL,
    state text NOT NULL,
    -- Whether somebody must look after it.
    is_unsettled boolean NOT NULL,
    actor text NOT NULL,
    created_at_ms bigint NOT NULL,
    ended_at_ms bigint,
    record text NOT NULL
  );
  CREATE INDEX rollout_age ON rollout (created_at_ms, id);
  CREATE INDEX rollout_unsettled ON rollout (created_at_ms, id) WHERE is_unsettled;
  CREATE INDEX rollout_open ON rollout (created_at_ms, id) WHERE state <> 'finished' AND state <> 'stopped';
  CREATE INDEX rollout_ended ON rollout (ended_at_ms) WHERE ended_at_ms IS NOT NULL;
  CREATE TABLE rollout_node (
    rollout_id text COLLATE "C" NOT NULL REFERENCES rollout ON DELETE CASCADE,
    -- No reference: what became of a node that is forgotten since is still told.
    node_id text COLLATE "C" NOT NULL,
    wave integer NOT NULL,
    group_value text COLLATE "C" NOT NULL,
    rank text COLLATE "C" NOT NULL,
    state text NOT NULL,
    reason text,
    since_ms bigint NOT NULL,
    wait_until_ms bigint,
    offer_count integer NOT NULL,
    failure_count integer NOT NULL,
    command_id text,
    is_holding boolean NOT NULL,
    PRIMARY KEY (rollout_id, node_id)
  );
  CREATE INDEX rollout_node_state ON rollout_node (rollout_id, state, node_id);
  CREATE INDEX rollout_node_held ON rollout_node (rollout_id, wave, rank, node_id, group_value) WHERE state = 'held';
  CREATE INDEX rollout_node_deferred ON rollout_node (rollout_id, node_id, group_value, wait_until_ms)
    WHERE state = 'deferred';
  CREATE INDEX rollout_node_overdue ON rollout_node (rollout_id, since_ms, node_id) WHERE state = 'deferred';
  -- No two rollouts offer a node anything at a time.
  CREATE UNIQUE INDEX rollout_node_holding ON rollout_node (node_id) WHERE is_holding;
  `,
];

CREATE TABLE cloudly (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  cloudly_id TEXT NOT NULL
) STRICT;

CREATE TABLE join_token (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  max_uses INTEGER NOT NULL,
  used_count INTEGER NOT NULL,
  requires_approval INTEGER NOT NULL,
  revoked_at_ms INTEGER
) STRICT;

CREATE TABLE node (
  node_id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  registration_key_hash TEXT NOT NULL,
  approval_code TEXT NOT NULL,
  join_token_id TEXT NOT NULL,
  registered_at_ms INTEGER NOT NULL,
  approved_at_ms INTEGER,
  revoked_at_ms INTEGER,
  current_token_id TEXT,
  current_token_hash TEXT UNIQUE,
  current_token_issued_at_ms INTEGER,
  next_token_id TEXT,
  next_token_hash TEXT UNIQUE,
  next_token_issued_at_ms INTEGER,
  boot_id TEXT NOT NULL,
  superseded_boots TEXT NOT NULL
) STRICT;

-- Apart from node, because it is written with every heartbeat.
CREATE TABLE heartbeat (
  node_id TEXT PRIMARY KEY REFERENCES node,
  boot_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  vitals TEXT NOT NULL,
  running_command TEXT
) STRICT;

-- Apart from heartbeat, because it may be large and changes seldom.
CREATE TABLE status (
  node_id TEXT PRIMARY KEY REFERENCES node,
  boot_id TEXT NOT NULL,
  received_at_ms INTEGER NOT NULL,
  hash TEXT,
  status TEXT NOT NULL
) STRICT;

INSERT INTO cloudly VALUES (1, 'cloudly-of-before');
INSERT INTO join_token VALUES ('join', 'hash of join', 1, 2, 3, 1, 0, NULL);
INSERT INTO node VALUES (
  'n', 4, 'key hash', 'ABCD1234', 'join', 10, 10, NULL, 'current', 'hash of current', 11, 'next', 'hash of next', 12,
  'boot-2', '[{"bootId":"boot-1","lastSequence":5,"lastSeenAtMs":9}]'
);
INSERT INTO heartbeat VALUES ('n', 'boot-2', 7, 1000, '{"agentUptimeMs":1,"agentRssBytes":2,"failedHeartbeats":0}', NULL);
INSERT INTO status VALUES ('n', 'boot-2', 900, 'h', '{"host":{}}');
PRAGMA application_id = 0x424f5343;
PRAGMA user_version = 1;

// A process that answers the heartbeats of a varied fleet, started by rollouts.mjs. When it is told to, it freezes the members of a
// rollout over all nodes, and carries that out, a step each second, as its runner does while there are news. Each node's command
// has succeeded by the next step.
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { createCloudlyHandlers, startRollout, stepRollout } from '@serve.zone/baseos-cloudly-handlers';
import { nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import { openPostgresStore } from '@serve.zone/baseos-cloudly-handlers/postgres';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { fillPostgres, fillSqlite } from './fill-fleet.mjs';
import { serveHeartbeats } from './serve-heartbeats.mjs';
import { variedFleet } from './varied-fleet.mjs';

const [, , kind, countText, place] = process.argv;
const nodeCount = Number(countText);
const STEP_EVERY_MS = 1000;
const rolloutId = '6a0c2d1e-8a43-4b62-9d1f-0f4c7f6f2b10';
const actor = 'cli:bench';

const openStores = {
  sqlite: async () => {
    const path = join(place, 'fleet.sqlite');
    await fillSqlite(path, nodeCount, variedFleet(nodeCount));
    return openSqliteStore(path);
  },
  postgres: async () => {
    await fillPostgres(place, 'varied', nodeCount, variedFleet(nodeCount));
    return openPostgresStore(place, { schema: 'varied' });
  },
};

const store = await openStores[kind]();
const handlers = createCloudlyHandlers({
  store,
  cloudlyId: await store.cloudlyId(),
  requestsPerNodeMax: Number.MAX_SAFE_INTEGER,
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});
serveHeartbeats(nodeListener(handlers.fetch));

/** As many members as nodes, in flight at a time as by default, and groups of which some have no room. */
const draft = {
  id: rolloutId,
  revision: 0,
  name: 'bench',
  command: { kind: 'restart-app' },
  selector: '',
  createdAtMs: Date.now(),
  createdBy: actor,
  role: 'admin',
  waves: [{ gate: 'auto', soakMs: 0 }],
  limits: {
    maxInFlight: 50,
    perGroup: { label: 'site', max: 1 },
    failPercent: 10,
    failMin: 3,
    attempts: 1,
    commandDueMs: 86_400_000,
    deferredDueMs: 7 * 86_400_000,
  },
  isDynamic: false,
  needsApproval: false,
  state: 'draft',
  waveIndex: 0,
  counts: [],
};

async function freeze() {
  const operator = store.as({ actor, nowMs: Date.now() });
  const nothing = { isUnsettled: false, members: [], offered: [], withdrawn: [], cancelled: [], events: [] };
  if (!(await operator.changeRollout({ rollout: draft, ...nothing }))) throw new Error('The rollout was not added');
  const startMs = performance.now();
  const { outcome } = await startRollout(store, rolloutId, { now: Date.now, actor });
  if (outcome !== 'started') throw new Error(`The rollout was not started: ${outcome}`);
  process.send({ frozenMs: performance.now() - startMs });
}

async function stepUntil(isOver) {
  const times = [];
  let ended = 0;
  while (!isOver()) {
    const startMs = performance.now();
    const nowMs = Date.now();
    const { outcome } = await stepRollout(store.as({ actor: 'system', nowMs }), rolloutId, { nowMs });
    times.push(performance.now() - startMs);
    if (outcome === 'contention') throw new Error('A step was not kept');
    for (const { member } of await store.as({ actor, nowMs }).readMembers(rolloutId, { which: 'in-flight' })) {
      const results = [{ id: member.commandId, outcome: 'succeeded' }];
      ended += (await store.saveCommandResults(member.nodeId, results, Date.now())).length;
    }
    await pause(Math.max(0, STEP_EVERY_MS - (performance.now() - startMs)));
  }
  process.send({ times, ended });
}

let isStepping = false;
process.on('message', (asked) => {
  if (asked === 'freeze') {
    void freeze();
    return;
  }
  isStepping = asked === 'step';
  if (isStepping) void stepUntil(() => !isStepping);
});

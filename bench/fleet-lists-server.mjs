// A process that answers the heartbeats of a varied fleet, started by fleet-lists.mjs. While it is told to, it also lists, counts
// and searches as operators do, and notes how long each takes it.
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { createCloudlyHandlers, createFleet, parseScope, parseSelector } from '@serve.zone/baseos-cloudly-handlers';
import { nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import { openPostgresStore } from '@serve.zone/baseos-cloudly-handlers/postgres';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { fillPostgres, fillSqlite } from './fill-fleet.mjs';
import { serveHeartbeats } from './serve-heartbeats.mjs';
import { variedFleet } from './varied-fleet.mjs';

const [, , kind, countText, place] = process.argv;
const nodeCount = Number(countText);
const READ_EVERY_MS = 100;

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

function list(text, by = 'name', isDescending = false) {
  return (operator, after) =>
    operator.listFleet({ selector: parseSelector(text), sort: { by, isDescending }, after, limit: 100 });
}

function count(text) {
  return (operator) => operator.countFleet({ selector: parseSelector(text), max: 10_001 });
}

function countBy(field, text = '') {
  return (operator) => operator.countFleetBy(field, { selector: parseSelector(text), limit: 50 });
}

/** What an operator reads. Of a list, the next page is read, too. */
const reads = {
  'list: all, by name': list(''),
  'list: all, by seen': list('', 'seen'),
  'list: all, by agent, descending': list('', 'agent', true),
  'list: state:offline, by seen': list('state:offline', 'seen'),
  'list: state:online, by commit': list('state:online', 'commit'),
  'list: label.site=site-7': list('label.site=site-7'),
  'list: -label.canary agent<0.3, by agent': list('-label.canary agent<0.3', 'agent'),
  'list: update=failed storage>50': list('update=failed storage>50'),
  'list: words that some have': list('raspberrypi5 00042'),
  'list: words that none has': list('nowhere to be found'),
  'list: in a scope': list(''),
  'count: all': count(''),
  'count: state:offline': count('state:offline'),
  'count: words that none has': count('nowhere to be found'),
  'count by state': countBy('state'),
  'count by os': countBy('os'),
  'count by label.site of state:online': countBy('label.site', 'state:online'),
  'keys of labels': (operator) => operator.countLabelKeys(100),
  'a node by its host name': (operator) => operator.findNodesNamed('gate-node-000000004711', 10),
  'the newest events': (operator) => operator.listEvents({ limit: 100 }),
};

const store = await openStores[kind]();
const handlers = createCloudlyHandlers({
  store,
  cloudlyId: await store.cloudlyId(),
  requestsPerNodeMax: Number.MAX_SAFE_INTEGER,
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});
serveHeartbeats(nodeListener(handlers.fetch));

async function readUntil(isOver) {
  const scope = parseScope('label.site=site-3,site-4');
  const times = [];
  while (!isOver()) {
    for (const [what, read] of Object.entries(reads)) {
      const operator = store.as({ actor: 'cli:bench', nowMs: Date.now(), ...(what.includes('scope') && { scope }) });
      const timed = async (after) => {
        const startMs = performance.now();
        const found = await read(operator, after);
        times.push({ what, ms: performance.now() - startMs });
        return found.next;
      };
      const next = await timed();
      if (next) await timed(next);
      if (isOver()) break;
      await pause(READ_EVERY_MS);
    }
  }
  process.send({ times });
}

/** A tenth of the sites, and so of the nodes. */
const TENTH = `label.site=${Array.from({ length: 10 }, (_, site) => `site-${site}`).join(',')}`;

/** Labels a tenth of the nodes by one job. */
async function labelMany() {
  const fleet = createFleet({ store });
  const caller = { actor: 'cli:bench', role: 'admin' };
  const startMs = performance.now();
  const action = { kind: 'label', labels: { bench: 'labelled' } };
  const { id, nodeCount: toLabel } = await fleet.previewBulk(caller, { action, selector: TENTH });
  const previewMs = performance.now() - startMs;
  await fleet.confirmBulk(caller, id, toLabel);
  const { done } = await fleet.runBulk(caller, id);
  process.send({ previewMs, wholeMs: performance.now() - startMs, done });
}

let isReading = false;
process.on('message', (asked) => {
  if (asked === 'cpu') return;
  if (asked === 'bulk') {
    void labelMany();
    return;
  }
  isReading = asked === 'read';
  if (isReading) void readUntil(() => !isReading);
});

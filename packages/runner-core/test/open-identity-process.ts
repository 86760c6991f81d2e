// Opens the identity of argv[2] and reports it line by line as JSON, until it is killed or its input ends.
import { dirname, join } from 'node:path';
import { parseConfig } from '../src/config/parse-config.js';
import { openIdentity } from '../src/store/open-identity.js';

const [, , statePath = '', userId] = process.argv;
if (userId !== undefined) {
  process.setgid?.(Number(userId));
  process.setuid?.(Number(userId));
}

function tell(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const parsed = parseConfig({
  BASEOS_CLOUDLY_URL: 'https://cloudly.example',
  BASEOS_STATE_PATH: statePath,
  // A lock that the state directory cannot hold goes there, and not into the machine's own.
  BASEOS_RUN_PATH: join(dirname(statePath), 'run'),
});
if (!parsed.ok) throw new Error('The configuration of this test is wrong.');
const store = await openIdentity({ config: parsed.config, onWait: (message) => tell({ waiting: message }) });
// Node's own list of the internal modules it has loaded.
const { moduleLoadList: loadedModules } = process as typeof process & { moduleLoadList: readonly string[] };
tell({
  nodeId: store.current.nodeId,
  source: store.source,
  durable: store.durable,
  notices: store.notices,
  loadedUndici: loadedModules.some((name) => name.includes('undici')),
});
process.stdin.resume();
process.stdin.on('end', () => void store.close());

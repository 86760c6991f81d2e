// Opens the identity of argv[2] for the Cloudly argv[3], and stores tokens one after the other, without an end, telling of
// each on a line of its own as soon as it is stored. It is there to be killed.
import { parseConfig } from '../src/config/parse-config.js';
import { openIdentity } from '../src/store/open-identity.js';
import { Secret } from '../src/values/secret.js';

const [, , statePath = '', cloudlyUrl = ''] = process.argv;
const parsed = parseConfig({ BASEOS_STATE_PATH: statePath, BASEOS_CLOUDLY_URL: cloudlyUrl });
if (!parsed.ok) throw new Error('The configuration of this test is wrong.');

function tell(line: object): void {
  void process.stdout.write(`${JSON.stringify(line)}\n`);
}

const store = await openIdentity({ config: parsed.config });
const { nodeId, nodeSecret, enrolment } = store.current;
const found = Number(enrolment?.nodeToken?.reveal() ?? 0);
tell({ nodeId, secret: nodeSecret.reveal(), durable: store.durable, notices: store.notices, found });
for (let token = found + 1; ; token += 1) {
  const { ok } = await store.update((identity) => ({
    ...identity,
    enrolment: { origin: cloudlyUrl, legacy: false, nodeToken: new Secret(String(token)) },
  }));
  tell(ok ? { stored: token } : { failed: token });
}

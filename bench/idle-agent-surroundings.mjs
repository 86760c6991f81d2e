// A process with what surrounds the agents of idle-agent.mjs: a Cloudly over http, one over https, and an emulated Supervisor.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { startStandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';

const folder = mkdtempSync(join(tmpdir(), 'baseos-bench-cloudly-'));

/** It is its own authority. */
function makeCertificate() {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...request, ...names, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  return { path: certificate, cert: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}

/** How many heartbeats each node has sent, and who waits for its next. */
const counts = new Map();
const expected = new Map();

function hear({ kind, nodeId, outcome }) {
  if (kind !== 'heartbeat-received' && outcome !== 'heartbeat') return;
  counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
  expected.get(nodeId)?.();
  expected.delete(nodeId);
}

const certificate = makeCertificate();
const tls = { cert: certificate.cert, key: certificate.key };
const common = { onHandled: hear, legacyNodes: true };
const plain = await startStandaloneCloudly({ ...common, databasePath: join(folder, 'plain.sqlite') });
const secure = await startStandaloneCloudly({ ...common, tls, databasePath: join(folder, 'secure.sqlite') });
const supervisor = createSupervisor({ apps: [{ appId: 1234567, services: ['baserunner', 'main', 'frontend'] }] });
const { address, close } = await supervisor.listen();

const answers = {
  joinToken: async ({ isSecure }) => (await (isSecure ? secure : plain).createJoinToken({ uses: 1 })).joinToken,
  count: ({ nodeId }) => counts.get(nodeId) ?? 0,
  next: ({ nodeId }) => new Promise((resolve) => expected.set(nodeId, () => resolve(true))),
};

async function answer({ id, ask, ...details }) {
  process.send({ id, answer: await answers[ask](details) });
}

async function end() {
  await Promise.all([plain.close(), secure.close(), close()]);
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}

process.on('message', (question) => void answer(question));
process.on('disconnect', () => void end());
process.send({
  urls: { plain: plain.url, secure: secure.url },
  authorityPath: certificate.path,
  supervisor: { address, apiKey: supervisor.apiKey },
});

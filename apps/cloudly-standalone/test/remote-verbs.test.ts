import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandPaths } from '@serve.zone/baseos-command-line';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { expect, test } from 'vitest';
import { mainCommand } from '../src/commands/main.js';
import { commandContext, type CommandRun, runCommandWith } from './run-command.js';
import { startFleet, twoShops } from './start-fleet.js';
import { startServer } from './start-server.js';

/** What is not an operator's, works on the database itself, or only on a server. */
const notBoth = ['serve', 'backup', 'recover', 'completion', 'operator join'];

/** Stands for the path of a file. */
const CSV = 'labels.csv';
/** Stands for where the links of a database lead; a server knows that. */
const LINKS = '--url';

/** A day of an operator, with what the line before has printed. */
const day: (string | ((printed: string) => string))[][] = [
  ['node', 'list'],
  ['node', 'list', '--json'],
  ['node', 'list', '--csv', '--sort', '-name'],
  ['node', 'list', 'label.shop=a', '-label.canary', '--columns', 'name,labels,state'],
  ['node', 'list', 'statee:late'],
  ['node', 'count'],
  ['node', 'count', '--by', 'label.shop', '--json'],
  ['node', 'show', 'a-1'],
  ['node', 'show', 'a-1', '--json'],
  ['node', 'show', 'nobody'],
  ['alert', 'list'],
  ['alert', 'list', '--json'],
  ['alert', 'snooze', (printed) => idOf((JSON.parse(printed) as unknown[])[0]), '--until', '1d', '--note', 'known'],
  ['alert', 'list', '--snoozed', '--csv', '--columns', 'urgency,kind,about,by'],
  ['alert', 'list', 'label.shop=b', '--all', '--kind', 'pending-approval', '--urgency', 'low,high', '--wide'],
  ['alert', 'list', '--all', '--json'],
  ['alert', 'unsnooze', (printed) => idOf((JSON.parse(printed) as unknown[])[0])],
  ['alert', 'snooze', 'offline:nobody', '--until', '1h'],
  ['maintenance', 'start', 'label.shop=a', '--until', '2h', '--note', 'new router', '--json'],
  ['maintenance', 'end', (printed) => idOf(JSON.parse(printed))],
  ['maintenance', 'start', 'state:online', '--until', '2h'],
  ['maintenance', 'list', '--all', '--columns', 'selector,by,note'],
  ['node', 'rename', 'a-1', 'Gate 1'],
  ['node', 'note', 'Gate 1', 'by the door'],
  ['node', 'label', 'a-2', 'floor=1', 'canary-'],
  ['node', 'label', 'label.shop=a', 'floor=2', '--yes'],
  ['node', 'label', 'a-2', 'bad key=1'],
  ['node', 'labels', 'export'],
  ['node', 'labels', 'import', CSV, '--dry-run'],
  ['node', 'labels', 'import', CSV, '--count', '1', '--json'],
  ['view', 'save', 'Late', 'state:late', '--sort', '-seen'],
  ['view', 'save', 'Late', 'state:late,offline'],
  ['view', 'list', '--json'],
  ['node', 'list', '--view', 'Late'],
  ['view', 'remove', 'Late'],
  ['view', 'remove', 'Late'],
  ['node', 'approve', 'b-1', '--code', '4T9W-0GZ7-KM2P-X6QA'],
  ['node', 'approve', 'b-1'],
  ['node', 'approve', 'b-1', '--json'],
  ['node', 'revoke', 'label.shop=a', '--count', '3'],
  ['node', 'revoke', 'a-2'],
  ['node', 'unrevoke', 'label.shop=a', '--yes', '--json'],
  ['node', 'unrevoke', 'a-2'],
  ['node', 'rebind', 'a-2', '--code', '4T9W-0GZ7-KM2P-X6QA'],
  ['node', 'resolve', 'a-2'],
  ['node', 'rotate', 'a-2'],
  ['node', 'rotate', 'a-2', '--leaked'],
  ['node', 'rotate', 'label.shop=a', '--yes'],
  ['node', 'updates', 'a-2', 'gated'],
  ['node', 'command', 'label.shop=a', 'blink', '--yes'],
  ['node', 'command', 'b-1', 'reboot'],
  ['node', 'cancel', 'b-1', (printed) => printed.trim()],
  ['node', 'commands', 'b-1'],
  ['node', 'commands', 'b-1', '--json'],
  ['node', 'cancel', 'b-1', 'ffff'],
  ['node', 'forget', 'a-3'],
  ['node', 'forget', 'a-3'],
  ['join-token', 'create', '--url=https://cloudly.example', '--label', 'shop=c', '--uses', '3'],
  ['join-token', 'create', '--url=https://cloudly.example', '--json'],
  ['join-token', 'revoke', (printed) => idOf(JSON.parse(printed)), '--reason', 'lost'],
  ['join-token', 'revoke', 'nothing'],
  ['join-token', 'list', '--wide'],
  ['operator', 'list'],
  ['operator', 'invite', 'ben', '--role', 'operate', '--scope', 'label.shop=a', LINKS],
  ['operator', 'invite', 'eve', '--role', 'boss', LINKS],
  ['operator', 'change', 'ada', '--role', 'view', '--scope', 'label.shop=a'],
  ['operator', 'reset', 'ada', LINKS, '--json'],
  ['operator', 'remove', 'ada'],
  ['operator', 'remove', 'ada'],
  ['operator', 'token', 'create', 'ci', '--role', 'view', '--expires', '30d'],
  ['operator', 'token', 'revoke', 'ci', '--reason', 'no longer needed'],
  ['operator', 'token', 'list', '--columns', 'name,state,role,by,why-revoked'],
  ['rollout', 'create', 'Spring', 'update', 'label.shop=a', '--commit', 'abc', '--approval', '--json'],
  ['rollout', 'create', 'Summer', 'update', 'label.shop=a'],
  ['rollout', 'list', '--wide'],
  ['rollout', 'list', '--json'],
  ['rollout', 'show', 'Spring'],
  ['rollout', 'change', 'Spring', '--fail-percent', '20'],
  ['rollout', 'preview', 'Spring'],
  ['rollout', 'start', 'Spring'],
  ['rollout', 'approve', 'Spring'],
  ['rollout', 'pause', 'Spring'],
  ['rollout', 'pause', '--all'],
  ['rollout', 'resume', 'Spring'],
  ['rollout', 'members', 'Spring'],
  ['rollout', 'take-over', 'Spring', 'a-1'],
  ['rollout', 'stop', 'Spring'],
  ['rollout', 'show', 'Spring', '--json'],
  ['why', 'a-1'],
  ['why', 'a-1', '--json'],
  ['webhook', 'create', 'Chat', 'https://hooks.invalid/x', '--kind', 'node-offline,node-back'],
  ['webhook', 'create', 'Chat', 'https://hooks.invalid/x', '--kind', 'node-ofline'],
  ['webhook', 'create', 'Metadata', 'https://169.254.169.254/', '--json'],
  ['webhook', 'list'],
  ['webhook', 'list', '--json'],
  ['webhook', 'change', 'Chat', '--kind', 'all', '--selector', 'label.shop=a', '--json'],
  ['webhook', 'change', 'Chat'],
  ['webhook', 'test', 'Chat'],
  ['webhook', 'disable', 'Chat'],
  ['webhook', 'enable', 'Chat', '--from-now'],
  ['webhook', 'rotate', 'Chat'],
  ['webhook', 'deliveries', 'Chat', '--state', 'failed', '--csv', '--columns', 'event,state,attempts,result'],
  ['webhook', 'resend', 'Chat', 'msg_1'],
  ['webhook', 'delete', 'Chat'],
  ['webhook', 'delete', 'Chat'],
  ['events', '--limit', '200', '--csv', '--columns', 'node,what,who,kind'],
  ['events', '--node', 'Gate 1', '--audit', '--csv', '--columns', 'node,what,who,kind'],
];

function idOf(value: unknown): string {
  return String((value as { id: unknown }).id);
}

test('a day includes every command of operators', async () => {
  const paths = (await commandPaths(mainCommand(commandContext()))).map((path) => path.join(' '));
  const commands = paths.filter((path) => path !== '' && !paths.some((other) => other.startsWith(`${path} `)));
  const lines = day.map((line) => line.join(' '));
  const missing = commands.filter((command) => !lines.some((line) => `${line} `.startsWith(`${command} `)));
  expect(missing).toEqual(notBoth);
});

test('the links of a server lead to itself', async () => {
  const env = { CLOUDLY_TOKEN: 'bot_any', CLOUDLY_SERVER: 'https://cloudly.example' };
  const invited = await run(env, 'operator', 'invite', 'ben', '--role', 'view', '--url', 'https://another.example');
  expect(invited).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--url is for a fleet in a database') });
});

test('every command of operators does on a server what it does in a database', async () => {
  const { data, cloudly } = await startFleet(twoShops);
  await cloudly.store.keepAlerts({ nowMs: Date.now(), groupLabel: 'site', limit: 100 });
  await addOperator(cloudly.url, (await run({}, 'operator', 'invite', '--data', data)).stdout);
  const created = await run({}, 'operator', 'token', 'create', 'tests', '--role', 'admin', '--data', data);
  const env = { CLOUDLY_TOKEN: created.stdout.trim() };
  await cloudly.close();
  const copy = join(temporaryFolder(), 'fleet.sqlite');
  copyFileSync(data, copy);
  const { url } = await startServer({ databasePath: copy });
  const csv = join(temporaryFolder(), CSV);
  writeFileSync(csv, 'node,label.shop\na-2,c\n');

  const printed = { local: '', remote: '' };
  for (const line of day) {
    const lineAfter = (before: string, ...links: string[]) =>
      line.flatMap((word) => {
        if (typeof word !== 'string') return word(before);
        return { [CSV]: [csv], [LINKS]: links }[word] ?? word;
      });
    const local = await run({}, ...lineAfter(printed.local, `--url=${url}`), '--data', data);
    const remote = await run(env, ...lineAfter(printed.remote), '--server', url);
    expect({ line, ...normal(remote) }).toEqual({ line, ...normal(local) });
    [printed.local, printed.remote] = [local.stdout, remote.stdout];
  }
});

/** Accepts the invitation of the first operator, as the page does. */
async function addOperator(url: string, link: string): Promise<void> {
  const invitation = link.trim().split('#')[1];
  const { status } = await fetch(`${url}/api/v1/invitations/accept`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ invitation, name: 'ada', password: 'correct horse battery' }),
  });
  expect(status).toBe(201);
}

function run(env: Record<string, string>, ...argv: string[]): Promise<CommandRun> {
  return runCommandWith({ env }, ...argv);
}

/** Without what is random, or depends on the time. */
function normal({ exitCode, stdout, stderr }: CommandRun): CommandRun {
  const even = (text: string): string =>
    text
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'UUID')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll(/\b1[789]\d{11}\b/g, 'TIME')
      .replaceAll(/just now|\d+ (?:s|min) ago/g, 'AGO')
      .replaceAll(/b(jt|ot|oi)_\w+/g, 'TOKEN')
      .replaceAll(/whsec_[\w+/=]+/g, 'SECRET')
      .replaceAll(/\b([0-9a-f]{8}|\w{11})\b/g, 'ID')
      .replaceAll(/cli:\w+|token:tests/g, 'SOMEBODY')
      .replaceAll(/ {2,}/g, '  ');
  const isEvents = stdout.startsWith('node,what,who,kind');
  // A job changes several nodes at once, and their events come in any order.
  // Nobody opens and closes alerts of a database without a server.
  const ofPeople = (text: string): string[] =>
    text.split('\n').filter((line) => !/,alert-(?:opened|closed)$/.test(line));
  const inOrder = (text: string): string => (isEvents ? ofPeople(text).toSorted().join('\n') : text);
  return { exitCode, stdout: inOrder(even(stdout)), stderr: even(stderr) };
}

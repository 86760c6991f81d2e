import { endpointUrl } from '@serve.zone/baseos-contracts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../src/database/database.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { type Answer, post } from '../src/load/exchange.js';
import type { Device } from './device.js';
import { Fleet } from './fleet.js';

const TIMEOUT_MS = 120_000;

/** What the tests of a file share. */
interface Life {
  database: Database;
  fleet: Fleet;
}

/** A fleet without devices, once the tests begin. */
function useFleet(createDatabase: () => Promise<Database>, serverCount: number): Readonly<Life> {
  const life: Partial<Life> = {};
  beforeAll(async () => {
    life.database = await createDatabase();
    life.fleet = await Fleet.start(life.database, serverCount);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await life.fleet?.close();
    await life.database?.remove();
  }, TIMEOUT_MS);
  return life as Life;
}

/** All of it. */
export function whatAFleetGoesThrough(createDatabase: () => Promise<Database>, serverCount: number): void {
  const life = useFleet(createDatabase, serverCount);

  /** What Cloudly answers to a heartbeat with this token. */
  const heartbeatBy = async (token: string, nodeId: string): Promise<Answer> =>
    post(endpointUrl(life.fleet.url, 'heartbeat'), { token, message: { ...createEmulatedNode().heartbeat(), nodeId } });
  const unknownToken = { status: 401, body: { code: 'node-token-unknown' } };

  describe('each on its own device', { timeout: TIMEOUT_MS, concurrent: true }, () => {
    afterAll(() => life.fleet.removeDevices());

    test('a device with a join token enrols, and every server receives its heartbeats', async () => {
      const device = await life.fleet.enrol();
      await device.heartbeats(2 * serverCount);
      expect(await life.fleet.node(await device.nodeId())).toMatchObject({ state: 'online' });
      expect(life.fleet.answered.every((count) => count > 1)).toBe(true);
      expect(device.agent.stderr).not.toMatch(/ (warn|error) .*Cloudly/);
    });

    test('a join token admits as many nodes as it was made for', async () => {
      const joinToken = await life.fleet.joinToken('--uses', '1');
      await life.fleet.enrol(joinToken);
      const another = await life.fleet.addDevice();
      another.start(joinToken);
      await another.agent.logged(/code=join-token-used/);
      const { cloudly } = await another.statusThat(({ cloudly: { problem } }) => problem?.code === 'join-token-used');
      expect(cloudly.state).toBe('unregistered');
    });

    test('node rotate replaces the token without a registration', async () => {
      const device = await life.fleet.enrol();
      const nodeId = await device.nodeId();
      const [before, oldToken] = await Promise.all([life.fleet.node(nodeId), device.nodeToken()]);
      expect((await life.fleet.operator('node', 'rotate', nodeId)).exitCode).toBe(0);
      // One may be in flight. The next brings the token, and the one after that uses it.
      await device.heartbeats(3);
      const after = await life.fleet.node(nodeId);
      expect(after.currentToken?.id).not.toBe(before.currentToken?.id);
      expect([after.nextToken, after.rotationDemandedAt]).toEqual([undefined, undefined]);
      expect(await device.nodeToken()).not.toBe(oldToken);
      expect(await heartbeatBy(oldToken, nodeId)).toMatchObject(unknownToken);
      expect(registrationsOf(device)).toBe(1);
      await device.heartbeats(2);
    });

    test('a leaked token is void at once, and the device returns with its key', async () => {
      const device = await life.fleet.enrol();
      const [nodeId, leaked] = await Promise.all([device.nodeId(), device.nodeToken()]);
      const before = await life.fleet.node(nodeId);
      expect((await life.fleet.operator('node', 'rotate', nodeId, '--leaked')).exitCode).toBe(0);
      expect(await heartbeatBy(leaked, nodeId)).toMatchObject(unknownToken);
      await device.agent.logged(/code=node-token-unknown/);
      await device.passTime();
      await device.heartbeats(2);
      const after = await life.fleet.node(nodeId);
      expect(after).toMatchObject({ state: 'online', registeredAt: before.registeredAt });
      expect(after.currentToken?.id).not.toBe(before.currentToken?.id);
      expect(await device.nodeId()).toBe(nodeId);
      expect(await heartbeatBy(leaked, nodeId)).toMatchObject(unknownToken);
    });

    test('a revoked device goes silent, and continues on its own when the revocation is lifted', async () => {
      const device = await life.fleet.enrol();
      const nodeId = await device.nodeId();
      const { currentToken } = await life.fleet.node(nodeId);
      expect((await life.fleet.operator('node', 'revoke', nodeId)).exitCode).toBe(0);
      await device.agent.logged(/code=node-revoked/);
      const { cloudly } = await device.statusThat(({ cloudly: { state } }) => state === 'dormant');
      expect(cloudly.problem?.code).toBe('node-revoked');
      expect(await life.fleet.node(nodeId)).toMatchObject({ state: 'revoked' });

      expect((await life.fleet.operator('node', 'unrevoke', nodeId)).exitCode).toBe(0);
      await device.passTime();
      await device.agent.logged(/no longer dormant/);
      await device.heartbeats(2);
      expect(await life.fleet.node(nodeId)).toMatchObject({ state: 'online', currentToken });
      expect(registrationsOf(device)).toBe(1);
    });

    test('a command reaches its device through any server, and its outcome the operator', async () => {
      const device = await life.fleet.enrol();
      const nodeId = await device.nodeId();
      // Without a Supervisor, an agent can only say that it carries out none.
      const blink = await life.fleet.operator('node', 'command', nodeId, 'blink', '--wait');
      expect(blink).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/\nunsupported: .*\n$/) });
      expect((await life.fleet.operator('node', 'updates', nodeId, 'gated')).exitCode).toBe(0);
      await device.heartbeats(2 * serverCount);
      expect(await life.fleet.ask('node', 'commands', nodeId)).toMatchObject([{ kind: 'blink', state: 'unsupported' }]);
      expect(device.agent.stderr.match(/Cloudly asks for "blink"/g)).toHaveLength(1);
    });

    test('a device that waits for approval is admitted by the code that it logs, and by no other', async () => {
      const device = await life.fleet.addDevice();
      device.start(await life.fleet.joinToken('--approval'));
      const [, code = ''] = await device.agent.logged(/Approval code: ([\w-]{19})\./);
      const nodeId = await device.nodeId();
      expect(await life.fleet.node(nodeId)).toMatchObject({
        state: 'pending',
        approvalCode: code,
      });
      const other = await life.fleet.operator(
        'node',
        'approve',
        nodeId,
        '--code',
        code === 'AAAAAAAA' ? 'B' : 'AAAAAAAA',
      );
      expect([other.exitCode, other.stderr]).toEqual([1, expect.stringContaining('The node is not approved')]);
      expect((await life.fleet.operator('node', 'approve', nodeId, '--code', code)).exitCode).toBe(0);
      await device.passTime();
      await device.heartbeats(2);
      expect(await life.fleet.node(nodeId)).toMatchObject({ state: 'online' });
    });
  });

  // Before time passes for the servers in the last test: they start anew.
  afterABackup(life);

  describe('alone', { timeout: TIMEOUT_MS }, () => {
    afterEach(() => life.fleet.removeDevices());

    test('a copied disk is detected, and the device that an operator keeps continues', async () => {
      const device = await life.fleet.enrol();
      const nodeId = await device.nodeId();
      const before = await life.fleet.node(nodeId);
      const copy = await life.fleet.copyDisk(device);
      copy.start();
      await copy.heartbeats(1);
      await device.heartbeats(2);
      await life.fleet.passTime();
      for (const rival of [device, copy]) await rival.agent.logged(/code=clone-suspected/);
      const suspected = await life.fleet.node(nodeId);
      expect(suspected.cloneSuspected).toBe(true);
      const bootIds = await Promise.all([device.bootId(), copy.bootId()]);
      expect(suspected.rivals?.map(({ bootId }) => bootId).toSorted()).toEqual(bootIds.toSorted());

      const resolved = await life.fleet.operator('node', 'resolve', nodeId, '--keep', bootIds[0]);
      expect(resolved.exitCode).toBe(0);
      await copy.agent.logged(/code=node-token-unknown/);
      await device.heartbeats(3);
      const after = await life.fleet.node(nodeId);
      expect(after).toMatchObject({ state: 'online', registeredAt: before.registeredAt });
      expect(after.currentToken?.id).not.toBe(before.currentToken?.id);

      await copy.passTime();
      await copy.agent.logged(/code=node-id-taken/);
      await copy.stop();
      await copy.forgetIdentity();
      copy.start(await life.fleet.joinToken());
      await copy.heartbeats(1);
      expect(await copy.nodeId()).not.toBe(nodeId);
      expect(await life.fleet.node(await copy.nodeId())).toMatchObject({ state: 'online' });
    });
  });
}

/** What goes by the kind of the database: a backup that is restored, with all that devices do before and after it. */
export function whatADatabaseGoesThrough(createDatabase: () => Promise<Database>, serverCount: number): void {
  afterABackup(useFleet(createDatabase, serverCount));
}

function afterABackup(life: Readonly<Life>): void {
  describe('with a backup', { timeout: TIMEOUT_MS }, () => {
    afterEach(() => life.fleet.removeDevices());

    test("yesterday's database costs no device its identity", async () => {
      const joinToken = await life.fleet.joinToken('--uses', '10');
      const [steady, rotated] = await Promise.all([life.fleet.enrol(joinToken), life.fleet.enrol(joinToken)]);
      const rotatedId = await rotated.nodeId();
      const yesterday = await life.fleet.node(rotatedId);
      const takenAt = new Date().toISOString();
      await life.database.backUp();

      expect((await life.fleet.operator('node', 'rotate', rotatedId)).exitCode).toBe(0);
      await rotated.heartbeats(3);
      expect((await life.fleet.node(rotatedId)).currentToken?.id).not.toBe(yesterday.currentToken?.id);
      const newcomer = await life.fleet.enrol(joinToken);
      const newcomerId = await newcomer.nodeId();
      const { registeredAt } = await life.fleet.node(newcomerId);

      await life.fleet.stopServers();
      await life.database.restore();
      expect((await life.fleet.operator('recover', '--taken-at', takenAt)).exitCode).toBe(0);
      await life.fleet.startServers();

      await steady.heartbeats(2);
      expect(registrationsOf(steady)).toBe(1);
      // With its key, as the same node.
      await rotated.agent.logged(/code=node-token-unknown/);
      await rotated.passTime();
      await rotated.heartbeats(2);
      expect(await life.fleet.node(rotatedId)).toMatchObject({ state: 'online', registeredAt: yesterday.registeredAt });
      expect(registrationsOf(rotated)).toBe(2);
      // It is not known how often a join token was used since: it admits no more nodes, and a valid one does, under the same ID.
      await newcomer.agent.logged(/code=node-token-unknown/);
      await newcomer.passTime();
      await newcomer.agent.logged(/code=join-token-revoked/);
      expect((await life.fleet.operator('node', 'show', newcomerId)).exitCode).toBe(1);
      await newcomer.stop();
      newcomer.start(await life.fleet.joinToken());
      await newcomer.agent.logged(/code=node-token-unknown/);
      await newcomer.passTime();
      await newcomer.heartbeats(2);
      const anew = await life.fleet.node(newcomerId);
      expect([anew.state, anew.registeredAt > registeredAt]).toEqual(['online', true]);
    });
  });
}

function registrationsOf(device: Device): number {
  return Array.from(device.agent.stderr.matchAll(/Registered with Cloudly/g)).length;
}

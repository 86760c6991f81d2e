import { endpointUrl } from '@serve.zone/baseos-contracts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../src/database/database.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { type Answer, post } from '../src/load/exchange.js';
import type { Device } from './device.js';
import { Fleet } from './fleet.js';

const TIMEOUT_MS = 120_000;

/** The same for every database, and for any number of servers. */
export function whatAFleetGoesThrough(createDatabase: () => Promise<Database>, serverCount: number): void {
  let database: Database;
  let fleet: Fleet;
  beforeAll(async () => {
    database = await createDatabase();
    fleet = await Fleet.start(database, serverCount);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await fleet?.close();
    await database?.remove();
  }, TIMEOUT_MS);

  /** What Cloudly answers to a heartbeat with this token. */
  const heartbeatBy = async (token: string, nodeId: string): Promise<Answer> =>
    post(endpointUrl(fleet.url, 'heartbeat'), { token, message: { ...createEmulatedNode().heartbeat(), nodeId } });
  const unknownToken = { status: 401, body: { code: 'node-token-unknown' } };

  describe('each on its own device', { timeout: TIMEOUT_MS, concurrent: true }, () => {
    afterAll(() => fleet.removeDevices());

    test('a device with a join token enrols, and every server receives its heartbeats', async () => {
      const device = await fleet.enrol();
      await device.heartbeats(2 * serverCount);
      expect(await fleet.node(await device.nodeId())).toMatchObject({ state: 'active', presence: 'online' });
      expect(fleet.answered.every((count) => count > 1)).toBe(true);
      expect(device.agent.stderr).not.toMatch(/ (warn|error) .*Cloudly/);
    });

    test('a join token admits as many nodes as it was made for', async () => {
      const joinToken = await fleet.joinToken('--uses', '1');
      await fleet.enrol(joinToken);
      const another = await fleet.addDevice();
      another.start(joinToken);
      await another.agent.logged(/code=join-token-used/);
      const { cloudly } = await another.statusThat(({ cloudly: { problem } }) => problem?.code === 'join-token-used');
      expect(cloudly.state).toBe('unregistered');
    });

    test('node rotate replaces the token without a registration', async () => {
      const device = await fleet.enrol();
      const nodeId = await device.nodeId();
      const [before, oldToken] = await Promise.all([fleet.node(nodeId), device.nodeToken()]);
      expect((await fleet.operator('node', 'rotate', nodeId)).exitCode).toBe(0);
      // One may be in flight. The next brings the token, and the one after that uses it.
      await device.heartbeats(3);
      const after = await fleet.node(nodeId);
      expect(after.currentToken?.id).not.toBe(before.currentToken?.id);
      expect([after.nextToken, after.rotationDemandedAt]).toEqual([undefined, undefined]);
      expect(await device.nodeToken()).not.toBe(oldToken);
      expect(await heartbeatBy(oldToken, nodeId)).toMatchObject(unknownToken);
      expect(registrationsOf(device)).toBe(1);
      await device.heartbeats(2);
    });

    test('a leaked token is void at once, and the device returns with its key', async () => {
      const device = await fleet.enrol();
      const [nodeId, leaked] = await Promise.all([device.nodeId(), device.nodeToken()]);
      const before = await fleet.node(nodeId);
      expect((await fleet.operator('node', 'rotate', nodeId, '--leaked')).exitCode).toBe(0);
      expect(await heartbeatBy(leaked, nodeId)).toMatchObject(unknownToken);
      await device.agent.logged(/code=node-token-unknown/);
      await device.passTime();
      await device.heartbeats(2);
      const after = await fleet.node(nodeId);
      expect(after).toMatchObject({ state: 'active', registeredAt: before.registeredAt });
      expect(after.currentToken?.id).not.toBe(before.currentToken?.id);
      expect(await device.nodeId()).toBe(nodeId);
      expect(await heartbeatBy(leaked, nodeId)).toMatchObject(unknownToken);
    });

    test('a revoked device goes silent, and continues on its own when the revocation is lifted', async () => {
      const device = await fleet.enrol();
      const nodeId = await device.nodeId();
      const { currentToken } = await fleet.node(nodeId);
      expect((await fleet.operator('node', 'revoke', nodeId)).exitCode).toBe(0);
      await device.agent.logged(/code=node-revoked/);
      const { cloudly } = await device.statusThat(({ cloudly: { state } }) => state === 'dormant');
      expect(cloudly.problem?.code).toBe('node-revoked');
      expect(await fleet.node(nodeId)).toMatchObject({ state: 'revoked' });

      expect((await fleet.operator('node', 'unrevoke', nodeId)).exitCode).toBe(0);
      await device.passTime();
      await device.agent.logged(/no longer dormant/);
      await device.heartbeats(2);
      expect(await fleet.node(nodeId)).toMatchObject({ state: 'active', presence: 'online', currentToken });
      expect(registrationsOf(device)).toBe(1);
    });

    test('a command reaches its device through any server, and its outcome the operator', async () => {
      const device = await fleet.enrol();
      const nodeId = await device.nodeId();
      // Without a Supervisor, an agent can only say that it carries out none.
      const blink = await fleet.operator('node', 'command', nodeId, 'blink', '--wait');
      expect(blink).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/\nunsupported: .*\n$/) });
      expect((await fleet.operator('node', 'updates', nodeId, 'gated')).exitCode).toBe(0);
      await device.heartbeats(2 * serverCount);
      expect(await fleet.ask('node', 'commands', nodeId)).toMatchObject([{ kind: 'blink', state: 'unsupported' }]);
      expect(device.agent.stderr.match(/Cloudly asks for "blink"/g)).toHaveLength(1);
    });

    test('a device that waits for approval is admitted by the code that it logs, and by no other', async () => {
      const device = await fleet.addDevice();
      device.start(await fleet.joinToken('--approval'));
      const [, code = ''] = await device.agent.logged(/Approval code: ([\w-]{19})\./);
      const nodeId = await device.nodeId();
      expect(await fleet.node(nodeId)).toMatchObject({ state: 'pending', presence: 'never-seen', approvalCode: code });
      const other = await fleet.operator('node', 'approve', nodeId, '--code', code === 'AAAAAAAA' ? 'B' : 'AAAAAAAA');
      expect([other.exitCode, other.stderr]).toEqual([1, expect.stringContaining('The node is not approved')]);
      expect((await fleet.operator('node', 'approve', nodeId, '--code', code)).exitCode).toBe(0);
      await device.passTime();
      await device.heartbeats(2);
      expect(await fleet.node(nodeId)).toMatchObject({ state: 'active', presence: 'online' });
    });
  });

  describe('alone', { timeout: TIMEOUT_MS }, () => {
    afterEach(() => fleet.removeDevices());

    test("yesterday's database costs no device its identity", async () => {
      const joinToken = await fleet.joinToken('--uses', '10');
      const [steady, rotated] = await Promise.all([fleet.enrol(joinToken), fleet.enrol(joinToken)]);
      const rotatedId = await rotated.nodeId();
      const yesterday = await fleet.node(rotatedId);
      const takenAt = new Date().toISOString();
      await database.backUp();

      expect((await fleet.operator('node', 'rotate', rotatedId)).exitCode).toBe(0);
      await rotated.heartbeats(3);
      expect((await fleet.node(rotatedId)).currentToken?.id).not.toBe(yesterday.currentToken?.id);
      const newcomer = await fleet.enrol(joinToken);
      const newcomerId = await newcomer.nodeId();
      const { registeredAt } = await fleet.node(newcomerId);

      await fleet.stopServers();
      await database.restore();
      expect((await fleet.operator('recover', '--taken-at', takenAt)).exitCode).toBe(0);
      await fleet.startServers();

      await steady.heartbeats(2);
      expect(registrationsOf(steady)).toBe(1);
      // With its key, as the same node.
      await rotated.agent.logged(/code=node-token-unknown/);
      await rotated.passTime();
      await rotated.heartbeats(2);
      expect(await fleet.node(rotatedId)).toMatchObject({ state: 'active', registeredAt: yesterday.registeredAt });
      expect(registrationsOf(rotated)).toBe(2);
      // It is not known how often a join token was used since: it admits no more nodes, and a valid one does, under the same ID.
      await newcomer.agent.logged(/code=node-token-unknown/);
      await newcomer.passTime();
      await newcomer.agent.logged(/code=join-token-revoked/);
      expect((await fleet.operator('node', 'show', newcomerId)).exitCode).toBe(1);
      await newcomer.stop();
      newcomer.start(await fleet.joinToken());
      await newcomer.agent.logged(/code=node-token-unknown/);
      await newcomer.passTime();
      await newcomer.heartbeats(2);
      const anew = await fleet.node(newcomerId);
      expect([anew.state, anew.registeredAt > registeredAt]).toEqual(['active', true]);
    });

    test('a copied disk is detected, and the device that an operator keeps continues', async () => {
      const device = await fleet.enrol();
      const nodeId = await device.nodeId();
      const before = await fleet.node(nodeId);
      const copy = await fleet.copyDisk(device);
      copy.start();
      await copy.heartbeats(1);
      await device.heartbeats(2);
      await fleet.passTime();
      for (const rival of [device, copy]) await rival.agent.logged(/code=clone-suspected/);
      const suspected = await fleet.node(nodeId);
      expect(suspected.state).toBe('clone-suspected');
      const bootIds = await Promise.all([device.bootId(), copy.bootId()]);
      expect(suspected.rivals?.map(({ bootId }) => bootId).toSorted()).toEqual(bootIds.toSorted());

      const resolved = await fleet.operator('node', 'resolve', nodeId, '--keep', bootIds[0]);
      expect(resolved.exitCode).toBe(0);
      await copy.agent.logged(/code=node-token-unknown/);
      await device.heartbeats(3);
      const after = await fleet.node(nodeId);
      expect(after).toMatchObject({ state: 'active', registeredAt: before.registeredAt });
      expect(after.currentToken?.id).not.toBe(before.currentToken?.id);

      await copy.passTime();
      await copy.agent.logged(/code=node-id-taken/);
      await copy.stop();
      await copy.forgetIdentity();
      copy.start(await fleet.joinToken());
      await copy.heartbeats(1);
      expect(await copy.nodeId()).not.toBe(nodeId);
      expect(await fleet.node(await copy.nodeId())).toMatchObject({ state: 'active' });
    });
  });
}

function registrationsOf(device: Device): number {
  return Array.from(device.agent.stderr.matchAll(/Registered with Cloudly/g)).length;
}

import { chmod, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CloudlyConnector } from '@serve.zone/baseos-cloudly-connector';
import registerRequest from '@serve.zone/baseos-contracts/examples/register-request.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

/** What a power cut, a full disk or a person does to the state file. */
const damages: Record<string, (path: string) => Promise<void>> = {
  'truncated to 0 bytes': (path) => truncate(path, 0),
  'cut in half': async (path) => truncate(path, Math.floor((await stat(path)).size / 2)),
  'filled with garbage': async (path) => writeFile(path, Buffer.alloc((await stat(path)).size, 0xa5)),
  'replaced by other JSON': (path) => writeFile(path, '{"hello":"world"}'),
  'removed alone': (path) => rm(path),
};

describe('a state file that was', () => {
  test.each(Object.keys(damages))(
    '%s loses neither the identity nor a registration, and is reported',
    async (damage) => {
      const first = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
      const { nodeId } = await rig.event('heartbeat-received');
      await first.end('SIGKILL');
      await damages[damage]?.(rig.statePath);

      const second = rig.start(rig.env());
      const { bootId, ...heartbeat } = await rig.nextHeartbeat();
      expect(heartbeat.nodeId).toBe(nodeId);
      expect(rig.eventsOf('node-registered')).toHaveLength(1);
      await second.logged(/ (warn|error) .*state\.json/);
      expect(bootId).toBeTypeOf('string');
      expect(await second.end()).toEqual({ code: 0, signal: null });
    },
  );
});

describe('the plain legacy state file', () => {
  test('is adopted: the same node, and no registration', async () => {
    const { nodeId, nodeToken } = await registerAsLegacyAgent();
    await mkdir(dirname(rig.statePath), { recursive: true });
    await writeFile(rig.statePath, JSON.stringify({ nodeId, nodeToken }));
    await chmod(rig.statePath, 0o644);

    const registered = rig.eventsOf('node-registered').length;
    const agent = rig.start(rig.env());
    expect((await rig.nextHeartbeat()).nodeId).toBe(nodeId);
    expect(rig.eventsOf('node-registered')).toHaveLength(registered);
    expect(await agent.end()).toEqual({ code: 0, signal: null });
    expect((await readFile(rig.statePath, 'utf8')).includes(nodeId)).toBe(true);

    rig.start(rig.env());
    expect((await rig.nextHeartbeat()).nodeId).toBe(nodeId);
  });
});

async function registerAsLegacyAgent(): Promise<{ nodeId: string; nodeToken: string }> {
  const joinToken = await rig.createJoinToken();
  const connector = new CloudlyConnector({ cloudlyUrl: rig.cloudlyUrl });
  const { nodeId, registrationKey, bootId } = registerRequest;
  const status = registerRequest.status as never;
  const outcome = await connector.register({ protocol: 1, nodeId, registrationKey, bootId, status }, { joinToken });
  if (outcome.kind !== 'accepted') throw new Error(`Cloudly answered ${outcome.kind}.`);
  return { nodeId, nodeToken: outcome.answer.nodeToken };
}

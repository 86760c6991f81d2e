import { expectTypeOf, test } from 'vitest';
import type { Command, HeartbeatRequest, ReceivedProblem, RuntimeStatus, SupervisorStatus } from '../src/index.js';

test('a writer cannot set a key that the contract does not name', () => {
  expectTypeOf<keyof RuntimeStatus>().toEqualTypeOf<
    'agent' | 'runtime' | 'host' | 'device' | 'supervisor' | 'acceptedCommands' | 'updates' | 'previousNodeId'
  >();
  expectTypeOf<HeartbeatRequest['commandResults']>().exclude(undefined).toBeArray();
});

test('the state of the Supervisor determines which members exist, next to states of newer nodes', () => {
  const version = (supervisor: SupervisorStatus) =>
    supervisor.state === 'available' ? supervisor.version : supervisor.reason;
  expectTypeOf(version).returns.toEqualTypeOf<string | undefined>();
});

test('a word that a newer version may extend is typed as a string', () => {
  expectTypeOf<Command['kind']>().toExtend<string>();
  expectTypeOf<ReceivedProblem['code']>().toExtend<string>();
});

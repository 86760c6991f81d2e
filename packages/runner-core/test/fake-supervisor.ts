import type { Device, StateStatus } from '@serve.zone/balena-supervisor-client';
import type { SupervisorReads } from '../src/ports/supervisor-reads.js';

export interface FakeSupervisor extends SupervisorReads {
  deviceAnswer: Device;
  stateAnswer: StateStatus;
  versionAnswer: string;
  /** What each read does before it answers. */
  behave: () => Promise<void>;
}

/** A Supervisor in memory whose answers are the test's. */
export function fakeSupervisor(): FakeSupervisor {
  const fake: FakeSupervisor = {
    deviceAnswer: {
      apiPort: 48484,
      ipAddresses: ['192.168.1.7'],
      macAddresses: ['AA:BB:CC:DD:EE:FF'],
      supervisorVersion: '19.0.5',
      updatePending: false,
      updateFailed: false,
      updateDownloaded: false,
    },
    stateAnswer: { appState: 'applied', containers: [], images: [] },
    versionAnswer: '19.0.5',
    behave: async () => undefined,
    device: async () => {
      await fake.behave();
      return fake.deviceAnswer;
    },
    stateStatus: async () => {
      await fake.behave();
      return fake.stateAnswer;
    },
    version: async () => {
      await fake.behave();
      return fake.versionAnswer;
    },
  };
  return fake;
}

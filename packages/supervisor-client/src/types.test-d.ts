import { expectTypeOf } from 'vitest';
import type {
  App,
  AppProgress,
  AppState,
  Capabilities,
  ContainerReceipt,
  Device,
  DeviceTag,
  FetchLike,
  HostConfig,
  HostConfigChange,
  LocalTargetState,
  Service,
  ServiceContainer,
  SingleContainer,
  SingleContainerApp,
  StateStatus,
  SupervisorClient,
  SupervisorClientOptions,
  SupervisorErrorCode,
  UpdateReceipt,
  Vpn,
} from './index.js';

expectTypeOf(globalThis.fetch).toExtend<FetchLike>();
expectTypeOf({ address: 'http://127.0.0.1:48484', fetch: globalThis.fetch }).toExtend<SupervisorClientOptions>();
expectTypeOf(process.env).toExtend<Parameters<typeof SupervisorClient.fromEnv>[0]>();

expectTypeOf<SupervisorClient['ping']>().returns.resolves.toEqualTypeOf<void>();
expectTypeOf<SupervisorClient['device']>().returns.resolves.toEqualTypeOf<Device>();
expectTypeOf<SupervisorClient['stateStatus']>().returns.resolves.toEqualTypeOf<StateStatus>();
expectTypeOf<SupervisorClient['version']>().returns.resolves.toEqualTypeOf<string>();
expectTypeOf<SupervisorClient['update']>().returns.resolves.toEqualTypeOf<UpdateReceipt>();
expectTypeOf<SupervisorClient['reboot']>().returns.resolves.toEqualTypeOf<void>();
expectTypeOf<SupervisorClient['shutdown']>().returns.resolves.toEqualTypeOf<void>();
expectTypeOf<SupervisorClient['isHealthy']>().returns.resolves.toEqualTypeOf<boolean>();
expectTypeOf<SupervisorClient['capabilities']>().returns.resolves.toEqualTypeOf<Capabilities>();
expectTypeOf<SupervisorClient['vpn']>().returns.resolves.toEqualTypeOf<Vpn>();
expectTypeOf<SupervisorClient['containers']>().returns.resolves.toEqualTypeOf<ServiceContainer[]>();
expectTypeOf<SupervisorClient['regenerateApiKey']>().returns.resolves.toEqualTypeOf<string>();
expectTypeOf<SupervisorClient['stream']>().returns.resolves.toEqualTypeOf<AsyncIterable<Uint8Array>>();

expectTypeOf<SupervisorClient['apps']['list']>().returns.resolves.toEqualTypeOf<AppState[]>();
expectTypeOf<SupervisorClient['tags']['list']>().returns.resolves.toEqualTypeOf<DeviceTag[]>();
expectTypeOf<SupervisorClient['tags']['set']>().parameter(0).toEqualTypeOf<Record<string, string>>();
expectTypeOf<SupervisorClient['hostConfig']['read']>().returns.resolves.toEqualTypeOf<HostConfig>();
expectTypeOf<SupervisorClient['local']['targetState']>().returns.resolves.toEqualTypeOf<LocalTargetState>();
expectTypeOf<SupervisorClient['app']>().returns.toEqualTypeOf<App>();
expectTypeOf<App['state']>().returns.resolves.toEqualTypeOf<AppProgress>();
expectTypeOf<App['service']>().returns.toEqualTypeOf<Service>();
expectTypeOf<SupervisorClient['singleContainerApp']>().returns.toEqualTypeOf<SingleContainerApp>();
expectTypeOf<SingleContainerApp['read']>().returns.resolves.toEqualTypeOf<SingleContainer>();
expectTypeOf<SingleContainerApp['stop']>().returns.resolves.toEqualTypeOf<ContainerReceipt>();

// What the Supervisor would misread does not compile.
expectTypeOf<{ proxy: { type: 'http' } }>().not.toExtend<HostConfigChange>();
expectTypeOf<{ proxy: { port: '8080' } }>().not.toExtend<HostConfigChange>();
expectTypeOf<number>().not.toExtend<Parameters<App['service']>[0]>();
// What newer Supervisors may say does.
expectTypeOf<'levitating'>().toExtend<NonNullable<AppState['updateStatus']>>();
expectTypeOf<'out-of-scope'>().toExtend<SupervisorErrorCode>();

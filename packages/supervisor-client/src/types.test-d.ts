import { expectTypeOf } from 'vitest';
import type {
  Device,
  FetchLike,
  StateStatus,
  SupervisorClient,
  SupervisorClientOptions,
  UpdateReceipt,
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

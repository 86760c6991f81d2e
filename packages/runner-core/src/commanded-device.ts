import type { ResolvedOptions } from './base-runner-options.js';
import { actionOf } from './commands/actions/action-of.js';
import { preview } from './commands/actions/preview.js';
import { ownContainerId } from './commands/device/own-container-id.js';
import { readDeviceView } from './commands/device/read-device-view.js';
import type { CommandedDevice } from './commands/worker/worker-context.js';
import type { ReleaseGate } from './gate/release-gate.js';
import { deviceBootId } from './status/device-boot-id.js';

/** The device as far as the options give access to it. */
export function commandedDevice(
  { config, commandSupervisor: supervisor, clock }: ResolvedOptions,
  {
    storageFreeBytes,
    gate,
  }: {
    /** As it was read last. */
    storageFreeBytes: () => number | undefined;
    gate: () => Pick<ReleaseGate, 'status' | 'refusalOf'>;
  },
): CommandedDevice | undefined {
  if (!supervisor) return undefined;
  const { supervisorAddress: address, device } = config;
  const kernelBootId = deviceBootId();
  const own = { appId: device.appId, service: device.serviceName, containerId: ownContainerId() };
  return {
    calls: supervisor,
    look: async (signal) => readDeviceView({ supervisor, address, kernelBootId, own }, { clock, signal }),
    actionOf,
    preview: (of, view, refusal) => {
      const held = refusal ?? gate().refusalOf(of, view);
      return preview({ of, view, refusal: held, gate: gate().status.gate, storageFreeBytes: storageFreeBytes() });
    },
  };
}

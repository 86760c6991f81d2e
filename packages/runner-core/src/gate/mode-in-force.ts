import type { UpdateMode } from '@serve.zone/baseos-contracts';

/**
 * How the device takes releases: as Cloudly last said, where it may update the device, and otherwise as the environment
 * says. Pure.
 */
export function modeInForce({
  environment,
  cloudly,
  mayUpdate,
}: {
  environment: UpdateMode;
  /** What Cloudly last wanted; absent if it leaves the choice to the device. */
  cloudly: UpdateMode | undefined;
  /** Whether the device accepts the command `update`. Who may not update a device must not hold its releases either. */
  mayUpdate: boolean;
}): UpdateMode {
  return (mayUpdate ? cloudly : undefined) ?? environment;
}

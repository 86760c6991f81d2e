import type { CommandKind } from '@serve.zone/baseos-contracts';
import { blink } from './blink.js';
import type { CommandAction } from './command-action.js';
import { reboot, shutdown } from './power.js';
import { restartApp } from './restart-app.js';
import { restartService } from './restart-service.js';
import { startService } from './start-service.js';
import { stopService } from './stop-service.js';
import { update } from './update.js';

/** What each kind of command does on the device. A preview does nothing. */
const actions: Readonly<Record<Exclude<CommandKind, 'preview'>, CommandAction>> = {
  update,
  'restart-app': restartApp,
  'restart-service': restartService,
  'start-service': startService,
  'stop-service': stopService,
  reboot,
  shutdown,
  blink,
};

/** The action of a kind of command; `undefined` if this version knows none. */
export function actionOf(kind: string): CommandAction | undefined {
  return Object.hasOwn(actions, kind) ? actions[kind as keyof typeof actions] : undefined;
}

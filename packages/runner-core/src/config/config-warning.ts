import type { Notice } from '../values/problem.js';
import type { ConfigWarningCode } from './config-codes.js';

/** Something about the settings that the operator should know, although the agent can run with them. */
export interface ConfigWarning extends Notice {
  code: ConfigWarningCode;
}

export {
  startStandaloneCloudly,
  type StandaloneCloudly,
  type StandaloneCloudlyOptions,
} from './service/start-standalone-cloudly.js';
export { describeEvent } from './log/describe-event.js';
export type { HandlerEvent, HeartbeatReceived, NodeRegistered } from '@serve.zone/baseos-cloudly-handlers';

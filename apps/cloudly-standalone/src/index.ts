export {
  startStandaloneCloudly,
  type StandaloneCloudly,
  type StandaloneCloudlyOptions,
} from './service/start-standalone-cloudly.js';
export { describeEvent } from './log/describe-event.js';
export type { CloudlyEvent, HeartbeatReceived, NodeRegistered } from '@serve.zone/baseos-cloudly-handlers';

export {
  startStandaloneCloudly,
  type StandaloneCloudly,
  type StandaloneCloudlyOptions,
} from './start-standalone-cloudly.js';
export { describeEvent } from './describe-event.js';

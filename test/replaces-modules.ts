/** Tests that replace a module of Node, and so have a process of their own: others would get the replacement. */
export const replacesModules = ['apps/baserunner/test/examine-device.test.ts', 'apps/baserunner/test/standing.test.ts'];

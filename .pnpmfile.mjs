/** What can be resolved or run in this workspace alone has no place in a package.json that is published. */
function beforePacking({ devDependencies: _devDependencies, scripts: _scripts, ...manifest }) {
  return manifest;
}

export const hooks = { beforePacking };

import { jsonSchemas } from './json-schemas.mjs';
import { openApi } from './open-api.mjs';
import { problemTable } from './problem-table.mjs';

/**
 * The content of each generated file, by its path in the package.
 *
 * @param contracts what the package exports
 * @param placeOf gives the docstrings of an export, from `readDocstrings`
 */
export function generatedFiles(contracts, placeOf) {
  return {
    ...Object.fromEntries(
      Object.entries(jsonSchemas(contracts, placeOf)).flatMap(([mode, schemas]) =>
        Object.entries(schemas).map(([name, schema]) => [`schema/${mode}/${name}.json`, schema]),
      ),
    ),
    'problems.json': problemTable(contracts),
    'openapi.json': openApi(contracts, placeOf),
  };
}

// Compares the public API of every published package with the report in its api/ folder, so that a change of it is seen in
// review. `--update` writes the reports anew. Needs a build.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { declaredEntries, publishedPackages } from './published-packages.mjs';

const update = process.argv.includes('--update');

function configure(folder, entry, name) {
  const reportFolder = join(folder, 'api');
  const reportFileName = `${entry}.api.md`;
  mkdirSync(reportFolder, { recursive: true });
  const isNew = !existsSync(join(reportFolder, reportFileName));
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, 'dist', `${entry}.d.ts`),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            lib: ['ES2023'],
            module: 'NodeNext',
            moduleResolution: 'NodeNext',
            types: ['node'],
            strict: true,
            skipLibCheck: true,
          },
          files: [join(folder, 'dist', `${entry}.d.ts`)],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName,
        reportFolder,
        reportTempFolder: join(folder, 'node_modules', '.cache', 'api-extractor'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  });
  return { name, config, isNew };
}

const entries = publishedPackages().flatMap(({ folder, manifest }) =>
  declaredEntries(manifest).map(({ name }) => configure(folder, name, `${manifest.name} ${name}`)),
);

// One program for all of them: most of the work is to read the same libraries.
const [first, ...others] = entries.map(({ config }) => config);
const compilerState = CompilerState.create(first, {
  additionalEntryPoints: others.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath),
});

let failures = 0;
for (const { name, config, isNew } of entries) {
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    compilerState,
    localBuild: update,
    messageCallback: (message) => (message.handled = true),
  });
  const changed = apiReportChanged || isNew;
  const bad = errorCount > 0 || (changed && !update);
  if (bad) failures += 1;
  const verdict = bad ? 'FAIL' : changed ? 'new ' : 'ok  ';
  const remedy = bad
    ? ' (its public API is not the reported one: run `npx -y pnpm@12.21.0 run api`, review and commit the report)'
    : '';
  process.stdout.write(`${verdict} ${name}${remedy}\n`);
}
process.exitCode = failures ? 1 : 0;

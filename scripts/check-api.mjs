// Compares the public API of every published package with the report in its api/ folder, so that a change of it is seen in
// review. `--update` writes the reports anew. Needs a build.
import { existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { publishedPackages } from './published-packages.mjs';

const update = process.argv.includes('--update');

function entryNames(manifest) {
  return Object.values(manifest.publishConfig.exports)
    .filter((target) => typeof target === 'object' && target.types)
    .map((target) => basename(target.types, '.d.ts'));
}

function extract(folder, entry) {
  const reportFolder = join(folder, 'api');
  const reportFileName = `${entry}.api.md`;
  mkdirSync(reportFolder, { recursive: true });
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
  const isNew = !existsSync(join(reportFolder, reportFileName));
  const result = Extractor.invoke(config, {
    localBuild: update,
    messageCallback: (message) => (message.handled = true),
  });
  return { changed: result.apiReportChanged || isNew, failed: result.errorCount > 0 };
}

let failures = 0;
for (const { folder, manifest } of publishedPackages()) {
  for (const entry of entryNames(manifest)) {
    const { changed, failed } = extract(folder, entry);
    const bad = failed || (changed && !update);
    if (bad) failures += 1;
    const verdict = bad ? 'FAIL' : changed ? 'new ' : 'ok  ';
    const remedy = bad
      ? ' (its public API is not the reported one: run `npx -y pnpm@12.21.0 run api`, review and commit the report)'
      : '';
    process.stdout.write(`${verdict} ${manifest.name} ${entry}${remedy}\n`);
  }
}
process.exitCode = failures ? 1 : 0;

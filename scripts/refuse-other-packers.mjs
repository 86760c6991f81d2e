// The `prepack` script of every published package: ends with 1 unless pnpm packs it. Only pnpm puts `publishConfig` and the
// versions of the workspace into the packed package.json.
import { basename } from 'node:path';
import process from 'node:process';

// Not the user agent: npm takes over the one of a pnpm that it runs under.
const packer = basename(process.env.npm_execpath ?? '').replace(/(?:-cli)?\.\w+$/, '');
if (packer !== 'pnpm') {
  const name = process.env.npm_package_name ?? 'this package';
  process.stderr.write(
    `${name}: ${packer || 'this'} would pack a package that cannot be used: with exports of sources that are not packed, ` +
      'and "workspace:^" for versions. Nothing was packed. Run `npx -y pnpm@12.21.0 pack` in this folder instead.\n',
  );
  process.exitCode = 1;
}

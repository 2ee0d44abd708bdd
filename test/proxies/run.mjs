// Runs the built service behind each of nginx, Apache and HAProxy that is installed, by the files in deploy/, and holds the
// answers against what docs/deploying.md promises:
//   npm run build && node test/proxies/run.mjs
import '../support/runner/register.mjs';

const { tryProxies } = await import('./try-proxies.ts');

process.exitCode = (await tryProxies()) ? 0 : 1;

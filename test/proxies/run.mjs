// Runs the built service behind each of nginx, Apache and HAProxy that is installed, with the files in deploy/, and checks
// the promises of docs/deploying.md:
//   npm run build && node test/proxies/run.mjs
import '../support/runner/register.mjs';

const { tryProxies } = await import('./try-proxies.ts');

process.exitCode = (await tryProxies()) ? 0 : 1;

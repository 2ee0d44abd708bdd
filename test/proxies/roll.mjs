// Restarts three processes of the built service one after the other behind nginx, if it is installed, with the file in deploy/ and
// under load, and checks that no request is lost or refused:
//   npm run build && node test/proxies/roll.mjs [requests]
import '../support/runner/register.mjs';

const { tryRollingRestart } = await import('./rolling-restart.ts');

process.exitCode = (await tryRollingRestart(Number(process.argv[2] ?? 1_500))) ? 0 : 1;

/**
 * How much of something a test does: `usual` with `npm test`, `long` with `npm run test:long`. The usual size proves the promise; the long one
 * looks for what is rare. The files that call it are in runner/long-tests.mjs.
 */
export function sized<Size>(usual: Size, long: Size): Size {
  return process.env.TEST_SIZE === 'long' ? long : usual;
}

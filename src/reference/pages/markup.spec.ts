import { describe, expect, it } from '@jest/globals';
import { markup } from './markup.js';

describe('markup', () => {
  it('escapes values in text and attributes', () => {
    const bad = `<script>"it's" & more</script>`;
    expect(markup`<p title="${bad}">${bad}</p>`.text).toBe(
      '<p title="&#60;script&#62;&#34;it&#39;s&#34; &#38; more&#60;/script&#62;">' +
        '&#60;script&#62;&#34;it&#39;s&#34; &#38; more&#60;/script&#62;</p>',
    );
  });

  it('keeps what is HTML already, and joins lists', () => {
    expect(markup`<ul>${['<a>', 2].map((item) => markup`<li>${item}</li>`)}</ul>`.text).toBe(
      '<ul><li>&#60;a&#62;</li><li>2</li></ul>',
    );
  });

  it('leaves backslashes as they are', () => {
    expect(markup`${'a\\n'}`.text).toBe('a\\n');
  });
});

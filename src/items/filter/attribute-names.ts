/** Signs with a meaning of their own. In a name or value they need quotes. */
export const RESERVED = `" ' ( ) ; , = ! ~ < >`;

/** A name in a path of attributes, as `filter` and `fields` take it: a pattern of its source. */
export const PLAIN_NAME = String.raw`[^"'();,=!~<> \t\r\n.]+`;

/** A name in quotes of either kind, which can have any characters: quotes, stars and backslashes behind a backslash. */
export const QUOTED_NAME = String.raw`(?:"(?:[^"\\]|\\["'\\*])*"|'(?:[^'\\]|\\["'\\*])*')`;

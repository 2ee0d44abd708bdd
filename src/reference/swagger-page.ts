import type { SwaggerFiles } from './swagger-files.js';

/** The page at /docs. Its references are relative, so that it also works behind a path prefix. */
export const swaggerPage = (files: SwaggerFiles): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Items API</title>
    <link rel="icon" href="docs/${files.nameOf('favicon-32x32.png')}">
    <link rel="stylesheet" href="docs/${files.nameOf('swagger-ui.css')}">
    <link rel="stylesheet" href="docs/${files.nameOf('page.css')}">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="docs/${files.nameOf('swagger-ui-bundle.js')}"></script>
    <script src="docs/${files.nameOf('references.js')}"></script>
    <script src="docs/${files.nameOf('rendering.js')}"></script>
    <script src="docs/${files.nameOf('start.js')}"></script>
  </body>
</html>
`;

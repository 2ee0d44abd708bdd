import { changingName } from './swagger-files.js';

/** The page at /docs. Its references are relative, so that it also works behind a path prefix. */
export const SWAGGER_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Items API</title>
    <link rel="icon" href="docs/${changingName('favicon-32x32.png')}">
    <link rel="stylesheet" href="docs/${changingName('swagger-ui.css')}">
    <link rel="stylesheet" href="docs/${changingName('page.css')}">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="docs/${changingName('swagger-ui-bundle.js')}"></script>
    <script src="docs/${changingName('start.js')}"></script>
  </body>
</html>
`;

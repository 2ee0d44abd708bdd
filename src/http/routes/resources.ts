import { Inject, Injectable } from '@nestjs/common';
import { CONTRACT, type Contract } from '../../contract/contract.js';
import { bodiesOf, type Operation } from '../../contract/operation.js';

/** One path with all methods that are declared for it. */
interface Resource {
  path: string;
  params: Operation['params'];
  /** In alphabetical order, as Allow gives them. HEAD goes with GET, OPTIONS is everywhere. */
  methods: string[];
  /** Media types of its patches. */
  patchTypes: string[];
  /** Media types of its queries. */
  queryTypes: string[];
}

/** All resources, by the paths of the declarations. */
@Injectable()
export class Resources {
  readonly all: Resource[];

  constructor(@Inject(CONTRACT) { operations }: Contract) {
    const paths = [...new Set(operations.map(({ path }) => path))];
    this.all = paths.map((path) =>
      resourceOf(
        path,
        operations.filter((operation) => operation.path === path),
      ),
    );
  }

  /**
   * The path of the resource that an unknown path was probably meant for. It differs in slashes, encoded ones too, or in
   * the case of fixed segments. The given path must be decodable.
   */
  pathMeantBy(path: string): string | undefined {
    const segments = path.split(/\/|%2f/i).filter(Boolean);
    for (const { path: route, params = {} } of this.all) {
      const fixed = route.split('/').filter(Boolean);
      const isMeant = fixed.every((name, at) => {
        const given = segments[at] ?? '';
        return name.startsWith(':')
          ? params[name.slice(1)]?.pattern.test(decodeURIComponent(given))
          : name === given.toLowerCase();
      });
      if (isMeant && fixed.length === segments.length) {
        return `/${fixed.map((name, at) => (name.startsWith(':') ? segments[at] : name)).join('/')}`;
      }
    }
    return undefined;
  }
}

function resourceOf(path: string, operations: Operation[]): Resource {
  const offered = operations.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  const typesOf = (asked: Operation['method']) =>
    operations
      .filter(({ method }) => method === asked)
      .flatMap(bodiesOf)
      .map(([type]) => type);
  return {
    path,
    params: operations[0]?.params,
    methods: [...offered, 'OPTIONS'].sort(),
    patchTypes: typesOf('PATCH'),
    queryTypes: typesOf('QUERY'),
  };
}

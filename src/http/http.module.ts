import { Global, Module, type FactoryProvider } from '@nestjs/common';
import { AnswerCounts } from '../contract/answer-counts.js';
import { OpenApi } from '../contract/openapi/open-api.js';
import { Watch } from '../contract/watch.js';
import { BodyReader } from './body-reader.js';
import { JsonReader } from './body/json/json-reader.js';
import { Unpacker } from './body/unpacker.js';
import { Cors } from './browsers/cors.js';
import { HostCheck } from './browsers/host-check.js';
import { HeadJudge } from './head/head-judge.js';
import { RouteCheck } from './head/route.js';
import { StartGate } from './head/start-gate.js';
import { StopGate } from './head/stop-gate.js';
import { HttpHooks } from './http-hooks.js';
import { ConnectionLimit } from './load/connection-limit.js';
import { Following } from './load/following.js';
import { Overload } from './load/overload.js';
import { Refusals } from './load/refusals.js';
import { Room } from './load/room.js';
import { Turns } from './load/turns.js';
import { ProblemFilter } from './problem.filter.js';
import { ProblemsOfExceptions } from './problems-of-exceptions.js';
import { Rehearsal } from './rehearsal/rehearsal.js';
import { RehearsalFilter } from './rehearsal/rehearsal.filter.js';
import { Resources } from './routes/resources.js';
import { RouteTable } from './routes/route-table.js';
import { AnswersUnderWay } from './wire/answers-under-way.js';
import { Drain } from './wire/drain.js';
import { FIELDS_FOR_ORIGIN, ParserFaults, type FieldsForOrigin } from './parser/parser-faults.js';

/** Injected outside this module: the live checks of the head, and what other modules use. */
const SHARED = [
  AnswerCounts,
  AnswersUnderWay,
  ConnectionLimit,
  Following,
  HostCheck,
  OpenApi,
  Overload,
  ProblemsOfExceptions,
  Refusals,
  Rehearsal,
  Resources,
  Room,
  RouteCheck,
  StartGate,
  StopGate,
  Watch,
];

const fieldsForOrigin: FactoryProvider<FieldsForOrigin> = {
  provide: FIELDS_FOR_ORIGIN,
  useFactory: (cors: Cors) => (origin) => cors.fieldsFor(origin),
  inject: [Cors],
};

/** The live parts of HTTP. */
@Global()
@Module({
  providers: [
    ...SHARED,
    BodyReader,
    Cors,
    Drain,
    HeadJudge,
    HttpHooks,
    JsonReader,
    ParserFaults,
    ProblemFilter,
    RehearsalFilter,
    RouteTable,
    Turns,
    Unpacker,
    fieldsForOrigin,
  ],
  exports: SHARED,
})
export class HttpModule {}

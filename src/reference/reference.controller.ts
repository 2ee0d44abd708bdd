import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PreferredType } from '../http/head/content/accept.js';
import { Answers } from '../contract/answers.decorator.js';
import { Reference } from '../contract/reference.js';
import { answerKept, keepBody, keepJson, type KeptBody } from './kept-body.js';
import { SentConditions, type Conditions } from '../http/fields/conditions/preconditions.js';
import { routeNotFound } from '../http/head/head.problems.js';
import { PublicUrl } from '../config/public-url.js';
import { fieldsOfPage, HTML } from './pages/page.js';
import { problemListPage, problemPage } from './pages/problem-pages.js';
import { statusCodesPage } from './pages/status-codes-page.js';
import { toProblemTypeDto, toStatusCodesDto } from './reference.answers.js';
import type { ProblemTypesDto } from './reference.dto.js';
import { getProblemType, getStatusCodes, listProblemTypes } from './reference.operations.js';

/** Explains every answer of the service, from the declarations: a page for people, JSON for programs. */
@Controller()
export class ReferenceController {
  /** The bodies made so far, by path and media type. Only paths that exist get an entry. */
  private readonly kept = new Map<string, KeptBody>();

  constructor(
    private readonly reference: Reference,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Get('problems')
  @Answers(listProblemTypes)
  list(
    @PreferredType() type: string,
    @SentConditions() conditions: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Buffer | undefined {
    const { reference, publicUrl } = this;
    const { problems } = reference;
    const content = this.keep(`/problems ${type}`, () =>
      type === HTML
        ? keepPage(problemListPage(problems, publicUrl))
        : keepJson({ problems: problems.map((entry) => toProblemTypeDto(entry, publicUrl)) } satisfies ProblemTypesDto),
    );
    return answerKept(reply, conditions, content);
  }

  /** Problem: routeNotFound (404). */
  @Get('problems/:code')
  @Answers(getProblemType)
  get(
    @Param('code') code: string,
    @PreferredType() type: string,
    @SentConditions() conditions: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Buffer | undefined {
    const entry = this.reference.problem(code);
    if (!entry) throw routeNotFound(`/problems/${code}`);
    const content = this.keep(`/problems/${code} ${type}`, () =>
      type === HTML ? keepPage(problemPage(entry, this.publicUrl)) : keepJson(toProblemTypeDto(entry, this.publicUrl)),
    );
    return answerKept(reply, conditions, content);
  }

  @Get('status-codes')
  @Answers(getStatusCodes)
  statusCodes(
    @PreferredType() type: string,
    @SentConditions() conditions: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Buffer | undefined {
    const { reference, publicUrl } = this;
    const content = this.keep(`/status-codes ${type}`, () =>
      type === HTML
        ? keepPage(statusCodesPage(reference, publicUrl))
        : keepJson(toStatusCodesDto(reference, publicUrl)),
    );
    return answerKept(reply, conditions, content);
  }

  private keep(name: string, make: () => KeptBody): KeptBody {
    const content = this.kept.get(name) ?? make();
    this.kept.set(name, content);
    return content;
  }
}

function keepPage(page: string): KeptBody {
  return keepBody(page, fieldsOfPage());
}

"""How does an HTTP request become an executed GraphQL operation, and its result an HTTP response?

Strawberry's view with what it leaves open closed: JSON posted, or a query in a URL; every answer JSON (GraphQL over
HTTP), no batches, no uploads, no IDE, no operation guessed, no internals in an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import orjson
import psycopg
from cross_web import AsyncHTTPRequestAdapter
from graphql import GraphQLError, GraphQLSyntaxError, OperationDefinitionNode, parse
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.schema import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from schema.compiled.plans import Plans
from schema.context import Context
from schema.errors import CodedError, public
from service.access.tokens import Authenticator, Unauthenticated
from service.domain.roles import Actor
from service.web.errors import GRAPHQL, JSON, Rejected, unauthenticated, unresolved
from service.web.request import BoundedRequest, answered_in, asked, asked_in_url, require_question
from service.web.stream import Streams, wants_events

OPERATIONS = (OperationType.QUERY, OperationType.MUTATION)
SAFE_OPERATIONS = (OperationType.QUERY,)
MOST_ERRORS = 5
ANSWERED_BY = "X-Shanghui-Path"
"""Says which path answered: the ordinary one; mixed, with compiled fields in it; or compiled as a whole."""
SEVERAL = re.compile(r"\b(?:query|mutation|subscription)\b.*\b(?:query|mutation|subscription)\b", re.DOTALL)

MakeContext = Callable[[Actor, UUID, str | None], Context]
"""Makes a request's context from who asks, the request's id and the caller's address."""


class Endpoint(GraphQL[Context, None]):
    """`/graphql`."""

    def __init__(
        self,
        schema: BaseSchema,
        context: MakeContext,
        tokens: Authenticator,
        body_limit: int,
        plans: Plans | None = None,
    ) -> None:
        super().__init__(schema, graphql_ide=None, allow_queries_via_get=False, subscription_protocols=())
        self._streams = Streams(schema)
        self._context, self._tokens, self._body_limit, self._plans = context, tokens, body_limit, plans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, unless whoever asked has gone."""
        request = BoundedRequest(scope, receive, self._body_limit)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            require_question(request)
            if wants_events(request):
                return await self._stream(request)
            request.state.media = answered_in(request.headers.get("accept", ""))
            return await self.run(request)
        except Rejected as rejected:
            return rejected.response(request.state.id, getattr(request.state, "media", JSON))

    async def _stream(self, request: Request) -> Response:
        """A subscription, or the one result of anything else that is no subscription's error."""
        context = await self.get_context(request, Response())
        data = asked(await request.body())
        require_one_meant(data)
        return await self._streams.answer(request, context, data)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """Who asks, and what answers.

        Raises Rejected (401) unless a token says who.
        """
        address = request.client.host if request.client else None
        return self._context(self._viewer(request.headers.get("authorization", "")), request.state.id, address)

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        """What is asked."""
        if request.method == "GET":
            return asked_in_url({name: str(value) for name, value in request.query_params.items()})
        return asked(await request.get_body())

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        """Never: a GET is a question."""
        return False

    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Context,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Execute the operation that is meant.

        Raises Rejected: 400 when it is not clear which, or when it is a subscription; 405 for a mutation in a URL.
        """
        require_one_meant(request_data)
        allowed = OPERATIONS if request.method == "POST" else SAFE_OPERATIONS
        try:
            result = await self.schema.execute(
                request_data.query,
                variable_values=request_data.variables,
                context_value=context,
                operation_name=request_data.operation_name,
                allowed_operation_types=allowed,
                operation_extensions=request_data.extensions,
            )
            self._learn(request_data, context, result)
            sub_response.headers[ANSWERED_BY] = "mixed" if context.passed else "ordinary"
            return result
        except CannotGetOperationTypeError:
            raise unresolved("文档中没有所指的操作 | The document has no such operation") from None
        except InvalidOperationTypeError as error:
            raise _not_here(error) from None

    def _learn(self, asked: GraphQLRequestData, context: Context, result: ExecutionResult) -> None:
        """What was answered whole can be planned: the next one like it need not come here."""
        if self._plans is not None and result.errors is None and asked.query and context.reads:
            self._plans.learn(asked.query, asked.operation_name, asked.variables or {}, context.reading())

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The result for strangers: at most five errors, coded, none with internals.

        Raises whatever unforeseen error kept the execution from beginning.
        """
        answer = GraphQLHTTPResponse()
        if result.errors:
            request_id = str(request.state.id)
            shown = [_coded(each, result) for each in result.errors[:MOST_ERRORS]]
            answer["errors"] = [public(each, request_id).formatted for each in shown]
        if not _is_request_error(result):
            answer["data"] = result.data
        if result.extensions:
            answer["extensions"] = result.extensions
        return answer

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """What the response will be like: in the media type that the caller prefers."""
        return Response(media_type=request.state.media)

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """The response: 400 for a request that never began to be executed, where the media type lets one say so."""
        never_began = "data" not in response_data and sub_response.media_type == GRAPHQL
        status, headers = 400 if never_began else 200, {ANSWERED_BY: sub_response.headers[ANSWERED_BY]}
        return Response(orjson.dumps(response_data), status, headers, sub_response.media_type)

    def _viewer(self, authorization: str) -> Actor:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise unauthenticated("需要 Bearer 令牌 | A bearer token is needed")
        try:
            return self._tokens.authenticate(token.strip())
        except Unauthenticated as error:
            raise unauthenticated(str(error), 'Bearer error="invalid_token"') from None


def _not_here(error: InvalidOperationTypeError) -> Rejected:
    if error.operation_type is OperationType.MUTATION:
        return Rejected(405, "METHOD_NOT_ALLOWED", "操作须用 POST | Mutations need POST", {"Allow": "POST"})
    return unresolved("此处不支持订阅 | Subscriptions cannot be had here")


def require_one_meant(data: GraphQLRequestData) -> None:
    """Raise Rejected (400) when several operations come without the name of one: Strawberry would run the first."""
    if data.operation_name is None and SEVERAL.search(data.query or "") and _operations(data.query or "") > 1:
        raise unresolved("文档含多个操作，请给出 operationName | There are several operations: give operationName")


def _operations(query: str) -> int:
    try:
        document = parse(query, no_location=True)
    except (GraphQLError, RecursionError):
        return 0  # the execution will say what is wrong with it
    return sum(isinstance(each, OperationDefinitionNode) for each in document.definitions)


def _is_request_error(result: ExecutionResult) -> bool:
    """Whether execution never began: GraphQL then wants no `data` at all. A variable's error has no path either."""
    unplaced = result.data is None and any(error.path is None for error in result.errors or ())
    return isinstance(result, PreExecutionError) or unplaced


def _coded(error: GraphQLError, result: ExecutionResult) -> GraphQLError:
    """The error with the code that tools know for its kind, unless it has one of its own."""
    cause = error.original_error
    if isinstance(cause, psycopg.OperationalError):
        return GraphQLError(str(error), error.nodes, path=error.path, original_error=_database_trouble(cause))
    if isinstance(error, GraphQLSyntaxError) or isinstance(cause, RecursionError):
        error.extensions = {"code": "GRAPHQL_PARSE_FAILED"}
    elif isinstance(result, PreExecutionError):
        if cause is not None and not isinstance(cause, GraphQLError):
            raise cause
        error.extensions = {"code": "GRAPHQL_VALIDATION_FAILED"} | (error.extensions or {})
    return error


def _database_trouble(cause: psycopg.OperationalError) -> CodedError:
    if isinstance(cause, psycopg.errors.QueryCanceled):
        return CodedError("QUERY_TIMEOUT", "查询超时，请缩小范围 | The question took too long; ask for less")
    return CodedError(
        "LEDGER_UNAVAILABLE", "数据库暂不可用，请稍后再试 | The database cannot be reached now; try again"
    )

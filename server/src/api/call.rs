//! Many calls of tools in one request, for scripts.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use axum::{
    Extension, Json,
    body::{Body as HttpBody, Bytes, to_bytes},
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{Code, Error, KeyId, ProjectId, Result, error::Checks};
use futures_util::{StreamExt, future::ready, stream};
use gateway::{
    Gateway,
    directory::{KeyEntry, Reach},
};
use http::{HeaderMap, Request, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use services::{Caller, Services};
use tokio::time::{Instant, timeout_at};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body};
use crate::edge::{caller::SignedIn, request::RequestId};

#[cfg(test)]
mod tests;

/// Calls of one request.
const CALLS: usize = 100;
const PARALLEL: usize = 16;
/// How long one call may take, unless it says less, and all of them together.
const EACH: Duration = Duration::from_secs(60);
const ALL: Duration = Duration::from_secs(120);
/// Bytes of one answer.
const ANSWER: usize = 16 * 1024 * 1024;
/// Bytes of all answers that wait for each other; who wants more takes them line by line.
const ANSWERS: usize = 64 * 1024 * 1024;
const NDJSON: &str = "application/x-ndjson";

/// The data plane of this process; none where it serves the console only.
#[derive(Clone)]
pub(crate) struct Plane(pub(crate) Option<Gateway>);

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(calls))
}

#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OneCall {
    /// Id or name; without it the tool is named as at the project's one address, `prefix__tool`.
    #[serde(default)]
    server: Option<String>,
    tool: String,
    #[serde(default)]
    #[schema(value_type = Object)]
    arguments: Option<Value>,
    /// Up to 60,000.
    #[serde(default)]
    timeout_ms: Option<u64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Calls {
    /// Up to 100.
    calls: Vec<OneCall>,
    /// How many are under way at the same time, 1 to 16.
    #[serde(default = "four")]
    parallel: usize,
}

fn four() -> usize {
    4
}

impl Calls {
    fn check(self) -> Result<Self> {
        let mut checks = Checks::default();
        checks.require(!self.calls.is_empty(), "calls", Code::Required);
        checks.require(self.calls.len() <= CALLS, "calls", Code::TooLong);
        checks.require((1..=PARALLEL).contains(&self.parallel), "parallel", Code::NumberInvalid);
        let most = u64::try_from(EACH.as_millis()).unwrap_or(u64::MAX);
        for (i, call) in self.calls.iter().enumerate() {
            let field = |name: &str| format!("calls[{i}].{name}");
            checks.require(!call.tool.is_empty(), &field("tool"), Code::Required);
            let is_object = call.arguments.as_ref().is_none_or(Value::is_object);
            checks.require(is_object, &field("arguments"), Code::MalformedBody);
            let in_range = call.timeout_ms.is_none_or(|ms| (1..=most).contains(&ms));
            checks.require(in_range, &field("timeout_ms"), Code::NumberInvalid);
        }
        checks.finish()?;
        Ok(self)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CallOutcome {
    Ok,
    /// The tool answered that it failed; `result` says why.
    ToolError,
    Failed,
}

#[derive(Serialize, ToSchema)]
struct CallError {
    /// A code of ours; none for an error of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u64>,
}

#[derive(Serialize, ToSchema)]
struct CallResult {
    /// Which of the calls it was, from 0.
    index: usize,
    outcome: CallOutcome,
    duration_ms: u64,
    /// The tool's result as its server gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    result: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<CallError>,
}

#[derive(Serialize, ToSchema)]
struct CallResults {
    results: Vec<CallResult>,
}

/// Call many tools. Each call meets the data plane's own rules, limits and log. The results come in
/// the order of the calls; with `Accept: application/x-ndjson` each comes as soon as it is there, one a
/// line. Whoever hangs up cancels the calls that are under way, and those that have not begun; so does the
/// end of a call's time.
#[utoipa::path(post, path = "/projects/{project}/calls", tag = "tools", params(("project" = String, Path)),
    responses((status = 200, body = CallResults)))]
async fn calls(
    State(services): State<Services>,
    Extension(Plane(gateway)): Extension<Plane>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    headers: HeaderMap,
    Body(input): Body<Calls>,
) -> Answer<Response> {
    let project = services.projects().for_calls(&caller, &project).await?;
    let Calls { calls, parallel } = input.check()?;
    let gateway = gateway.ok_or_else(|| {
        Error::new(Code::Unavailable).detail(
            "This process serves the console only. Call tools at the addresses of the gateway, with an API key.",
        )
    })?;
    let key = key_of(&caller, project.id);
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let by_line = accept.is_some_and(|accept| accept.contains(NDJSON));
    let left = (!by_line).then(|| Arc::new(AtomicUsize::new(ANSWERS)));
    let batch = Batch { gateway, key, project: project.id, request_id, end: Instant::now() + ALL, left };
    let one = move |(index, call): (usize, OneCall)| {
        let batch = batch.clone();
        async move { batch.call(index, call).await }
    };
    let under_way = stream::iter(calls.into_iter().enumerate()).map(one);
    if by_line {
        let lines = under_way.buffer_unordered(parallel).filter_map(|result| {
            let line = serde_json::to_vec(&result).ok().map(|mut line| {
                line.push(b'\n');
                Ok::<_, std::convert::Infallible>(Bytes::from(line))
            });
            ready(line)
        });
        return Ok(([(header::CONTENT_TYPE, NDJSON)], HttpBody::from_stream(lines)).into_response());
    }
    let results = under_way.buffered(parallel).collect().await;
    Ok(Json(CallResults { results }).into_response())
}

fn key_of(caller: &Caller, project: ProjectId) -> KeyEntry {
    KeyEntry {
        // The person's own id: their calls are one key's, and no secret has this hash.
        id: KeyId(caller.subject().user.0),
        project,
        name: format!("API · {}", caller.name()),
        hash: [0; 32],
        expires_at: None,
        reach: Reach::All,
        read_only: false,
        calls_per_minute: None,
    }
}

#[derive(Clone)]
struct Batch {
    gateway: Gateway,
    key: KeyEntry,
    project: ProjectId,
    request_id: Arc<str>,
    /// When the last call must be over.
    end: Instant,
    /// What the answers may still take, where all of them are held at once.
    left: Option<Arc<AtomicUsize>>,
}

impl Batch {
    async fn call(&self, index: usize, call: OneCall) -> CallResult {
        let started = Instant::now();
        let limit = call.timeout_ms.map_or(EACH, Duration::from_millis);
        let answer = timeout_at(self.end.min(started + limit), self.ask(call)).await;
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let failed = |code: Code| CallResult {
            index,
            outcome: CallOutcome::Failed,
            duration_ms,
            result: None,
            error: Some(CallError {
                code: Some(code.name().to_owned()),
                message: code.sentence().to_owned(),
                retry_after_seconds: None,
            }),
        };
        match answer {
            Err(_) => failed(Code::UpstreamTimeout),
            Ok(Err(code)) => failed(code),
            Ok(Ok(mut answer)) => {
                let (result, error) = (answer["result"].take(), &answer["error"]);
                if result.is_object() {
                    let is_error = result["isError"] == true;
                    let outcome = if is_error { CallOutcome::ToolError } else { CallOutcome::Ok };
                    return CallResult { index, outcome, duration_ms, result: Some(result), error: None };
                }
                let error = CallError {
                    code: error["data"]["code"].as_str().map(str::to_owned),
                    message: error["message"].as_str().unwrap_or_default().to_owned(),
                    retry_after_seconds: error["data"]["retry_after_seconds"].as_u64(),
                };
                CallResult {
                    index,
                    outcome: CallOutcome::Failed,
                    duration_ms,
                    result: None,
                    error: Some(error),
                }
            }
        }
    }

    /// Asks the data plane as a client without a session does.
    async fn ask(&self, call: OneCall) -> Result<Value, Code> {
        let path = match &call.server {
            Some(server) => format!("/projects/{}/servers/{}/mcp", self.project, app::ui::encode(server)),
            None => format!("/projects/{}/mcp", self.project),
        };
        let params = json!({ "name": call.tool, "arguments": call.arguments.unwrap_or_else(|| json!({})) });
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .body(HttpBody::from(body.to_string()))
            .map_err(|_| Code::ProtocolViolation)?;
        let response = self.gateway.handle_as(request, self.request_id.clone(), self.key.clone()).await;
        let bytes = to_bytes(response.into_body(), ANSWER).await.map_err(|_| Code::TooLargeMessage)?;
        if let Some(left) = &self.left {
            let taken = left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(bytes.len()));
            taken.map_err(|_| Code::TooLargeMessage)?;
        }
        serde_json::from_slice(&bytes).map_err(|_| Code::ProtocolViolation)
    }
}

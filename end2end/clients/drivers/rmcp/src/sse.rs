//! rmcp 0.10 over HTTP+SSE, which later versions do not have.

use rmcp_sse::model::{
    CallToolRequest, CallToolRequestParam, ClientRequest, ProgressNotificationParam, ServerResult,
};
use rmcp_sse::service::{NotificationContext, PeerRequestOptions, RequestHandle, RunningService};
use rmcp_sse::transport::SseClientTransport;
use rmcp_sse::transport::sse_client::SseClientConfig;
use rmcp_sse::{ClientHandler, RoleClient, ServiceExt};
use serde_json::{Map, Value};
use tokio::sync::mpsc::UnboundedSender;

use crate::steps::{self, Job, Outcome};

pub(crate) struct Client(RunningService<RoleClient, Progress>);

struct Progress(UnboundedSender<f64>);

impl ClientHandler for Progress {
    async fn on_progress(&self, step: ProgressNotificationParam, _: NotificationContext<RoleClient>) {
        let _ = self.0.send(step.progress);
    }
}

impl steps::Client for Client {
    type Call = RequestHandle<RoleClient>;

    async fn open(job: &Job, seen: UnboundedSender<f64>) -> Outcome<Self> {
        #[expect(clippy::disallowed_methods, reason = "a client of ours, not an upstream connection")]
        let http = reqwest_sse::Client::builder().default_headers(job.headers()?).build()?;
        let config = SseClientConfig { sse_endpoint: job.url.as_str().into(), ..Default::default() };
        let transport = SseClientTransport::start_with_client(http, config).await?;
        Ok(Self(Progress(seen).serve(transport).await?))
    }

    async fn names(&self) -> Outcome<Vec<String>> {
        let tools = self.0.list_all_tools().await?;
        Ok(tools.into_iter().map(|tool| tool.name.into_owned()).collect())
    }

    async fn begin(&self, tool: String, arguments: Map<String, Value>) -> Outcome<Self::Call> {
        let params = CallToolRequestParam { name: tool.into(), arguments: Some(arguments) };
        let request = ClientRequest::CallToolRequest(CallToolRequest::new(params));
        Ok(self.0.send_cancellable_request(request, PeerRequestOptions::no_options()).await?)
    }

    async fn finish(call: Self::Call) -> Outcome<String> {
        match call.await_response().await? {
            ServerResult::CallToolResult(result) if result.is_error != Some(true) => {
                Ok(result.content.iter().filter_map(|part| Some(part.as_text()?.text.as_str())).collect())
            }
            other => Err(format!("{other:?}").into()),
        }
    }

    async fn cancel(call: Self::Call) -> Outcome {
        Ok(call.cancel(None).await?)
    }
}

//! rmcp 3.9 over streamable HTTP.

use rmcp::model::{
    CallToolRequest, CallToolRequestParams, ClientRequest, ProgressNotificationParam, ProtocolVersion,
    ServerResult,
};
use rmcp::service::{
    ClientLifecycleMode, ClientServiceExt, NotificationContext, PeerRequestOptions, RequestHandle,
    RunningService,
};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{ClientHandler, RoleClient};
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
        let http = reqwest::Client::builder().default_headers(job.headers()?).build()?;
        let config = StreamableHttpClientTransportConfig::with_uri(job.url.clone());
        let transport = StreamableHttpClientTransport::with_client(http, config);
        let preferred_versions = vec![ProtocolVersion::V_2026_07_28];
        let lifecycle = match job.era.as_str() {
            "legacy" => ClientLifecycleMode::Initialize,
            "modern" => ClientLifecycleMode::Discover { preferred_versions },
            _ => ClientLifecycleMode::Auto { preferred_versions, legacy_version: None },
        };
        Ok(Self(Progress(seen).serve_with_lifecycle(transport, lifecycle).await?))
    }

    async fn names(&self) -> Outcome<Vec<String>> {
        let tools = self.0.list_all_tools().await?;
        Ok(tools.into_iter().map(|tool| tool.name.into_owned()).collect())
    }

    async fn begin(&self, tool: String, arguments: Map<String, Value>) -> Outcome<Self::Call> {
        let params = CallToolRequestParams::new(tool).with_arguments(arguments);
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

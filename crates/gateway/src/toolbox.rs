//! The built-in server `toolbox`: three harmless tools to try a client with.
//!
//! The same handler serves as a server inside Sluice and, over standard input and output, as a real
//! child process (`sluice toolbox`).

use std::{io, time::Duration};

use chrono_tz::Tz;
use rmcp::{
    ErrorData, Peer, RoleServer, ServerHandler, ServiceExt,
    handler::server::wrapper::Parameters,
    model::{
        CallToolResult, ContentBlock, Implementation, ProgressNotificationParam, RequestMetaObject,
        ServerCapabilities, ServerConfig,
    },
    tool, tool_handler, tool_router,
};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;

use crate::Clock;

/// Longest wait, in seconds.
const WAIT_MAX: f64 = 60.0;
/// How often a wait reports its progress.
const STEP: Duration = Duration::from_millis(250);

#[derive(Clone, Debug)]
pub struct Toolbox {
    clock: Clock,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct CurrentTime {
    /// IANA name of a time zone, such as `Asia/Seoul` or `Europe/Berlin`.
    #[serde(default = "utc")]
    timezone: String,
}

fn utc() -> String {
    "UTC".to_owned()
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Echo {
    /// What to send back.
    message: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Wait {
    /// How long to wait, from 0 to 60 seconds.
    #[schemars(range(min = 0.0, max = 60.0))]
    seconds: f64,
}

#[tool_router(server_handler = false)]
impl Toolbox {
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { clock }
    }

    #[tool(
        description = "The current date and time in any time zone.",
        annotations(title = "Current time", read_only_hint = true, open_world_hint = false)
    )]
    async fn current_time(
        &self,
        Parameters(CurrentTime { timezone }): Parameters<CurrentTime>,
    ) -> CallToolResult {
        match timezone.parse::<Tz>() {
            Ok(zone) => text(
                self.clock.now().with_timezone(&zone).format("%Y-%m-%dT%H:%M:%S%:z (%A, %Z)").to_string(),
            ),
            Err(_) => {
                refused(format!("`{timezone}` is not a time zone. Use an IANA name such as `Asia/Seoul`."))
            }
        }
    }

    #[tool(
        description = "Sends the message back.",
        annotations(title = "Echo", read_only_hint = true, idempotent_hint = true, open_world_hint = false)
    )]
    async fn echo(&self, Parameters(Echo { message }): Parameters<Echo>) -> CallToolResult {
        text(message)
    }

    #[tool(
        description = "Waits for up to 60 seconds and reports its progress. It can be cancelled.",
        annotations(title = "Wait", read_only_hint = true, open_world_hint = false)
    )]
    async fn wait(
        &self,
        Parameters(Wait { seconds }): Parameters<Wait>,
        meta: RequestMetaObject,
        peer: Peer<RoleServer>,
        cancelled: CancellationToken,
    ) -> Result<CallToolResult, ErrorData> {
        if !(0.0..=WAIT_MAX).contains(&seconds) {
            return Ok(refused("`seconds` must be from 0 to 60.".to_owned()));
        }
        let token = meta.get_progress_token();
        let total = Duration::from_secs_f64(seconds);
        let mut waited = Duration::ZERO;
        while waited < total {
            let step = STEP.min(total - waited);
            tokio::select! {
                () = tokio::time::sleep(step) => waited += step,
                () = cancelled.cancelled() => return Err(ErrorData::internal_error("cancelled", None)),
            }
            if let Some(token) = &token {
                let progress = ProgressNotificationParam::new(token.clone(), waited.as_secs_f64())
                    .with_total(seconds)
                    .with_message(format!("{:.1} of {seconds:.1} s", waited.as_secs_f64()));
                // A client that went away ends the wait by cancellation, not by this.
                let _ = peer.notify_progress(progress).await;
            }
        }
        Ok(text(format!("Waited {seconds} s.")))
    }
}

#[tool_handler]
impl ServerHandler for Toolbox {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(
                Implementation::new("toolbox", env!("CARGO_PKG_VERSION")).with_title("Sluice toolbox"),
            )
            .with_instructions("Tools to try a connection with: the current time, an echo, and a wait that reports progress.")
    }
}

fn text(text: String) -> CallToolResult {
    CallToolResult::success(vec![ContentBlock::text(text)])
}

fn refused(text: String) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(text)])
}

/// Serves the toolbox over `io` until the other side closes it.
pub(crate) async fn serve(
    clock: Clock,
    io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
) -> io::Result<()> {
    let running = Toolbox::new(clock).serve(io).await.map_err(io::Error::other)?;
    running.waiting().await?;
    Ok(())
}

/// Serves the toolbox over standard input and output until standard input ends.
///
/// # Errors
/// When the handshake fails.
pub async fn serve_stdio() -> io::Result<()> {
    let running = match Toolbox::new(Clock::system()).serve(rmcp::transport::stdio()).await {
        Ok(running) => running,
        // Nobody spoke: the parent only looked whether the program starts.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        Err(error) => return Err(io::Error::other(error)),
    };
    running.waiting().await?;
    Ok(())
}

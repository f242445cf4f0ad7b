//! A modern server over HTTP that answers as a test says.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};

/// Its answer to a request: the member `result` or `error`.
type Script = Box<dyn Fn(&HeaderMap, &Value) -> Value + Send + Sync>;

struct Shared {
    capabilities: Value,
    script: Script,
    seen: Mutex<Vec<Value>>,
    refusing: AtomicBool,
    holding: AtomicBool,
    gone: AtomicBool,
    greeted: Notify,
}

pub struct Scripted {
    pub url: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Scripted {
    /// All requests so far, as they came.
    pub fn seen(&self, method: &str) -> Vec<Value> {
        let seen = self.shared.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().filter(|message| message["method"] == method).cloned().collect()
    }

    /// Refuses the revision of the next request, and names it as one that it speaks.
    pub fn refuse_once(&self) {
        self.shared.refusing.store(true, Ordering::SeqCst);
    }

    /// From now on only what stands before it is there.
    pub fn leave(&self) {
        self.shared.gone.store(true, Ordering::SeqCst);
    }

    /// Answers the next `server/discover` only when `initialize` has come as well.
    pub fn hold_discovery(&self) {
        self.shared.holding.store(true, Ordering::SeqCst);
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// `script` sees everything but `server/discover`.
pub async fn serve(
    capabilities: Value,
    script: impl Fn(&HeaderMap, &Value) -> Value + Send + Sync + 'static,
) -> Scripted {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/mcp", listener.local_addr().expect("an address"));
    let shared = Arc::new(Shared {
        capabilities,
        script: Box::new(script),
        seen: Mutex::default(),
        refusing: AtomicBool::new(false),
        holding: AtomicBool::new(false),
        gone: AtomicBool::new(false),
        greeted: Notify::new(),
    });
    let router = Router::new().route("/mcp", post(answer)).with_state(shared.clone());
    let task = tokio::spawn(async move {
        let _ = axum::serve(listener, router).await;
    });
    Scripted { url, shared, task }
}

async fn answer(State(shared): State<Arc<Shared>>, headers: HeaderMap, message: Json<Value>) -> Response {
    if shared.gone.load(Ordering::SeqCst) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let message = message.0;
    if message["id"].is_null() {
        return StatusCode::ACCEPTED.into_response();
    }
    shared.seen.lock().unwrap_or_else(PoisonError::into_inner).push(message.clone());
    match message["method"].as_str() {
        Some("initialize") => shared.greeted.notify_one(),
        Some("server/discover") if shared.holding.swap(false, Ordering::SeqCst) => {
            shared.greeted.notified().await;
        }
        _ => {}
    }
    let mut reply = match message["method"].as_str() {
        _ if shared.refusing.swap(false, Ordering::SeqCst) => json!({ "error": {
            "code": -32_022,
            "message": "Unsupported protocol version",
            "data": { "supported": ["2026-07-28"], "requested": "2026-07-28" },
        } }),
        Some("server/discover") => json!({ "result": {
            "resultType": "complete",
            "supportedVersions": ["2026-07-28"],
            "capabilities": shared.capabilities,
            "ttlMs": 0,
            "cacheScope": "private",
            "_meta": { "io.modelcontextprotocol/serverInfo": { "name": "scripted", "version": "1" } },
        } }),
        _ => (shared.script)(&headers, &message),
    };
    let status = match reply["error"]["code"].as_i64() {
        Some(-32_601) => StatusCode::NOT_FOUND,
        Some(-32_022..=-32_020) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    reply["jsonrpc"] = json!("2.0");
    reply["id"] = message["id"].clone();
    (status, Json(reply)).into_response()
}

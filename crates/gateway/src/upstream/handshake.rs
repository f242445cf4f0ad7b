//! The introduction to an upstream, in the era that it speaks.

use std::{sync::Arc, time::Duration};

use domain::{
    Code,
    server::{ServerInfo, Transport},
};
use serde::Deserialize;
use serde_json::{
    Map, Value, json,
    value::{RawValue, to_raw_value},
};
use tokio::time::{Instant, sleep};
use wire::{Era, Version, edit, envelope, method};

use super::{Connection, Link, Owner};
use crate::{bridge, error::Failure, mux::Answer};

/// What an upstream said of itself.
#[derive(Debug)]
pub(crate) struct Hello {
    /// Its `initialize` result as it came.
    pub(crate) result: Box<RawValue>,
    pub(crate) info: ServerInfo,
    /// Which revision it speaks; none for one that is not known here.
    version: Option<Version>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Result_ {
    protocol_version: String,
    #[serde(default)]
    capabilities: Map<String, Value>,
    server_info: Implementation,
    #[serde(default)]
    instructions: Option<String>,
}

#[derive(Deserialize)]
struct Implementation {
    name: String,
    #[serde(default)]
    version: String,
}

impl Hello {
    pub(crate) fn read(result: Box<RawValue>) -> Result<Self, Failure> {
        let read: Result_ = serde_json::from_str(result.get()).map_err(|error| {
            Failure::new(Code::ProtocolViolation)
                .detail(format!("Its `initialize` result cannot be read: {error}."))
        })?;
        let info = ServerInfo {
            name: read.server_info.name,
            version: read.server_info.version,
            protocol: read.protocol_version,
            capabilities: read.capabilities.into_iter().map(|(name, _)| name).collect(),
            instructions: read.instructions,
            transport: None,
        };
        let version = info.protocol.parse().ok();
        Ok(Self { result, info, version })
    }

    pub(crate) fn era(&self) -> Era {
        self.version.map_or(Era::Legacy, Version::era)
    }

    /// Whether it promises something of a list, such as to tell of changes.
    pub(crate) fn announces(&self, list: &str, promise: &str) -> bool {
        let capabilities = edit::member(&self.result, "capabilities");
        let list = capabilities.and_then(|capabilities| edit::member(capabilities, list));
        list.and_then(|list| edit::member(list, promise)).is_some_and(|value| value.get() == "true")
    }

    pub(crate) fn can(&self, capability: &str) -> bool {
        self.info.capabilities.iter().any(|name| name == capability)
    }
}

/// How long a server may leave the modern era's question unanswered before the legacy handshake is
/// begun as well: some legacy servers say nothing to a method that they do not know.
const PROBE: Duration = Duration::from_secs(3);

/// Finds out which era the server speaks, and introduces us in it (2026-07-28, versioning).
pub(super) async fn shake(connection: &Arc<Connection>, limit: Duration) -> Result<Hello, Failure> {
    let upstream = connection.upstream.upgrade();
    let known = upstream.as_ref().and_then(|upstream| upstream.era());
    let may_be_modern = match connection.transport {
        Transport::Sse | Transport::Builtin => false,
        Transport::Stdio => true,
        // Whose session it would be is told apart for legacy servers only.
        Transport::StreamableHttp => matches!(connection.owner, Owner::Shared),
    };
    let is_harmed = upstream.as_ref().is_some_and(|upstream| upstream.probe_harms());
    if !may_be_modern || known == Some(Era::Legacy) || is_harmed {
        return match initialize(connection, limit).await {
            // It may have been replaced by a later version of itself.
            Err(Answer::Upstream(_)) if may_be_modern && !is_harmed => {
                match discover(connection, limit).await {
                    Ok(hello) => Ok(hello),
                    Err(answer) => Err(failed(connection, answer)),
                }
            }
            Err(answer) => Err(failed(connection, answer)),
            Ok(hello) => Ok(hello),
        };
    }
    let begun = Instant::now();
    let discovery = discover(connection, limit);
    tokio::pin!(discovery);
    let early = tokio::select! {
        answer = &mut discovery => Some(answer),
        () = sleep(PROBE) => None,
    };
    match early {
        Some(Ok(hello)) => return Ok(hello),
        Some(Err(Answer::Failed(failure))) if is_final(&failure) => {
            if let Some(upstream) = upstream.filter(|_| failure.code == Code::ProcessExited) {
                // Some servers end when the first message is not `initialize`.
                upstream.set_probe_harms();
            }
            return Err(failure);
        }
        Some(Err(_)) => {
            return initialize(connection, limit).await.map_err(|answer| failed(connection, answer));
        }
        None => {}
    }
    if let Some(Link::Http(link)) = connection.link.get() {
        link.set_modern(false);
    }
    let left = limit.saturating_sub(begun.elapsed());
    let initialized = initialize(connection, left);
    tokio::pin!(initialized);
    tokio::select! {
        hello = &mut discovery => match hello {
            Ok(hello) => Ok(hello),
            Err(_) => initialized.await.map_err(|answer| failed(connection, answer)),
        },
        hello = &mut initialized => match hello {
            Ok(hello) => Ok(hello),
            Err(answer) => discovery.await.map_err(|_| failed(connection, answer)),
        },
    }
}

/// Failures after which no other handshake can succeed on this connection.
fn is_final(failure: &Failure) -> bool {
    !matches!(
        failure.code,
        Code::WrongTransport | Code::HttpStatus | Code::ProtocolViolation | Code::UpstreamTimeout
    )
}

fn failed(connection: &Connection, answer: Answer) -> Failure {
    match answer {
        // Nothing came at all, rather than too slowly in the course of a call.
        Answer::Failed(Failure { code: Code::UpstreamTimeout, .. }) => Failure::new(Code::InitializeTimeout),
        Answer::Failed(failure) | Answer::NotProcessed(failure) => failure,
        Answer::Upstream(Err(error)) => {
            let text = envelope::read_error(&error).1.unwrap_or_default();
            Failure::new(Code::ProtocolViolation)
                .detail(format!("`{}` was answered with an error: {text}", method::INITIALIZE))
        }
        Answer::Upstream(Ok(_)) => connection.failure(),
    }
}

async fn discover(connection: &Arc<Connection>, limit: Duration) -> Result<Hello, Answer> {
    let link = match connection.link.get() {
        Some(Link::Http(link)) => Some(link),
        _ => None,
    };
    if let Some(link) = link {
        link.set_modern(true);
    }
    let params = bridge::stamped(None, None, None);
    let mut answer = connection.exchange(method::DISCOVER, Some(&params), limit).await;
    if matches!(&answer, Answer::Upstream(Err(error)) if is_spoken_after_all(error)) {
        answer = connection.exchange(method::DISCOVER, Some(&params), limit).await;
    }
    let hello = match answer {
        Answer::Upstream(Ok(result)) if speaks_modern(&result) => {
            Hello::read(bridge::introduction(&result)).map_err(Answer::Failed)
        }
        answer => Err(answer),
    };
    // Also after the legacy handshake was begun meanwhile: its answer may come late, and counts.
    if let Some(link) = link {
        link.set_modern(hello.is_ok());
    }
    hello
}

/// Whether a server that refused our revision names it among those that it speaks: then the revision
/// wants us to ask again.
fn is_spoken_after_all(error: &RawValue) -> bool {
    envelope::read_error(error).0 == Some(wire::code::UNSUPPORTED_VERSION)
        && edit::member(error, "data").is_some_and(|data| is_among(data, "supported"))
}

fn speaks_modern(discovered: &RawValue) -> bool {
    is_among(discovered, "supportedVersions")
}

fn is_among(object: &RawValue, member: &str) -> bool {
    let versions = edit::member(object, member).and_then(edit::elements).unwrap_or_default();
    versions.iter().any(|version| version.get() == format!("\"{}\"", Version::LATEST))
}

/// Asks for the latest legacy revision and takes whichever legacy one is answered.
async fn initialize(connection: &Arc<Connection>, limit: Duration) -> Result<Hello, Answer> {
    let params = params(&connection.owner);
    let result = match connection.exchange(method::INITIALIZE, params.as_deref(), limit).await {
        Answer::Upstream(Ok(result)) => result,
        answer => return Err(answer),
    };
    let hello = Hello::read(result)?;
    if hello.version.is_none_or(|version| version > Version::LATEST_LEGACY) {
        return Err(Failure::new(Code::ProtocolViolation)
            .detail(format!("It speaks revision `{}`, which is not spoken here.", hello.info.protocol))
            .into());
    }
    if let Some(Link::Http(link)) = connection.link.get() {
        link.set_version(&hello.info.protocol);
    }
    connection.deliver(envelope::notification(method::INITIALIZED, None)).await?;
    Ok(hello)
}

fn params(owner: &Owner) -> Option<Box<RawValue>> {
    let version = Version::LATEST_LEGACY.name();
    let ours = bridge::ours();
    let (capabilities, info) = match owner {
        // What one of several clients may turn out to do; who cannot is refused case by case.
        Owner::Shared | Owner::Key(_) => {
            (Some(to_raw_value(&json!({ "roots": {}, "sampling": {}, "elicitation": {} })).ok()?), None)
        }
        Owner::Session(_, client) => {
            let client = client.as_deref();
            (client.and_then(|c| c.capabilities.clone()), client.and_then(|c| c.info.clone()))
        }
    };
    let capabilities = capabilities.as_deref().map_or("{}", RawValue::get);
    let info = info.as_deref().map_or_else(|| ours.to_string(), |info| info.get().to_owned());
    let text =
        format!(r#"{{"protocolVersion":"{version}","capabilities":{capabilities},"clientInfo":{info}}}"#);
    RawValue::from_string(text).ok()
}

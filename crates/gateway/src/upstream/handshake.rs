//! `initialize` with an upstream.

use std::{sync::Arc, time::Duration};

use domain::{Code, server::ServerInfo};
use serde::Deserialize;
use serde_json::{
    Map, Value, json,
    value::{RawValue, to_raw_value},
};
use wire::{Version, envelope, method};

use super::{Connection, Owner};
use crate::error::Failure;

/// What an upstream said of itself.
#[derive(Debug)]
pub(crate) struct Hello {
    /// Its `initialize` result as it came.
    pub(crate) result: Box<RawValue>,
    pub(crate) info: ServerInfo,
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
        };
        Ok(Self { result, info })
    }

    pub(crate) fn can(&self, capability: &str) -> bool {
        self.info.capabilities.iter().any(|name| name == capability)
    }
}

/// Asks for the latest legacy revision and takes whichever legacy one is answered.
pub(super) async fn shake(connection: &Arc<Connection>, limit: Duration) -> Result<Hello, Failure> {
    let params = params(&connection.owner);
    let result = connection.request(method::INITIALIZE, params.as_deref(), limit).await;
    let result = result.map_err(|failure| match failure.code {
        // Nothing came at all, rather than too slowly in the course of a call.
        Code::UpstreamTimeout => Failure::new(Code::InitializeTimeout),
        _ => failure,
    })?;
    let hello = Hello::read(result)?;
    let version: Result<Version, _> = hello.info.protocol.parse();
    if !version.is_ok_and(|version| version <= Version::LATEST_LEGACY) {
        return Err(Failure::new(Code::ProtocolViolation)
            .detail(format!("It speaks revision `{}`, which is not spoken here.", hello.info.protocol)));
    }
    if let Some(super::Link::Http(link)) = connection.link.get() {
        link.set_version(&hello.info.protocol);
    }
    connection.deliver(envelope::notification(method::INITIALIZED, None)).await?;
    Ok(hello)
}

fn params(owner: &Owner) -> Option<Box<RawValue>> {
    let version = Version::LATEST_LEGACY.name();
    let ours = json!({ "name": "Sluice", "version": env!("CARGO_PKG_VERSION") });
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

//! What each request to the server carries.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use wire::{Version, edit, modern};

use super::{EVENTS, JSON, SESSION, VERSION};
use crate::{
    error::Failure,
    outbound::{Address, Reply},
    upstream::Outgoing,
};

const LAST_EVENT: HeaderName = HeaderName::from_static("last-event-id");
/// Headers of our own on a request, and some more.
const HEADERS: usize = 12;

pub(in crate::upstream) struct HttpLink {
    pub(super) address: Address,
    headers: HeaderMap,
    /// As the upstream named it in its answer to `initialize`.
    pub(super) session: OnceLock<HeaderValue>,
    version: OnceLock<HeaderValue>,
    /// Whether it is spoken to in the modern era: without sessions, with headers that say what the
    /// body says.
    modern: AtomicBool,
}

impl HttpLink {
    pub(super) fn new(address: Address, headers: HeaderMap) -> Self {
        let (session, version) = (OnceLock::new(), OnceLock::new());
        Self { address, headers, session, version, modern: AtomicBool::new(false) }
    }

    pub(in crate::upstream) fn set_modern(&self, modern: bool) {
        self.modern.store(modern, Ordering::Release);
    }

    pub(in crate::upstream) fn is_modern(&self) -> bool {
        self.modern.load(Ordering::Acquire)
    }

    /// What a modern request's headers repeat of its body (SEP-2243).
    pub(in crate::upstream) fn routing(&self, outgoing: Outgoing<'_>) -> HeaderMap {
        if !self.is_modern() {
            return HeaderMap::new();
        }
        let mut headers = outgoing.forward.cloned().unwrap_or_default();
        let mut put = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(&modern::encode(value)) {
                headers.insert(name, value);
            }
        };
        put(modern::header::VERSION, Version::LATEST.name());
        put(modern::header::METHOD, outgoing.method);
        let named = modern::name_member(outgoing.method).zip(outgoing.params);
        if let Some(name) = named.and_then(|(member, params)| edit::text(params, member)) {
            put(modern::header::NAME, &name);
        }
        headers
    }

    pub(in crate::upstream) fn set_version(&self, version: &str) {
        if let Ok(value) = HeaderValue::from_str(version) {
            let _ = self.version.set(value);
        }
    }

    /// What every request carries.
    pub(super) fn headers(&self) -> HeaderMap {
        // With room for what others add, so that it need not grow.
        let mut headers = HeaderMap::with_capacity(self.headers.len() + HEADERS);
        for (name, value) in &self.headers {
            headers.append(name, value.clone());
        }
        if let Some(session) = self.session.get() {
            headers.insert(SESSION, session.clone());
        }
        if let Some(version) = self.version.get() {
            headers.insert(VERSION, version.clone());
        }
        headers
    }

    pub(super) async fn post(&self, json: String, more: HeaderMap) -> Result<Reply, Failure> {
        let mut headers = self.headers();
        if !more.is_empty() {
            headers.extend(more);
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
        self.address.send(Method::POST, headers, json.into()).await
    }

    /// Opens a stream, or goes on with one from after `last`.
    pub(super) async fn get(&self, last: Option<&str>) -> Result<Reply, Failure> {
        let mut headers = self.headers();
        headers.insert(header::ACCEPT, HeaderValue::from_static(EVENTS));
        if let Some(last) = last.and_then(|last| HeaderValue::from_str(last).ok()) {
            headers.insert(LAST_EVENT, last);
        }
        self.address.send(Method::GET, headers, Bytes::new()).await
    }
}

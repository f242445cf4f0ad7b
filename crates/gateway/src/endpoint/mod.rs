//! The addresses that MCP clients know: `/projects/{project}/servers/{server}/…`.

use std::{net::IpAddr, sync::Arc};

use axum::{body::Body, extract::Request, response::Response};
use bytes::Bytes;
use domain::Code;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use serde_json::{json, value::RawValue};
use wire::{RequestId, Version, edit, envelope};

use crate::{
    aggregate, bridge, catalog,
    directory::{Directory, KeyEntry},
    error::{self, Failure},
    gateway::Plane,
    journal,
    session::{Client, Scope, Session},
};

pub(crate) use origin::Origins;

use address::{Address, Door};

mod address;
mod auth;
mod body;
mod modern;
mod origin;
mod sse;
mod streamable;

/// Longest wait for a server that was never seen, so that `initialize` is answered within 2 s:
/// some clients give up then and try the other transport.
const FIRST_LOOK: std::time::Duration = std::time::Duration::from_millis(1_500);

/// Room for the headers of an answer, those that the server adds included.
const HEADERS: usize = 12;

/// Who asks, and for which server: proven and looked up, the same for all endpoints.
#[derive(Clone)]
pub(crate) struct Access {
    pub(crate) key: Arc<KeyEntry>,
    pub(crate) scope: Scope,
    pub(crate) request_id: Arc<str>,
    /// Whether its calls end with whoever asks: nobody comes back for the answers.
    pub(crate) ends: bool,
}

/// The route of a path, for spans and logs; none when it is not of the data plane.
pub(crate) fn route(path: &str) -> Option<&'static str> {
    Address::of(path).map(|address| address.route())
}

/// Answers one request. The path is taken apart here and nowhere else: a call is too short for a
/// router and layers around it.
pub(crate) async fn handle(
    plane: Arc<Plane>,
    request: Request,
    request_id: Arc<str>,
    client: Option<IpAddr>,
) -> Response {
    let (parts, body) = request.into_parts();
    let Some(address) = Address::of(parts.uri.path()) else {
        return refuse(StatusCode::NOT_FOUND, Code::NotFound, None);
    };
    match admit(&plane, &address, &parts.headers, request_id, client) {
        Ok(access) => serve(plane, access, address.door, &parts.uri, parts.method, parts.headers, body).await,
        Err(response) => *response,
    }
}

/// The same for who is proven already and has no key of the directory: the console's own calls.
/// Whoever drops the answer before it is there cancels the call.
pub(crate) async fn handle_as(
    plane: Arc<Plane>,
    request: Request,
    request_id: Arc<str>,
    key: Arc<KeyEntry>,
) -> Response {
    let (parts, body) = request.into_parts();
    let directory = plane.directory.load_full();
    let address = Address::of(parts.uri.path());
    let scope = address.and_then(|address| Some((address.door, scope(&directory, &address, &key)?)));
    let Some((door, scope)) = scope else {
        return refuse(StatusCode::NOT_FOUND, Code::NotFound, None);
    };
    let access = Access { key, scope, request_id, ends: true };
    serve(plane, access, door, &parts.uri, parts.method, parts.headers, body).await
}

async fn serve(
    plane: Arc<Plane>,
    access: Access,
    door: Door,
    uri: &Uri,
    method: Method,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match (door, method) {
        (Door::Mcp, Method::POST) => streamable::post(plane, access, headers, body).await,
        (Door::Mcp, Method::GET) => streamable::get(&plane, &access, &headers),
        (Door::Mcp, Method::HEAD) => without_body(streamable::get(&plane, &access, &headers)),
        (Door::Mcp, Method::DELETE) => streamable::delete(&plane, &access, &headers),
        (Door::Sse, Method::GET) => sse::get(&plane, access, uri, &headers),
        (Door::Sse, Method::HEAD) => without_body(sse::get(&plane, access, uri, &headers)),
        (Door::Messages, Method::POST) => sse::post(plane, access, uri, headers, body).await,
        (door, _) => method_not_allowed(door),
    }
}

fn method_not_allowed(door: Door) -> Response {
    let mut response = refuse(StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed, None);
    let allowed = match door {
        Door::Mcp => "POST,GET,HEAD,DELETE",
        Door::Sse => "GET,HEAD",
        Door::Messages => "POST",
    };
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

fn without_body(mut response: Response) -> Response {
    *response.body_mut() = Body::empty();
    response
}

/// Judges a request before anything of it is read: where it comes from, whose it is, what it is
/// for. Err is the answer.
fn admit(
    plane: &Arc<Plane>,
    address: &Address<'_>,
    headers: &HeaderMap,
    request_id: Arc<str>,
    client: Option<IpAddr>,
) -> Result<Access, Box<Response>> {
    let refused = |status, code| Err(Box::new(refuse(status, code, None)));
    if plane.origins.refuses(headers) {
        return refused(StatusCode::FORBIDDEN, Code::OriginForbidden);
    }
    let directory = plane.directory.load();
    let project = directory.project(&address.project());
    let key = match auth::authenticate(&directory, headers, plane.clock.now()) {
        Ok(key) => key,
        Err(code) => {
            // Without any credentials only: a bad key is told so everywhere.
            let anyone = project.filter(|_| code == Code::KeyRequired && plane.open_access);
            match anyone.and_then(|project| directory.anonymous(project.id)) {
                Some(anyone) => anyone.clone(),
                None => return Err(Box::new(auth::challenge(code))),
            }
        }
    };
    let Some(scope) = scope(&directory, address, &key) else {
        return refused(StatusCode::NOT_FOUND, Code::NotFound);
    };
    if let Scope::Server(server) = scope
        && !key.reach.has(server)
    {
        return refused(StatusCode::FORBIDDEN, Code::KeyServer);
    }
    if let Some(reported) = directory.reported(key.id) {
        journal::key_used(plane, key.id, reported, client);
    }
    Ok(Access { key, scope, request_id, ends: false })
}

/// What an address leads to. The key's project decides: what belongs to another one does not exist, so
/// that nobody learns from the difference.
fn scope(directory: &Directory, address: &Address<'_>, key: &KeyEntry) -> Option<Scope> {
    let project = directory.project(&address.project()).filter(|project| project.id == key.project)?;
    match address.server() {
        Some(server) => directory.server(project.id, &server).map(|server| Scope::Server(server.id)),
        None => Some(Scope::Project),
    }
}

/// An answer without a session: a JSON-RPC error, which MCP clients show to people.
fn refuse(status: StatusCode, code: Code, id: Option<&RequestId>) -> Response {
    json_response(status, Failure::new(code).response(id, None))
}

fn json_response(status: StatusCode, json: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(json.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.reserve(HEADERS);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The answer of a server of the legacy era to the modern handshake: clients then use `initialize`.
pub(crate) fn no_discovery(id: &RequestId) -> String {
    error::plain_error(Some(id), wire::code::METHOD_NOT_FOUND, "Method not found")
}

/// Which revision the `MCP-Protocol-Version` header names. Err: the answer to a name unknown here.
fn header_version(headers: &HeaderMap) -> Result<Option<Version>, Box<Response>> {
    let Some(value) = headers.get("mcp-protocol-version") else { return Ok(None) };
    let text = String::from_utf8_lossy(value.as_bytes());
    match text.parse::<Version>() {
        Ok(version) => Ok(Some(version)),
        Err(_) => Err(Box::new(unsupported_version(None, &text))),
    }
}

fn unsupported_version(id: Option<&RequestId>, requested: &str) -> Response {
    let supported: Vec<&str> = Version::ALL.into_iter().rev().map(Version::name).collect();
    let data = envelope::raw(json!({ "supported": supported, "requested": requested }).to_string());
    let error =
        envelope::error_object(wire::code::UNSUPPORTED_VERSION, "Unsupported protocol version", Some(&data));
    json_response(StatusCode::BAD_REQUEST, envelope::error(id, &error))
}

/// Reads what a client says of itself in `initialize`.
fn client_of(params: Option<&RawValue>) -> Client {
    let member = |name| params.and_then(|params| edit::member(params, name)).map(ToOwned::to_owned);
    let asked = params.and_then(|params| edit::text(params, "protocolVersion")).unwrap_or_default();
    Client {
        version: Version::negotiate(&asked),
        capabilities: member("capabilities"),
        info: member("clientInfo"),
    }
}

/// Answers `initialize`: from what is known of the server, even when it is down; for one that was
/// never seen after a short wait, in words that hold for any server.
async fn initialize(
    plane: &Arc<Plane>,
    session: &Session,
    id: &RequestId,
    client: Client,
    request_id: &str,
) -> String {
    let version = client.version;
    journal::key_client(plane, session.key.id, client.info.as_deref());
    session.client.store(Some(Arc::new(client)));
    match known_hello(plane, &session.key, session.scope).await {
        Ok(hello) => {
            journal::session_opened(plane, session);
            envelope::result(id, &bridge::greeting(&hello, version))
        }
        Err(failure) => failure.response(Some(id), Some(request_id)),
    }
}

/// A server's introduction, as far as it is known within a short wait; a project's at once.
async fn known_hello(
    plane: &Arc<Plane>,
    key: &KeyEntry,
    scope: Scope,
) -> Result<Arc<Box<RawValue>>, Failure> {
    let server = match scope {
        Scope::Server(server) => server,
        Scope::Project => return Ok(Arc::new(aggregate::introduction(plane, key))),
    };
    let upstream = plane.upstream(server).ok_or(Code::ServerDisabled)?;
    upstream.knock();
    if upstream.hello().is_none() {
        // A failure of a server never seen is worth more than an empty promise.
        if let Ok(Err(failure)) = tokio::time::timeout(FIRST_LOOK, upstream.settled()).await {
            return Err(failure);
        }
    }
    Ok(upstream.hello().unwrap_or_else(|| Arc::new(catalog::generic_hello(&upstream.server.name))))
}

//! Calls of tools whose parameters travel as headers too (2026-07-28, SEP-2243): what clients send is
//! compared, and what a server over HTTP expects is sent for clients that know nothing of it.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use domain::server::Transport;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::value::RawValue;
use wire::{Era, edit, envelope, method, mirror::Mirror};

use super::{Item, Kinds};
use crate::{directory::ServerEntry, supervisor::Upstream, upstream::Connection};

/// What tools' schemas mark, by the tools' names at their server. Few have anything.
pub(crate) type Mirrors = Arc<HashMap<String, Mirror>>;

/// Tools that a client must not use, and why.
pub(crate) type Rejected = Arc<BTreeMap<String, String>>;

pub(super) fn of(items: &[Item]) -> Mirrors {
    let marked = items.iter().filter_map(|item| {
        let mirror = Mirror::of(&item.raw).ok().filter(|mirror| !mirror.is_empty())?;
        Some((item.name.clone(), mirror))
    });
    Arc::new(marked.collect())
}

/// Whether we are the client that has to keep the rules: over pipes, and before the revision, the
/// marks mean nothing.
fn rules(server: &ServerEntry, era: Option<Era>) -> bool {
    era == Some(Era::Modern) && server.target.transport() == Transport::StreamableHttp
}

/// Takes the tools out that must not be used.
pub(super) fn reject(connection: &Connection, items: Vec<Item>) -> (Vec<Item>, Rejected) {
    let mut rejected = BTreeMap::new();
    let mut kept = items;
    if rules(&connection.server, connection.hello().map(|hello| hello.era())) {
        kept.retain(|item| match Mirror::of(&item.raw) {
            Ok(_) => true,
            Err(why) => rejected.insert(item.name.clone(), why).is_some(),
        });
    }
    (kept, Arc::new(rejected))
}

/// The result of `tools/list` without the tools that must not be used.
pub(crate) fn without_rejected<'a>(upstream: &Upstream, result: &'a RawValue) -> Cow<'a, RawValue> {
    if !rules(&upstream.server, upstream.era()) {
        return Cow::Borrowed(result);
    }
    let Some(tools) = edit::member(result, "tools").and_then(edit::elements) else {
        return Cow::Borrowed(result);
    };
    let good: Vec<&str> =
        tools.iter().filter(|tool| Mirror::of(tool).is_ok()).map(|tool| tool.get()).collect();
    if good.len() == tools.len() {
        return Cow::Borrowed(result);
    }
    Cow::Owned(edit::set(result, "tools", &envelope::raw(format!("[{}]", good.join(",")))))
}

/// Whether the headers of a modern client's call say what its arguments say. A tool that is not
/// known passes: its server will see. Err is for the client.
pub(crate) fn agree(
    upstream: &Upstream,
    params: Option<&RawValue>,
    headers: Option<&HeaderMap>,
) -> Result<(), String> {
    let catalog = upstream.catalog();
    let mirrors = &catalog.tools.mirrors;
    if mirrors.is_empty() {
        return Ok(());
    }
    let Some((params, name)) = params.and_then(|params| Some((params, edit::text(params, "name")?))) else {
        return Ok(());
    };
    let Some(mirror) = mirrors.get(&name) else { return Ok(()) };
    let given = |name: &str| {
        let values = headers.map(|headers| headers.get_all(name).iter().map(HeaderValue::as_bytes));
        values.into_iter().flatten().collect()
    };
    let agreed = mirror.agree(given, edit::member(params, "arguments"));
    if agreed.is_err() {
        // The client may know a later list than we do; when it comes again, we know it too.
        upstream.changes.tell(Kinds::TOOLS);
    }
    agreed
}

/// The headers that a modern server over HTTP expects of a call, for a client that sends none.
pub(crate) fn headers(connection: &Connection, called: &str, params: Option<&RawValue>) -> Option<HeaderMap> {
    let upstream = connection.upstream.upgrade().filter(|_| called == method::TOOLS_CALL)?;
    if !rules(&connection.server, connection.hello().map(|hello| hello.era())) {
        return None;
    }
    let catalog = upstream.catalog();
    let mirror = catalog.tools.mirrors.get(&edit::text(params?, "name")?)?;
    let mut headers = HeaderMap::new();
    for (name, value) in mirror.headers(edit::member(params?, "arguments")) {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value))
        {
            let _ = headers.try_insert(name, value);
        }
    }
    Some(headers)
}

/// Whether a server refused a call because of its headers, so that its list must have changed.
pub(crate) fn is_refusal(error: &RawValue) -> bool {
    envelope::read_error(error).0 == Some(wire::code::HEADER_MISMATCH)
}

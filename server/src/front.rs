//! What meets a request first: calls of MCP clients go straight to the data plane, everything else
//! through the router and its layers.
//!
//! A tool call takes some ten microseconds of work; matching it against all routes and passing it
//! through a stack of boxed layers costs as much again. So this does by hand, for these few paths,
//! what the layers do for all others: the request's id and span, headers, and panics.

use std::{net::SocketAddr, panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
    response::Response,
};
use futures_util::FutureExt;
use gateway::Gateway;
use services::Entropy;
use tower::ServiceExt;
use tracing::Instrument;

use crate::{
    edge::{
        headers, problem,
        proxy::Proxies,
        request::{self, RequestId},
    },
    router::panicked,
};

/// Clones are handles to the same one.
#[derive(Clone)]
pub struct Front(Arc<Inner>);

struct Inner {
    /// None where this process serves the console only.
    gateway: Option<Gateway>,
    router: Router,
    entropy: Entropy,
    https: headers::Https,
    proxies: Proxies,
}

impl Front {
    pub(crate) fn new(
        gateway: Option<Gateway>,
        router: Router,
        entropy: Entropy,
        https: headers::Https,
        proxies: Proxies,
    ) -> Self {
        Self(Arc::new(Inner { gateway, router, entropy, https, proxies }))
    }

    /// Answers one request, whatever it is. `peer` is the other end of its connection.
    pub async fn answer(&self, mut request: Request, peer: SocketAddr) -> Response {
        let Inner { gateway, router, entropy, https, proxies } = &*self.0;
        let client = proxies.client(peer, request.headers());
        let ours = gateway.as_ref().zip(Gateway::route(request.uri().path()));
        let Some((gateway, route)) = ours else {
            request.extensions_mut().insert(ConnectInfo(client));
            return router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        };
        let RequestId(id) = RequestId::new(entropy);
        // Seen at `debug` only: the log of the project names every call and this id, and a span costs
        // as much as reading the request.
        let span = tracing::debug_span!("http", http.method = %request.method(), http.route = route, request.id = %id);
        let handled = gateway.handle(request, id.clone(), Some(client.ip()));
        let answered = AssertUnwindSafe(handled).catch_unwind().instrument(span);
        let mut response = answered.await.unwrap_or_else(|panic| problem::render(panicked(panic), &id));
        headers::secure_data(response.headers_mut(), *https);
        request::with_id(response, &id)
    }
}

//! Upstreams of every transport and either era.

use domain::server::Transport;
use gateway::Target;

use super::{
    Bench,
    client::{Client, Kind},
    remote, server, stdio,
};

/// An upstream, and what must live as long as it does.
pub async fn upstream(transport: Transport, era: fixture::Era) -> (Target, Option<fixture::Running>) {
    let options = fixture::Options { era, ..fixture::Options::default() };
    match transport {
        Transport::Sse => {
            let running = fixture::serve_sse_with(options).await.expect("a port");
            (remote(transport, &running.url), Some(running))
        }
        Transport::StreamableHttp => {
            let running = fixture::serve_http_with(options).await.expect("a port");
            (remote(transport, &running.url), Some(running))
        }
        _ if era == fixture::Era::Modern => (stdio(&["stdio", "--era", "modern"]), None),
        _ => (stdio(&["stdio"]), None),
    }
}

pub const UPSTREAMS: [(Transport, fixture::Era); 5] = [
    (Transport::Stdio, fixture::Era::Legacy),
    (Transport::StreamableHttp, fixture::Era::Legacy),
    (Transport::Sse, fixture::Era::Legacy),
    (Transport::Stdio, fixture::Era::Modern),
    (Transport::StreamableHttp, fixture::Era::Modern),
];

/// Runs `check` with a client of each kind in front of an upstream of each kind.
pub async fn each(kinds: &[Kind], check: impl AsyncFn(&Bench, &mut Client, &str)) {
    for (transport, era) in UPSTREAMS {
        let (target, _running) = upstream(transport, era).await;
        let bench = Bench::new(vec![server(1, "s", target)]).await;
        for kind in kinds {
            let name = format!("{kind:?} in front of {transport:?}, {era:?}");
            eprintln!("{name}");
            let mut client = Client::connect(&bench, *kind, "s").await;
            check(&bench, &mut client, &name).await;
        }
        bench.stop().await;
    }
}

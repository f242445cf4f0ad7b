//! From the start of a process to the answer to the first tool call.

use anyhow::{Result, bail};
use serde::Serialize;
use tokio::{
    net::TcpStream,
    time::{Duration, Instant, sleep},
};

use crate::{
    deployment::{Deployment, Upstreams, path},
    load::{Destination, session::Session},
    message::{Dialect, Verdict},
    nginx::Nginx,
};

const LIMIT: Duration = Duration::from_secs(20);

#[derive(Debug, Serialize)]
pub(crate) struct Start {
    pub(crate) route: &'static str,
    /// What is called.
    pub(crate) upstream: &'static str,
    /// Cold: the first start ever with this data, so nothing is known of the upstream.
    pub(crate) cold: bool,
    pub(crate) milliseconds: Vec<f64>,
    pub(crate) trouble: Option<String>,
}

/// Measures each kind of start so many times.
pub(crate) async fn measure(
    program: &std::path::Path,
    upstreams: &Upstreams,
    times: u32,
) -> Result<Vec<Start>> {
    let start =
        |route, upstream, cold| Start { route, upstream, cold, milliseconds: Vec::new(), trouble: None };
    let mut nginx_start = start("nginx", "http", false);
    let mut starts: Vec<Start> = ["http", "stdio"]
        .into_iter()
        .flat_map(|upstream| [true, false].map(|cold| start("sluice", upstream, cold)))
        .collect();
    for _ in 0..times {
        let begin = Instant::now();
        let nginx = Nginx::spawn(upstreams)?;
        let to =
            Destination { address: nginx.legacy, path: "/mcp".into(), dialect: Dialect::Legacy, key: None };
        note(&mut nginx_start, begin, first_call(&to).await);
        drop(nginx);
        for (upstream, server) in [("http", "legacy"), ("stdio", "stdio")] {
            let deployment = Deployment::make(program, upstreams).await?;
            for start in starts.iter_mut().filter(|start| start.upstream == upstream) {
                let begin = Instant::now();
                let serving = deployment.spawn(&[])?;
                let to = Destination {
                    address: serving.address,
                    path: path(server, "mcp"),
                    dialect: Dialect::Legacy,
                    key: Some(deployment.key.clone()),
                };
                note(start, begin, first_call(&to).await);
                // So that what it learnt is written for the warm start.
                crate::process::rested(serving.pid()?, None).await?;
                serving.stop().await?;
            }
        }
    }
    Ok(std::iter::once(nginx_start).chain(starts).collect())
}

fn note(start: &mut Start, begin: Instant, called: Result<()>) {
    match called {
        Ok(()) => start.milliseconds.push(begin.elapsed().as_secs_f64() * 1_000.0),
        Err(error) => start.trouble = Some(format!("{error:#}")),
    }
}

/// Connects as soon as that is possible; nothing announces it.
async fn first_call(to: &Destination) -> Result<()> {
    let deadline = Instant::now() + LIMIT;
    while TcpStream::connect(to.address).await.is_err() {
        if Instant::now() > deadline {
            bail!("it does not listen");
        }
        sleep(Duration::from_millis(1)).await;
    }
    match Session::open(to, 0, 100).await?.call().await {
        Verdict::Right => Ok(()),
        Verdict::Wrong(why) | Verdict::Failed(why) => bail!(why),
    }
}

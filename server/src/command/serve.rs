//! `sluice serve`: opens everything, serves until a signal, closes in order.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use domain::{
    Timestamp,
    platform::{JobName, ProcessStatus},
};
use gateway::{EventSink, Gateway, OutboundPolicy, Question};
use secrecy::SecretBox;
use services::{Caller, Entropy, Services};
use tokio::time::timeout;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    config::{Config, Role},
    demo,
    health::Readiness,
    lifecycle, mail, master_key,
    open::{Pending, explain, open},
    plane::{feed, record, snapshot},
    router,
};

/// Events that may wait to be written before further ones are counted and dropped.
const EVENT_QUEUE: usize = 10_000;
/// How often old log entries, sessions and links are deleted.
const HOUSEKEEPING: Duration = Duration::from_secs(services::job::EVERY as u64);
/// How long the last things may take after calls have ended; the database may be gone.
const CLOSING: Duration = Duration::from_secs(5);

pub(super) async fn run(config: Config, demo: bool) -> Result<()> {
    let public_url = config.public_url()?;
    let listener = lifecycle::listen(config.server.listen).await?;
    let services = open(&config, Pending::AsConfigured).await?;

    let (events, received) = gateway::event_channel(EVENT_QUEUE);
    let gateway = gateway(&config, events)?;
    let services = services.with_probe({
        let gateway = gateway.clone();
        Arc::new(move |target: services::snapshot::ServerTarget| {
            let gateway = gateway.clone();
            Box::pin(async move {
                let timeout = Duration::from_secs(target.timeout_seconds.into());
                gateway.probe(snapshot::target(target.kind), timeout).await
            })
        })
    });

    let vitals = vitals(&config, &gateway, services.clock().now())?;
    let services = services.with_vitals(vitals).with_rounds({
        let gateway = gateway.clone();
        Arc::new(move |job| {
            let gateway = gateway.clone();
            let question = if job == JobName::Checks { Question::Check } else { Question::Read };
            Box::pin(async move { snapshot::run(gateway.ask_round(question).await) })
        })
    });

    let post =
        if config.server.role == Role::Gateway { None } else { mail::post(&config.mail, &public_url)? };
    let services = match post {
        Some(post) => services.with_post(post),
        None => services,
    };

    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    tasks.spawn(record::run(services.clone(), received));
    if config.server.role != Role::Console {
        feed::start(services.clone(), gateway.clone(), stop.clone()).await.map_err(explain)?;
    }
    if config.server.role != Role::Gateway {
        tasks.spawn(housekeeping(services.clone(), stop.clone()));
        if services.mails().are_sent() {
            tasks.spawn(mail::deliver(services.clone(), stop.clone()));
        }
        greet(&config, &services, demo).await?;
    }

    let (readiness, feeds) = (Readiness::default(), router::Feeds::default());
    let parts = router::Parts {
        services: services.clone(),
        gateway: gateway.clone(),
        readiness: readiness.clone(),
        public_url: public_url.clone(),
        feeds: feeds.clone(),
    };
    let front = router::build(&config, parts);
    readiness.set(true);
    tracing::info!(address = %config.server.listen, %public_url, "serving");

    let deadline = Duration::from_secs(config.server.shutdown_seconds);
    let leaving = {
        let (readiness, gateway, stop) = (readiness.clone(), gateway.clone(), stop.clone());
        let feeds = feeds.clone();
        async move {
            lifecycle::signal().await;
            tracing::info!("stopping");
            readiness.set(false);
            stop.cancel();
            feeds.end();
            // Streams never end by themselves: closing them lets the server below finish.
            tokio::spawn(async move { gateway.drain().await });
        }
    };
    // What is still under way at the deadline is answered with an error.
    let end = gateway.shutdown(Duration::ZERO);
    lifecycle::serve(listener, front, leaving, deadline, || gateway.is_busy(), end).await;
    feeds.ended().await;
    drop(gateway);
    tasks.close();
    if timeout(CLOSING, tasks.wait()).await.is_err() {
        tracing::warn!("the last log entries were not all written");
    }
    match timeout(CLOSING, services.close()).await {
        Ok(closed) => closed.map_err(explain),
        Err(_) => bail!("the database did not close within {} seconds", CLOSING.as_secs()),
    }
}

fn gateway(config: &Config, events: EventSink) -> Result<Gateway> {
    let limits = gateway::Limits {
        body_bytes: config.limits.mcp_body_bytes,
        message_bytes: config.limits.upstream_message_bytes,
        sse_event_bytes: config.limits.sse_event_bytes,
        sessions_per_key: config.limits.sessions_per_key,
        sessions_per_project: config.limits.sessions_per_project,
        calls_per_session: config.limits.calls_per_session,
        session_idle: Duration::from_secs(60 * config.limits.session_idle_minutes),
        ..gateway::Limits::default()
    };
    Ok(Gateway::new(gateway::Options {
        limits,
        outbound: OutboundPolicy::new(&config.outbound.allow, config.is_loopback_only())
            .context("`outbound.allow`")?,
        stdio_enabled: config.stdio.enabled,
        clock: gateway::Clock::system(),
        events,
        public_url: config.public_url()?,
        allowed_origins: config.server.allowed_origins.clone(),
        open_access: config.serves_open_projects(),
        session_key: Some(session_key(config)?),
        reaper: Some(std::env::current_exe().context("the path of this program is unknown")?),
    }))
}

/// What this process says of itself to administrators.
fn vitals(config: &Config, gateway: &Gateway, started_at: Timestamp) -> Result<services::platform::Vitals> {
    let configuration = toml::to_string(&config.redacted()).context("the settings cannot be written")?;
    let role = config.server.role.name();
    let gateway = gateway.clone();
    Ok(Arc::new(move || ProcessStatus {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        role: role.to_owned(),
        started_at,
        plane: snapshot::vitals(gateway.vitals()),
        configuration: configuration.clone(),
    }))
}

/// The data plane's own key, so that no sealed value of one part opens in another.
fn session_key(config: &Config) -> Result<SecretBox<[u8; 32]>> {
    let master = master_key::load_or_create(&config.master_key_file(), &Entropy::os())?;
    Ok(master_key::derive(&master, "mcp session ids"))
}

/// Tells the person at the terminal how to get in.
async fn greet(config: &Config, services: &Services, demo: bool) -> Result<()> {
    let public_url = config.public_url()?;
    if demo {
        return demo::greet(services, &public_url).await;
    }
    if services.accounts().set_up_needed().await.map_err(explain)? {
        let token = services.accounts().issue_set_up_link(&Caller::system()).await.map_err(explain)?;
        println!("Sluice is not set up yet. Create the first administrator here (once, within a day):\n");
        println!("  {}\n", demo::link(&public_url, "set-up", &token));
    } else {
        println!("Console: {public_url}");
    }
    Ok(())
}

async fn housekeeping(services: Services, stop: CancellationToken) {
    loop {
        if let Err(error) = services.prune().await {
            tracing::warn!(cause = error.private_message(), "old entries could not be deleted");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(HOUSEKEEPING) => {}
        }
    }
}

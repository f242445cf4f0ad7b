//! Sluice as an operator runs it: its program, a folder, a port, and a document.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;
use tokio::{
    io::AsyncWriteExt,
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};

use crate::{
    peer::{Peer, free_port},
    process,
};

/// Until anything that should happen must have happened.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(20);
/// How long calls in flight may take when it stops.
pub(crate) const GRACE_SECONDS: u64 = 5;

pub(crate) struct Programs {
    pub(crate) sluice: PathBuf,
    pub(crate) fixture: PathBuf,
}

pub(crate) struct Deployment {
    pub(crate) programs: Programs,
    pub(crate) peers: Vec<Peer>,
    pub(crate) key: String,
    /// In the environment of all children, by which they are found.
    pub(crate) mark: String,
    folder: PathBuf,
    port: u16,
    running: Option<Child>,
}

impl Deployment {
    pub(crate) async fn new(programs: Programs, folder: &Path, mark: String) -> Result<Self> {
        let mut peers = vec![
            Peer::new("web", &["http"]).await?,
            Peer::new("webmodern", &["http", "--era", "modern"]).await?,
            Peer::new("events", &["sse"]).await?,
        ];
        for peer in &mut peers {
            peer.start(&programs.fixture).await?;
        }
        let mut deployment = Self {
            programs,
            peers,
            key: String::new(),
            mark,
            folder: folder.to_owned(),
            port: free_port().await?,
            running: None,
        };
        deployment.key = deployment.command(&["key", "generate"], "").await?.trim().to_owned();
        deployment.command(&["apply", "-"], &deployment.document()).await?;
        deployment.start().await?;
        Ok(deployment)
    }

    pub(crate) fn root(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sluice's process.
    pub(crate) fn process(&self) -> Result<u32> {
        self.running.as_ref().and_then(Child::id).context("Sluice does not run")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("output")
    }

    fn document(&self) -> String {
        let fixture = self.programs.fixture.display();
        let port = |name: &str| self.peers.iter().find(|peer| peer.name == name).map_or(0, |peer| peer.port);
        let limits = "timeout_seconds: 5, initialize_seconds: 5, connect_seconds: 5, total_seconds: 20";
        let process = |name: &str, arguments: &str, more: &str| {
            format!(
                "{{ name: {name}, alias: {name}, transport: stdio, command: \"{fixture}\", args: [{arguments}], \
                 env: {{ CHAOS_MARK: {{ env: CHAOS_MARK }} }}, {more}{limits} }}"
            )
        };
        let remote = |name: &str, transport: &str, path: &str| {
            let port = port(name);
            format!(
                "{{ name: {name}, alias: {name}, transport: {transport}, \
                 url: \"http://127.0.0.1:{port}/{path}\", {limits} }}"
            )
        };
        let servers = [
            process("pipe", "stdio", ""),
            process("pipemodern", "stdio, --era, modern", ""),
            process("own", "stdio", "sharing: session, "),
            remote("web", "streamable_http", "mcp"),
            remote("webmodern", "streamable_http", "mcp"),
            remote("events", "sse", "sse"),
            format!("{{ name: toolbox, alias: toolbox, transport: builtin, builtin: toolbox, {limits} }}"),
        ];
        let servers: String = servers.iter().map(|server| format!("      - {server}\n")).collect();
        format!(
            "organizations: [{{ slug: acme, name: Acme }}]\n\
             users: [{{ email: owner@acme.test, name: Owner, password_env: CHAOS_PASSWORD, admin: true }}]\n\
             projects:\n  - org: acme\n    slug: chaos\n    \
             members: [{{ email: owner@acme.test, role: owner }}]\n    servers:\n{servers}    \
             api_keys: [{{ name: clients, secret_env: CHAOS_KEY }}]\n"
        )
    }

    /// The program with this folder, and with no settings but ours.
    fn sluice(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.programs.sluice);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SLUICE_") {
                command.env_remove(name);
            }
        }
        command.args(arguments).arg("--data-dir").arg(self.folder.join("data"));
        command.current_dir(&self.folder).kill_on_drop(true);
        command
    }

    /// A command that ends by itself; what it printed.
    async fn command(&self, arguments: &[&str], input: &str) -> Result<String> {
        let mut command = self.sluice(arguments);
        // What the document refers to; only commands see it, never `serve`.
        command.env("CHAOS_MARK", &self.mark).env("CHAOS_KEY", &self.key);
        command.env("CHAOS_PASSWORD", format!("password of {}", self.mark));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| self.programs.sluice.display().to_string())?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes()).await?;
        }
        let output = timeout(PATIENCE, child.wait_with_output()).await.context("it does not end")??;
        if !output.status.success() {
            bail!("sluice {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Starts Sluice and waits until it is ready.
    pub(crate) async fn start(&mut self) -> Result<()> {
        let output = std::fs::OpenOptions::new().create(true).append(true).open(self.log())?;
        let listen = format!("127.0.0.1:{}", self.port);
        let mut command = self.sluice(&["serve", "--listen", &listen]);
        command.env("SLUICE__SERVER__SHUTDOWN_SECONDS", GRACE_SECONDS.to_string());
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let mut child = command.spawn()?;
        let http = crate::client::http()?;
        let deadline = Instant::now() + PATIENCE;
        // Nothing announces it here.
        loop {
            let asked = http.get(format!("{}/readyz", self.root())).send().await;
            if asked.is_ok_and(|answer| answer.status().is_success()) {
                break;
            }
            if let Some(status) = child.try_wait()? {
                bail!("Sluice ended at its start: {status}; see {}", self.log().display());
            }
            if Instant::now() > deadline {
                bail!("Sluice is not ready within {} s", PATIENCE.as_secs());
            }
            sleep(LOOK).await;
        }
        self.running = Some(child);
        Ok(())
    }

    /// Sends a signal and waits for the end. Returns how long it took and whether it ended in order.
    pub(crate) async fn stop(&mut self, signal: Signal) -> Result<(Duration, bool)> {
        let mut child = self.running.take().context("Sluice does not run")?;
        let started = Instant::now();
        process::signal(child.id().context("Sluice has ended by itself")?, signal);
        let status = timeout(PATIENCE, child.wait()).await;
        let status = status.with_context(|| format!("Sluice does not end on {signal}"))??;
        Ok((started.elapsed(), status.success() || signal == Signal::SIGKILL))
    }

    /// Whether it runs, although nobody stopped it.
    pub(crate) fn is_alive(&mut self) -> bool {
        self.running.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }
}

//! The remote servers: processes of their own that can be killed, stalled and started again.

use std::{path::Path, process::Stdio};

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
    process::{Child, Command},
};

use crate::process;

/// A port that was free a moment ago.
pub(crate) async fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port())
}

pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    arguments: &'static [&'static str],
    running: Option<Child>,
}

impl Peer {
    /// The arguments are those of the test peer.
    pub(crate) async fn new(name: &'static str, arguments: &'static [&'static str]) -> Result<Self> {
        Ok(Self { name, port: free_port().await?, arguments, running: None })
    }

    pub(crate) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    pub(crate) async fn start(&mut self, fixture: &Path) -> Result<()> {
        let mut command = Command::new(fixture);
        // Its standard input closes with us, whatever ends us.
        command.args(self.arguments).args(["--until-eof", "--port", &self.port.to_string()]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().with_context(|| format!("{} does not start", fixture.display()))?;
        let output = child.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).await?;
        if !line.starts_with("listening ") {
            bail!("the server `{}` does not listen on port {}", self.name, self.port);
        }
        self.running = Some(child);
        Ok(())
    }

    pub(crate) async fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.running.take() {
            child.kill().await?;
        }
        Ok(())
    }

    pub(crate) fn signal(&self, signal: Signal) {
        if let Some(id) = self.running.as_ref().and_then(Child::id) {
            process::signal(id, signal);
        }
    }
}

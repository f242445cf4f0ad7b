//! What is measured, as an operator runs it: the upstreams, and Sluice with a data directory of its own.

use std::{
    fs::{File, OpenOptions},
    io::Read,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Uri, header};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
    time::{Duration, Instant, sleep, timeout},
};

use crate::load::session::Http;

const START_LIMIT: Duration = Duration::from_secs(20);

/// More than the limits of a common installation, for the idle sessions all have one key.
const SETTINGS: [(&str, &str); 3] = [
    ("SLUICE__LIMITS__SESSIONS_PER_KEY", "20000"),
    ("SLUICE__LIMITS__SESSIONS_PER_PROJECT", "20000"),
    ("SLUICE__LOG__LEVEL", "info"),
];

pub(crate) fn free_port() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// This program in another role.
pub(crate) fn ourselves() -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.kill_on_drop(true);
    Ok(command)
}

/// A process that prints the address it listens on.
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    process: Child,
}

impl Listening {
    async fn start(mut command: Command) -> Result<Self> {
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let output = process.stdout.take().context("no output")?;
        let mut line = String::new();
        timeout(START_LIMIT, BufReader::new(output).read_line(&mut line)).await??;
        let address = line.trim().parse().with_context(|| format!("{command:?} prints no address"))?;
        Ok(Self { address, process })
    }

    pub(crate) fn pid(&self) -> Result<u32> {
        self.process.id().context("it has ended")
    }

    /// Another proxy in front of `upstream`, whose address is its argument.
    pub(crate) async fn proxy(program: &Path, upstream: &Self) -> Result<Self> {
        let mut command = Command::new(program);
        command.arg(upstream.address.to_string());
        Self::start(command).await
    }
}

/// The upstream of each era.
pub(crate) struct Upstreams {
    pub(crate) legacy: Listening,
    pub(crate) modern: Listening,
}

impl Upstreams {
    pub(crate) async fn start() -> Result<Self> {
        let start = async |era| {
            let mut command = ourselves()?;
            command.args(["upstream", "--era", era]);
            Listening::start(command).await
        };
        Ok(Self { legacy: start("legacy").await?, modern: start("modern").await? })
    }
}

/// An installation of Sluice: its program and its data.
pub(crate) struct Deployment {
    program: PathBuf,
    folder: TempDir,
    pub(crate) key: String,
    pub(crate) version: String,
}

impl Deployment {
    /// Makes the data directory with a project, its servers and a key.
    pub(crate) async fn make(program: &Path, upstreams: &Upstreams) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let program = program
            .canonicalize()
            .with_context(|| format!("{} is missing; `cargo xtask bench` builds it", program.display()))?;
        let mut deployment = Self { program, folder, key: String::new(), version: String::new() };
        deployment.key = deployment.output(&["key", "generate"]).await?;
        deployment.version = deployment.output(&["--version"]).await?;
        let document = deployment.folder.path().join("bench.yaml");
        std::fs::write(&document, describe(upstreams)?)?;
        deployment.output(&["apply", &document.to_string_lossy()]).await?;
        Ok(deployment)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SLUICE_") {
                command.env_remove(name);
            }
        }
        command.envs(SETTINGS).current_dir(self.folder.path()).stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    async fn output(&self, arguments: &[&str]) -> Result<String> {
        let mut command = self.command();
        command.args(arguments).env("BENCH_KEY", &self.key);
        if !matches!(arguments, ["--version"]) {
            command.args(["--data-dir", "data"]);
        }
        let done = command.output().await?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        ensure!(done.status.success(), "sluice {arguments:?}: {}", text(&done.stderr));
        Ok(text(&done.stdout))
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("output")
    }

    /// Starts `sluice serve` and does not wait for anything.
    pub(crate) fn spawn(&self, flags: &[&str]) -> Result<Serving> {
        let address = free_port()?;
        let log = OpenOptions::new().create(true).append(true).open(self.log())?;
        let process = self
            .command()
            .args(["serve", "--data-dir", "data", "--listen", &address.to_string()])
            .args(flags)
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        Ok(Serving { address, process })
    }

    /// Starts `sluice serve` and waits until it is ready.
    pub(crate) async fn serve(&self, flags: &[&str]) -> Result<Serving> {
        let mut serving = self.spawn(flags)?;
        let deadline = Instant::now() + START_LIMIT;
        while !is_ready(serving.address).await {
            if serving.process.try_wait()?.is_some() || Instant::now() > deadline {
                let mut log = String::new();
                File::open(self.log())?.read_to_string(&mut log)?;
                bail!("sluice does not start:\n{log}");
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(serving)
    }
}

/// A running `sluice serve`.
pub(crate) struct Serving {
    pub(crate) address: SocketAddr,
    process: Child,
}

impl Serving {
    pub(crate) fn pid(&self) -> Result<u32> {
        self.process.id().context("sluice has ended")
    }

    /// Ends it at once; what it had to write is written by then, for it was at rest.
    pub(crate) async fn stop(mut self) -> Result<()> {
        Ok(self.process.kill().await?)
    }
}

async fn is_ready(address: SocketAddr) -> bool {
    let ask = async {
        let host = HeaderValue::from_str(&address.to_string())?;
        let headers = HeaderMap::from_iter([(header::HOST, host)]);
        let uri = Uri::from_static("/readyz");
        let response = Http::connect(address).await?.send(Method::GET, uri, headers, Bytes::new()).await?;
        anyhow::Ok(response.status().is_success())
    };
    ask.await.unwrap_or(false)
}

/// The path of a server of the project that [`Deployment::make`] makes.
pub(crate) fn path(server: &str, end: &str) -> String {
    format!("/projects/bench.load/servers/{server}/{end}")
}

fn describe(upstreams: &Upstreams) -> Result<String> {
    let program = std::env::current_exe()?;
    let (program, legacy, modern) = (program.display(), upstreams.legacy.address, upstreams.modern.address);
    Ok(format!(
        r#"organizations: [{{ slug: bench, name: Bench }}]
projects:
  - org: bench
    slug: load
    servers:
      - {{ name: legacy, transport: streamable_http, url: "http://{legacy}/mcp" }}
      - {{ name: modern, transport: streamable_http, url: "http://{modern}/mcp" }}
      - {{ name: stdio, transport: stdio, command: "{program}", args: [upstream, --stdio] }}
    api_keys: [{{ name: load, secret_env: BENCH_KEY }}]
"#
    ))
}

/// A process of ours that works on request: a line in, a line of JSON out.
pub(crate) struct Worker {
    process: Child,
    answers: tokio::io::Lines<BufReader<tokio::process::ChildStdout>>,
}

impl Worker {
    pub(crate) fn start(mut command: Command) -> Result<Self> {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().context("no output")?;
        Ok(Self { process, answers: BufReader::new(output).lines() })
    }

    pub(crate) async fn ask(&mut self, what: u64) -> Result<()> {
        let input = self.process.stdin.as_mut().context("no input")?;
        Ok(input.write_all(format!("{what}\n").as_bytes()).await?)
    }

    pub(crate) async fn answer<T: serde::de::DeserializeOwned>(&mut self) -> Result<T> {
        let line = self.answers.next_line().await?.context("a load process ended early")?;
        Ok(serde_json::from_str(&line)?)
    }
}

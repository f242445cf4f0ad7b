//! nginx as the lightest proxy that there is to compare with: no log, no buffering, connections kept
//! alive on both sides.

use std::{
    net::SocketAddr,
    process::{Command as Blocking, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::{Instant, sleep},
};

use crate::deployment::{Upstreams, free_port};

pub(crate) struct Nginx {
    folder: TempDir,
    process: Child,
    /// In front of the upstream of each era.
    pub(crate) legacy: SocketAddr,
    pub(crate) modern: SocketAddr,
}

/// Debian has it where only the administrator's path leads.
fn program() -> &'static str {
    if std::path::Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" }
}

pub(crate) fn version() -> Result<String> {
    let done =
        Blocking::new(program()).arg("-v").output().context("nginx is missing; `make bench` installs it")?;
    let text = String::from_utf8_lossy(&done.stderr);
    Ok(text.trim().trim_start_matches("nginx version: ").to_owned())
}

impl Nginx {
    /// Starts it and does not wait for anything.
    pub(crate) fn spawn(upstreams: &Upstreams) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (legacy, modern) = (free_port()?, free_port()?);
        let configuration = configure(
            folder.path(),
            &[("legacy", legacy, upstreams.legacy.address), ("modern", modern, upstreams.modern.address)],
        );
        std::fs::write(folder.path().join("nginx.conf"), configuration)?;
        let process = Command::new(program())
            .arg("-p")
            .arg(folder.path())
            .args(["-c", "nginx.conf", "-e", "error.log"])
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("nginx is missing; `make bench` installs it")?;
        Ok(Self { folder, process, legacy, modern })
    }

    pub(crate) async fn start(upstreams: &Upstreams) -> Result<Self> {
        let nginx = Self::spawn(upstreams)?;
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(nginx.legacy).await.is_err() {
            ensure!(Instant::now() < deadline, "nginx does not start");
            sleep(Duration::from_millis(10)).await;
        }
        Ok(nginx)
    }

    pub(crate) fn pid(&self) -> Result<u32> {
        self.process.id().context("nginx has ended")
    }
}

impl Drop for Nginx {
    /// A killed master would leave its workers behind, so it is asked to stop.
    fn drop(&mut self) {
        let stopped = Blocking::new(program())
            .arg("-p")
            .arg(self.folder.path())
            .args(["-c", "nginx.conf", "-e", "error.log", "-s", "stop"])
            .stderr(Stdio::null())
            .status();
        let deadline = std::time::Instant::now() + Duration::from_secs(2);
        while stopped.is_ok()
            && matches!(self.process.try_wait(), Ok(None))
            && std::time::Instant::now() < deadline
        {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn configure(folder: &std::path::Path, servers: &[(&str, SocketAddr, SocketAddr)]) -> String {
    let folder = folder.display();
    let servers: String = servers
        .iter()
        .map(|(name, listen, upstream)| {
            format!(
                "  upstream {name} {{ server {upstream}; keepalive 256; keepalive_requests 1000000000; }}
  server {{ listen {listen}; location / {{ proxy_pass http://{name}; }} }}
"
            )
        })
        .collect();
    format!(
        r#"daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
events {{ worker_connections 20000; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 3600;
  client_max_body_size 16m;
  client_body_buffer_size 2m;
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_buffering off;
  proxy_read_timeout 3600;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
{servers}}}
"#
    )
}

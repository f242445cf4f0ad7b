//! A child process that speaks over its standard streams.
//!
//! The command is an argument vector and never meets a shell. The child gets a cleared environment,
//! a process group of its own and, through [`crate::reaper`], a parent that outlives Sluice just long
//! enough to end the whole tree.

use std::{
    collections::VecDeque,
    env,
    ffi::OsString,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};

use domain::Code;
use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};
use secrecy::ExposeSecret;
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, Command},
    sync::mpsc,
    time::{Instant, timeout},
};

use super::{Connection, Link, PIPE_QUEUE, flow::Flow, pipe};
use crate::{directory::Target, error::Failure, journal, lock::lock, reaper};

/// What a child inherits of our environment: enough to find programs and keep their caches.
const INHERITED: [&str; 7] = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "TMPDIR", "TZ"];
/// Lines of standard error that are kept.
const TAIL_LINES: usize = 50;
/// Lines of standard error that become log entries in one second; all are read.
const LOGGED_LINES: u32 = 20;
/// Bytes of each.
const TAIL_BYTES: usize = 2 * 1024;
/// How long a child may take to end after its standard input closed.
const POLITE: Duration = Duration::from_secs(1);
/// How long output may trickle in after the process ended, from whatever it left behind.
const DRAIN: Duration = Duration::from_millis(200);

/// The last lines of standard error.
#[derive(Debug, Default)]
pub(crate) struct Tail(VecDeque<String>);

impl Tail {
    fn push(&mut self, line: String) {
        if self.0.len() == TAIL_LINES {
            self.0.pop_front();
        }
        self.0.push_back(line);
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.iter().cloned().collect()
    }
}

pub(super) fn start(connection: &Arc<Connection>) -> Result<(), Failure> {
    let plane = &connection.plane;
    if !plane.stdio_enabled {
        return Err(Failure::new(Code::StdioDisabled));
    }
    let mut command = command(&connection.server.target, plane.reaper.as_deref())?;
    let mut child =
        command.spawn().map_err(|error| Failure::new(Code::SpawnFailed).detail(format!("{error}.")))?;
    let (Some(stdin), Some(stdout), Some(stderr)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(Failure::new(Code::Internal));
    };
    if let Some(id) = child.id().and_then(|id| i32::try_from(id).ok()) {
        let _ = connection.process.set(id);
    }
    let (outgoing, messages) = mpsc::channel(PIPE_QUEUE);
    let _ = connection.link.set(Link::Pipe(outgoing));
    // Closing our end is the polite way to end a child, so the writer ends with the connection.
    plane.tasks.spawn(pipe::write(connection.clone(), messages, stdin));
    let errors = plane.tasks.spawn(read_errors(connection.clone(), stderr));
    let reader = connection.clone();
    let mut output = plane.tasks.spawn(async move { pipe::read(&reader, stdout).await });
    let supervised = connection.clone();
    plane.tasks.spawn(async move {
        let group = child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw);
        let status = tokio::select! {
            () = supervised.ended() => None,
            status = child.wait() => {
                // What it wrote before its end still counts.
                let _ = timeout(DRAIN, &mut output).await;
                status.ok()
            }
            // It closed its output; a moment later it may have ended, and its status says more.
            _ = &mut output => timeout(DRAIN, child.wait()).await.ok().and_then(Result::ok),
        };
        if supervised.is_open() {
            let _ = timeout(DRAIN, errors).await;
            supervised.close(exited(status, supervised.hello().is_none()));
        }
        end(&mut child, group, supervised.plane.reaper.is_some()).await;
        supervised.released.cancel();
    });
    Ok(())
}

/// Ends the whole tree: standard input is closed by now; then SIGTERM, then SIGKILL.
async fn end(child: &mut Child, group: Option<Pid>, has_reaper: bool) {
    let Some(group) = group else { return };
    if timeout(POLITE, child.wait()).await.is_err() {
        // A reaper passes the signal on to the tree, and kills what does not heed it.
        let _ = if has_reaper { kill(group, Signal::SIGTERM) } else { killpg(group, Signal::SIGTERM) };
        let patience = if has_reaper { reaper::GRACE * 3 } else { reaper::GRACE };
        if timeout(patience, child.wait()).await.is_err() {
            let _ = killpg(group, Signal::SIGKILL);
            let _ = child.wait().await;
        }
    }
    if !has_reaper {
        // The leader is gone; its group may not be.
        let _ = killpg(group, Signal::SIGKILL);
    }
}

fn exited(status: Option<ExitStatus>, during_handshake: bool) -> Failure {
    use std::os::unix::process::ExitStatusExt;
    let code = status.and_then(|status| status.code());
    let words = match (code, status.and_then(|status| status.signal())) {
        (Some(code), _) => format!("Exit status {code}."),
        (None, Some(signal)) => format!("Ended by signal {signal}."),
        (None, None) => "It closed its output.".to_owned(),
    };
    // What a shell and our reaper report for a command that cannot be run.
    let not_run = during_handshake && matches!(code, Some(126 | 127));
    Failure::new(if not_run { Code::SpawnFailed } else { Code::ProcessExited }).detail(words)
}

fn command(target: &Target, reaper: Option<&Path>) -> Result<Command, Failure> {
    let Target::Stdio { command: program, args, working_directory, env: variables } = target else {
        return Err(Failure::new(Code::Internal));
    };
    let found = find(program).ok_or_else(|| {
        Failure::new(Code::SpawnFailed)
            .detail(format!("There is no program `{program}` on the server's machine."))
    })?;
    if let Some(directory) = working_directory
        && !Path::new(directory).is_dir()
    {
        return Err(Failure::new(Code::SpawnFailed).detail(format!("There is no directory `{directory}`.")));
    }
    let mut command = match reaper {
        Some(reaper) => {
            let mut command = Command::new(reaper);
            command.arg("supervise").arg("--").arg(found);
            command
        }
        None => Command::new(found),
    };
    command.args(args).env_clear();
    for name in INHERITED {
        if let Some(value) = env::var_os(name) {
            command.env(name, value);
        }
    }
    command.envs(variables.iter().map(|(name, value)| (name, OsString::from(value.expose_secret()))));
    if let Some(directory) = working_directory {
        command.current_dir(directory);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A reaper must live on to do its work; it notices that our end of the pipe is gone.
    command.process_group(0).kill_on_drop(reaper.is_none());
    Ok(command)
}

/// A program by its path, or by its name in `PATH`. Looked up here, so that a missing program is
/// told from one that ends at once.
fn find(program: &str) -> Option<PathBuf> {
    let is_executable = |path: &Path| {
        path.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
    };
    if program.contains('/') {
        let path = PathBuf::from(program);
        return is_executable(&path).then_some(path);
    }
    env::split_paths(&env::var_os("PATH")?)
        .map(|directory| directory.join(program))
        .find(|path| is_executable(path))
}

/// Keeps and logs the lines of standard error. Reads on whatever comes, because a full pipe would
/// stop the child, and slows down only one that writes without end.
async fn read_errors(connection: Arc<Connection>, mut from: impl AsyncRead + Unpin) {
    let mut buffer = vec![0; 8 * 1024];
    let mut line = Vec::new();
    let flow = Flow::default();
    let (mut second, mut logged) = (Instant::now(), 0_u32);
    let mut take = |line: &mut Vec<u8>| {
        let text = connection.server.target.redact(String::from_utf8_lossy(line).trim_end());
        line.clear();
        if !text.is_empty() {
            if second.elapsed() >= Duration::from_secs(1) {
                (second, logged) = (Instant::now(), 0);
            }
            logged += 1;
            if logged <= LOGGED_LINES {
                journal::stderr(&connection, &text);
            }
            lock(&connection.stderr).push(text);
        }
    };
    loop {
        let count = match from.read(&mut buffer).await {
            Ok(0) | Err(_) => break,
            Ok(count) => count,
        };
        for byte in &buffer[..count] {
            match byte {
                b'\n' => {
                    flow.unasked();
                    take(&mut line);
                }
                byte if line.len() < TAIL_BYTES => line.push(*byte),
                _ => {}
            }
        }
        flow.bytes(count);
        if let Some(pause) = flow.pause() {
            tokio::time::sleep(pause).await;
        }
    }
    take(&mut line);
}

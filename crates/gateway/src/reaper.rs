//! A small process between Sluice and a stdio server, so that the server's whole tree dies with
//! Sluice, even when Sluice is killed and can do nothing more.
//!
//! It is this program started again with a hidden subcommand. It hands its standard streams on to
//! the command untouched and then only waits for one of three things:
//! - standard input hangs up: Sluice closed it (the polite stop of MCP's stdio transport) or is
//!   gone. The kernel tells, so there is nothing to poll and no race with a short-lived parent.
//! - SIGTERM, SIGINT or SIGHUP: stop now.
//! - the command ends: whatever it left behind is ended as well.
//!
//! On Linux it is a child subreaper, so that descendants that leave the process group (`setsid`,
//! double forks) come back to it and are found. `PR_SET_PDEATHSIG` would be no substitute: it is
//! bound to the parent's thread and not inherited by grandchildren.

use std::{
    io,
    os::{fd::AsFd, unix::process::ExitStatusExt},
    process::{Command, ExitCode, ExitStatus},
    time::Duration,
};

use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::{
        signal::{Signal, kill},
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    unistd::Pid,
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc,
    time::{Instant, sleep, timeout_at},
};

#[cfg(target_os = "linux")]
use crate::process_tree;

/// How long the tree may take after standard input closed, and again after SIGTERM (the MCP
/// specification's order: close, wait, SIGTERM, wait, SIGKILL).
pub const GRACE: Duration = Duration::from_secs(3);
/// How often the tree is looked at while it is expected to end.
const LOOK: Duration = Duration::from_millis(20);
/// Exit codes of a shell for a command that is not there or not executable.
const NOT_FOUND: u8 = 127;
const NOT_EXECUTABLE: u8 = 126;

/// Why the tree must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    HangUp,
    Signal,
    /// A child of ours changed state.
    Child,
}

/// Runs `command` (a program and its arguments) to its end; never returns before the tree is gone.
#[must_use]
pub fn run(command: &[String]) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(supervise(command)),
        Err(error) => Err(error),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("{}: {error}", command.first().map_or("", String::as_str));
            ExitCode::from(if error.kind() == io::ErrorKind::NotFound { NOT_FOUND } else { NOT_EXECUTABLE })
        }
    }
}

async fn supervise(command: &[String]) -> io::Result<u8> {
    let (program, args) = command.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    become_subreaper();
    let (tell, mut told) = mpsc::channel(8);
    // Registered before the command exists, so that no signal can end this process and orphan it.
    for (kind, reason) in [
        (SignalKind::terminate(), Reason::Signal),
        (SignalKind::interrupt(), Reason::Signal),
        (SignalKind::hangup(), Reason::Signal),
        (SignalKind::child(), Reason::Child),
    ] {
        let mut stream = signal(kind)?;
        let tell = tell.clone();
        tokio::spawn(
            async move { while stream.recv().await.is_some() && tell.send(reason).await.is_ok() {} },
        );
    }
    // Same process group as this process, which Sluice made its leader: one signal reaches all.
    let child = Command::new(program).args(args).spawn()?;
    let main = Pid::from_raw(i32::try_from(child.id()).map_err(io::Error::other)?);
    std::thread::spawn(move || {
        wait_for_hang_up();
        let _ = tell.blocking_send(Reason::HangUp);
    });

    let mut status = None;
    let reason = loop {
        let reason = told.recv().await.unwrap_or(Reason::Signal);
        status = reap(main).or(status);
        if reason != Reason::Child || status.is_some() {
            break reason;
        }
    };
    if reason == Reason::HangUp {
        gone_within(GRACE, &mut told, main, &mut status).await;
    }
    if !tree().is_empty() {
        signal_tree(Signal::SIGTERM);
        gone_within(GRACE, &mut told, main, &mut status).await;
    }
    // A tree that forks while it is killed takes more than one pass.
    while !tree().is_empty() {
        signal_tree(Signal::SIGKILL);
        status = reap(main).or(status);
        sleep(LOOK).await;
    }
    Ok(status.map_or(0, exit_code))
}

/// Waits until the tree is gone, a further signal comes, or `limit` has passed.
async fn gone_within(
    limit: Duration,
    told: &mut mpsc::Receiver<Reason>,
    main: Pid,
    status: &mut Option<ExitStatus>,
) {
    let deadline = Instant::now() + limit;
    loop {
        *status = reap(main).or(*status);
        if tree().is_empty() || Instant::now() >= deadline {
            return;
        }
        let look = deadline.min(Instant::now() + LOOK);
        if timeout_at(look, told.recv()).await == Ok(Some(Reason::Signal)) {
            return;
        }
    }
}

/// Collects ended children, adopted ones too, and returns the command's status if it is among them.
fn reap(main: Pid) -> Option<ExitStatus> {
    let mut status = None;
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(pid, code)) if pid == main => {
                status = Some(ExitStatus::from_raw((code & 0xff) << 8))
            }
            Ok(WaitStatus::Signaled(pid, signal, _)) if pid == main => {
                status = Some(ExitStatus::from_raw(signal as i32));
            }
            Ok(WaitStatus::StillAlive) | Err(Errno::ECHILD) => return status,
            Err(Errno::EINTR) | Ok(_) => {}
            Err(_) => return status,
        }
    }
}

/// Blocks until nobody holds the other end of standard input any more.
fn wait_for_hang_up() {
    let stdin = io::stdin();
    loop {
        // No events are asked for: a hang-up and an error are always reported, data never is.
        let mut fds = [PollFd::new(stdin.as_fd(), PollFlags::empty())];
        match poll(&mut fds, PollTimeout::NONE) {
            Err(Errno::EINTR) => {}
            _ => return,
        }
    }
}

fn exit_code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}

#[cfg(target_os = "linux")]
fn become_subreaper() {
    let _ = nix::sys::prctl::set_child_subreaper(true);
}

#[cfg(not(target_os = "linux"))]
fn become_subreaper() {}

fn signal_tree(signal: Signal) {
    for pid in tree() {
        let _ = kill(pid, signal);
    }
}

/// All living descendants. Elsewhere than on Linux there is no list of them: the process group, which
/// this process belongs to and dies with, stands for all.
#[cfg(target_os = "linux")]
fn tree() -> Vec<Pid> {
    let own = nix::unistd::getpid().as_raw();
    process_tree::descendants(own).into_iter().map(Pid::from_raw).collect()
}

#[cfg(not(target_os = "linux"))]
fn tree() -> Vec<Pid> {
    // Ended children were collected before, so a child that can be waited for is alive.
    match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
        Err(Errno::ECHILD) => Vec::new(),
        _ => vec![Pid::from_raw(-nix::unistd::getpgrp().as_raw())],
    }
}

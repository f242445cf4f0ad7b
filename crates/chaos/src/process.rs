//! Processes as the kernel shows them.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// What one process holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holdings {
    pub(crate) files: usize,
    /// KiB of memory that no file backs.
    pub(crate) memory: u64,
    pub(crate) threads: u64,
    /// Clock ticks of work so far.
    pub(crate) ticks: u64,
}

pub(crate) fn holdings(process: u32) -> Result<Holdings> {
    let folder = PathBuf::from(format!("/proc/{process}"));
    let status = fs::read_to_string(folder.join("status")).context("Sluice is not there")?;
    let number = |name: &str| -> u64 {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next()).and_then(|n| n.parse().ok()).unwrap_or_default()
    };
    let stat = fs::read_to_string(folder.join("stat"))?;
    // After the name, which may hold anything, the times are the 12th and 13th.
    let times = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    Ok(Holdings {
        files: fs::read_dir(folder.join("fd"))?.count(),
        memory: number("RssAnon:"),
        threads: number("Threads:"),
        ticks: times.filter_map(|time| time.parse::<u64>().ok()).sum(),
    })
}

/// A living process that has the mark in its environment, which children inherit.
#[derive(Clone, Debug)]
pub(crate) struct Marked {
    pub(crate) id: u32,
    /// Sluice's own process above a command, rather than the command.
    pub(crate) is_reaper: bool,
}

pub(crate) fn marked(mark: &str) -> Vec<Marked> {
    let own = std::process::id();
    let ids = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = ids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| *id != own).filter_map(|id| look(id, mark)).collect()
}

/// None as well for one that ends while we look.
fn look(id: u32, mark: &str) -> Option<Marked> {
    let folder = PathBuf::from(format!("/proc/{id}"));
    let environment = fs::read(folder.join("environ")).ok()?;
    let is_marked = environment.split(|byte| *byte == 0).any(|entry| entry.ends_with(mark.as_bytes()));
    let stat = fs::read_to_string(folder.join("stat")).ok()?;
    let is_dead = stat.rsplit(')').next()?.split_whitespace().next()? == "Z";
    if !is_marked || is_dead {
        return None;
    }
    let arguments = fs::read(folder.join("cmdline")).ok()?;
    let is_reaper = arguments.split(|byte| *byte == 0).nth(1) == Some(b"supervise");
    Some(Marked { id, is_reaper })
}

/// Sends a signal; a process that is gone already needs none.
pub(crate) fn signal(process: u32, signal: Signal) {
    if let Ok(id) = i32::try_from(process) {
        let _ = kill(Pid::from_raw(id), signal);
    }
}

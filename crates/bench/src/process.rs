//! What the kernel knows of processes: `/proc` (proc(5)).

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
    time::Duration,
};

use anyhow::{Context, Result};

/// µs of a tick in `/proc`: Linux counts a hundred in a second there, whatever its own timer does.
const TICK: u64 = 10_000;
/// A process has come to rest when it uses no time for so long.
const REST: Duration = Duration::from_millis(60);
const RESTLESS: Duration = Duration::from_secs(5);

struct Process {
    parent: u32,
    ticks: u64,
}

fn stat(pid: u32) -> Option<Process> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before the last parenthesis may hold anything.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_ascii_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Process { parent: number(1)? as u32, ticks: number(11)? + number(12)? })
}

fn all() -> Result<HashMap<u32, Process>> {
    let entries = fs::read_dir("/proc").context("this needs Linux: there is no /proc")?;
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    Ok(pids.filter_map(|pid| Some((pid, stat(pid)?))).collect())
}

/// A process with its descendants, except those that run `except`: an upstream that a proxy starts is
/// not a part of the proxy.
fn tree<'a>(all: &'a HashMap<u32, Process>, root: u32, except: Option<&Path>) -> Vec<(u32, &'a Process)> {
    let mut inside: HashSet<u32> = HashSet::from([root]);
    loop {
        let more: Vec<u32> = all
            .iter()
            .filter(|(pid, p)| inside.contains(&p.parent) && !inside.contains(pid))
            .map(|(pid, _)| *pid)
            .collect();
        if more.is_empty() {
            break;
        }
        inside.extend(more);
    }
    let is_out = |pid: u32| {
        let program = fs::read_link(format!("/proc/{pid}/exe")).ok();
        pid != root && program.is_some() && program.as_deref() == except
    };
    inside.into_iter().filter(|pid| !is_out(*pid)).filter_map(|pid| Some((pid, all.get(&pid)?))).collect()
}

/// µs of processor time that a process and its descendants have used.
pub(crate) fn cpu(root: u32, except: Option<&Path>) -> Result<u64> {
    let all = all()?;
    Ok(tree(&all, root, except).iter().map(|(_, process)| process.ticks * TICK).sum())
}

/// Resident bytes of a process and its descendants. A page that several processes have, such as one of
/// a program that runs twice, counts once: each has its share of it (`Pss`, proc_pid_smaps(5)).
pub(crate) fn resident(root: u32, except: Option<&Path>) -> Result<u64> {
    let all = all()?;
    let resident = |pid: u32| {
        let sums = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
        let line = sums.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1024)
    };
    Ok(tree(&all, root, except).iter().filter_map(|(pid, _)| resident(*pid)).sum())
}

/// Waits until a process has done what it put off, and gives [`cpu`] then.
pub(crate) async fn rested(root: u32, except: Option<&Path>) -> Result<u64> {
    let deadline = tokio::time::Instant::now() + RESTLESS;
    let mut before = cpu(root, except)?;
    loop {
        tokio::time::sleep(REST).await;
        let now = cpu(root, except)?;
        if now == before || tokio::time::Instant::now() > deadline {
            return Ok(now);
        }
        before = now;
    }
}

/// µs in which the machine's processors were busy, all together.
pub(crate) fn machine() -> Result<u64> {
    let text = fs::read_to_string("/proc/stat")?;
    let line = text.lines().next().unwrap_or_default();
    let ticks: Vec<u64> = line.split_ascii_whitespace().skip(1).flat_map(str::parse).collect();
    // user nice system idle iowait irq softirq steal; guests are in `user` already.
    let busy = ticks.iter().enumerate().take(8).filter(|(at, _)| !matches!(at, 3 | 4));
    Ok(busy.map(|(_, ticks)| ticks * TICK).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_holds_children_but_not_excepted_programs() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("sleep");
        let ours = std::process::id();
        let all = all().expect("processes");
        let holds = |except| tree(&all, ours, except).iter().any(|(pid, _)| *pid == child.id());
        let program = fs::read_link(format!("/proc/{}/exe", child.id())).expect("a program");
        let found = (holds(None), holds(Some(&program)));
        child.kill().expect("it lives");
        child.wait().expect("it ends");
        assert_eq!(found, (true, false));
    }

    #[test]
    fn work_is_seen() {
        let ours = std::process::id();
        let (before, machine_before) = (cpu(ours, None).expect("ours"), machine().expect("the machine's"));
        let mut turns = 0_u64;
        while cpu(ours, None).expect("ours") < before + 5 * TICK {
            turns += 1;
        }
        assert!(turns > 0 && machine().expect("the machine's") > machine_before);
        assert!(resident(ours, None).expect("memory") > 100_000);
    }
}

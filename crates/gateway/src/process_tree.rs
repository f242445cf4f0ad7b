//! The living descendants of a process, and the memory that they hold.
//!
//! Only Linux lists them; elsewhere there is nothing to find, and memory is not limited.

/// One process, as `/proc/PID/stat` has it.
#[cfg(target_os = "linux")]
fn parents() -> Vec<(i32, i32)> {
    let mut parents = Vec::new();
    let Ok(processes) = std::fs::read_dir("/proc") else { return parents };
    for process in processes.flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else {
            continue;
        };
        let Ok(stat) = std::fs::read_to_string(process.path().join("stat")) else { continue };
        // The name in parentheses may hold anything, so fields count from the last one.
        let Some((_, fields)) = stat.rsplit_once(") ") else { continue };
        let mut fields = fields.split(' ');
        let (state, parent) = (fields.next(), fields.next().and_then(|parent| parent.parse().ok()));
        if let (Some(state), Some(parent)) = (state, parent)
            && state != "Z"
        {
            parents.push((pid, parent));
        }
    }
    parents
}

/// All living descendants of `root`, without itself.
#[cfg(target_os = "linux")]
pub(crate) fn descendants(root: i32) -> Vec<i32> {
    let mut parents = parents();
    let mut known = std::collections::HashSet::from([root]);
    let mut found = Vec::new();
    while let Some(at) = parents.iter().position(|(_, parent)| known.contains(parent)) {
        let (pid, _) = parents.swap_remove(at);
        known.insert(pid);
        found.push(pid);
    }
    found
}

/// Bytes of resident memory of `root` and all its descendants.
#[cfg(target_os = "linux")]
pub(crate) fn resident_bytes(root: i32) -> u64 {
    std::iter::once(root).chain(descendants(root)).filter_map(resident).sum()
}

#[cfg(target_os = "linux")]
fn resident(pid: i32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn resident_bytes(_root: i32) -> u64 {
    0
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_has_memory_and_its_children() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("a child");
        let id = i32::try_from(child.id()).expect("a process id");
        let own = i32::try_from(std::process::id()).expect("a process id");
        assert!(descendants(own).contains(&id));
        assert!(resident_bytes(id) > 0 && resident_bytes(own) > resident_bytes(id));
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        assert_eq!(resident_bytes(id), 0);
    }
}

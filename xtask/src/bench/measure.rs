//! Measures the CPU time and the memory of a child process, from `/proc` on Linux.
//!
//! When the child has ended, the kernel adds its CPU time and that of its children to `cutime` and `cstime` of this process.
//! Memory is the greatest `VmHWM` of the child and its descendants, read every few milliseconds. A peak at the very end of a
//! process can be missed.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::memory;

/// The interval between two readings of the memory.
const INTERVAL: Duration = Duration::from_millis(2);
/// Ticks per second in `/proc/*/stat`: the kernel's `USER_HZ`, which is 100 on all architectures that Rust supports.
const TICKS_PER_SECOND: f64 = 100.0;

/// The CPU time and memory of a process with its descendants.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Usage {
    /// User and system CPU time in seconds, in steps of a hundredth.
    pub(super) seconds: f64,
    /// The peak memory of a single process in MiB.
    pub(super) mebibytes: f64,
}

/// Runs a command. `None` if it cannot be started, or if it fails.
pub(super) fn run(command: &mut Command) -> Option<Usage> {
    let before = children_seconds().unwrap_or_default();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    let mut child = child.ok()?;
    let kibibytes = watch(&mut child);
    let succeeded = child.wait().is_ok_and(|status| status.success());
    let after = children_seconds().unwrap_or_default();
    succeeded.then(|| Usage {
        seconds: after - before,
        mebibytes: kibibytes as f64 / 1024.0,
    })
}

/// The median CPU time of several runs, and the greatest memory.
pub(super) fn median(mut usages: Vec<Usage>) -> Option<Usage> {
    usages.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let middle = usages.get(usages.len() / 2)?;
    let mebibytes = usages.iter().map(|usage| usage.mebibytes);
    Some(Usage {
        seconds: middle.seconds,
        mebibytes: mebibytes.fold(0.0, f64::max),
    })
}

/// Waits for the child to end. Returns the peak memory in KiB of it and its descendants.
fn watch(child: &mut Child) -> u64 {
    let mut most = 0;
    while let Ok(None) = child.try_wait() {
        most = most.max(greatest_peak(child.id()));
        thread::sleep(INTERVAL);
    }
    most
}

/// The greatest peak memory in KiB of a process and its descendants.
fn greatest_peak(process: u32) -> u64 {
    let own = memory::peak(process).unwrap_or_default();
    let threads = fs::read_dir(format!("/proc/{process}/task"));
    threads
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok())
        .flat_map(|children| {
            let children = children.split_whitespace();
            children
                .filter_map(|child| child.parse().ok())
                .collect::<Vec<u32>>()
        })
        .map(greatest_peak)
        .fold(own, u64::max)
}

/// The CPU time in seconds of all children that have ended.
fn children_seconds() -> Option<f64> {
    seconds_of_children(&fs::read_to_string("/proc/self/stat").ok()?)
}

fn seconds_of_children(stat: &str) -> Option<f64> {
    // The program's name is in parentheses and may contain any text. `cutime` and `cstime` are fields 16 and 17.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(13);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::{Usage, median, seconds_of_children};

    #[test]
    fn cpu_time_of_children_is_read() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 150 50 20 0 1 0 9 1 2\n";
        assert_eq!(seconds_of_children(stat), Some(2.0));
        assert_eq!(seconds_of_children(""), None);
    }

    #[test]
    fn median_has_the_middle_time_and_the_greatest_memory() {
        let usage = |seconds, mebibytes| Usage { seconds, mebibytes };
        let usages = vec![usage(3.0, 1.0), usage(1.0, 5.0), usage(2.0, 1.0)];
        assert_eq!(median(usages), Some(usage(2.0, 5.0)));
        assert_eq!(median(Vec::new()), None);
    }
}

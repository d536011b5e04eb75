//! What a child process took: processor time and memory, as Linux tells in `/proc`.
//!
//! The processor time of a child is what the kernel adds to this process's `cutime` and `cstime` when the child has been
//! waited for, its own children included. Memory is the greatest `VmHWM` of the child or one of its descendants, looked at
//! every few milliseconds; what a process takes in its very last moments can be missed.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::memory;

/// How often the memory of the processes is looked at.
const INTERVAL: Duration = Duration::from_millis(2);
/// Ticks of a second in `/proc/*/stat`: the kernel's `USER_HZ`, which is 100 on every architecture that Rust runs on.
const TICKS: f64 = 100.0;

/// What a process and its descendants took.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Usage {
    /// Processor time in seconds, of user and system; a hundredth is the least that is told.
    pub(super) seconds: f64,
    /// The most memory of a single process, in MiB.
    pub(super) mebibytes: f64,
}

/// Runs a command to its end. `None` if it cannot be started or fails, with what it said on standard error printed.
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

/// The median by time of several runs, with the greatest memory of all.
pub(super) fn median(mut usages: Vec<Usage>) -> Option<Usage> {
    usages.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let middle = usages.get(usages.len() / 2)?;
    let mebibytes = usages.iter().map(|usage| usage.mebibytes);
    Some(Usage {
        seconds: middle.seconds,
        mebibytes: mebibytes.fold(0.0, f64::max),
    })
}

/// The most memory in KiB that one of the processes had until the child ended.
fn watch(child: &mut Child) -> u64 {
    let mut most = 0;
    while let Ok(None) = child.try_wait() {
        most = most.max(greatest_peak(child.id()));
        thread::sleep(INTERVAL);
    }
    most
}

/// The greatest memory in KiB of a process and its descendants.
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

/// Seconds of all children that have been waited for.
fn children_seconds() -> Option<f64> {
    seconds_of_children(&fs::read_to_string("/proc/self/stat").ok()?)
}

fn seconds_of_children(stat: &str) -> Option<f64> {
    // The name of the program stands in parentheses, and may hold anything; `cutime` is the 16th field, `cstime` the 17th.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(13);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::{Usage, median, seconds_of_children};

    #[test]
    fn what_the_kernel_tells_is_read() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 150 50 20 0 1 0 9 1 2\n";
        assert_eq!(seconds_of_children(stat), Some(2.0));
        assert_eq!(seconds_of_children(""), None);
    }

    #[test]
    fn the_middle_run_counts_and_the_most_memory() {
        let usage = |seconds, mebibytes| Usage { seconds, mebibytes };
        let usages = vec![usage(3.0, 1.0), usage(1.0, 5.0), usage(2.0, 1.0)];
        assert_eq!(median(usages), Some(usage(2.0, 5.0)));
        assert_eq!(median(Vec::new()), None);
    }
}

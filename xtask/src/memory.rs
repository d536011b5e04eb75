//! The memory of a process, read from `/proc` on Linux.

/// The peak memory of a process in KiB. `None` if the system has no `/proc`, or if the process has ended.
pub fn peak(process: u32) -> Option<u64> {
    high_water_mark(&std::fs::read_to_string(format!("/proc/{process}/status")).ok()?)
}

fn high_water_mark(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::high_water_mark;

    #[test]
    fn peak_memory_is_read() {
        let status = "VmPeak:\t9 kB\nVmHWM:\t  2048 kB\n";
        assert_eq!(high_water_mark(status), Some(2048));
        assert_eq!(high_water_mark("VmHWM: much"), None);
    }
}

//! Work on many items at once, with the results in the order of the items, whoever was first.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Threads beyond which there is nothing to gain: the rest of the road goes one step at a time.
const MOST_WORKERS: usize = 8;

/// Bytes of stack of each thread: what nests as deep as documents may is no more than a part of it. Only what is used is
/// taken from the machine.
const STACK: usize = 64 << 20;

/// Calls `work` for every item, on as many threads as the machine has cores.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let workers = cores.min(MOST_WORKERS).min(items.len());
    if workers < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut results = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else {
                return results;
            };
            results.push((index, work(item)));
        }
    };
    let mut results: Vec<(usize, R)> = thread::scope(|scope| {
        // Where the system has no further thread, the others do the work.
        let others: Vec<_> = (1..workers)
            .filter_map(|_| {
                let worker = thread::Builder::new().stack_size(STACK);
                worker.spawn_scoped(scope, take).ok()
            })
            .collect();
        let mut results = take();
        for other in others {
            match other.join() {
                Ok(more) => results.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    });
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn results_have_the_order_of_the_items() {
        let items: Vec<u64> = (0..1000).collect();
        let doubled: Vec<u64> = items.iter().map(|item| item * 2).collect();
        assert_eq!(map(&items, |item| item * 2), doubled);
        assert_eq!(map(&[] as &[u64], |item| *item), [] as [u64; 0]);
    }
}

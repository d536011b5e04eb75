//! Work on many items at once, by `rayon`, on threads with a stack for documents that nest deep.

use std::sync::LazyLock;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Bytes of stack of each thread: what nests as deep as documents may is no more than a part of it. Only what is used is
/// taken from the machine.
const STACK: usize = 64 << 20;

/// As many threads as the machine has cores; `None` where the system has no further thread.
static POOL: LazyLock<Option<ThreadPool>> =
    LazyLock::new(|| ThreadPoolBuilder::new().stack_size(STACK).build().ok());

/// Calls `work` for every item. The results have the order of the items; a panic goes on in the caller.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    match &*POOL {
        Some(pool) => pool.install(|| items.par_iter().map(work).collect()),
        None => items.iter().map(work).collect(),
    }
}

/// Calls both at the same time. A panic of either goes on in the caller.
pub(crate) fn join<A: Send, B: Send>(
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    match &*POOL {
        Some(pool) => pool.install(|| rayon::join(one, other)),
        None => (one(), other()),
    }
}

#[cfg(test)]
mod tests {
    use super::{join, map};

    #[test]
    fn results_have_the_order_of_the_items() {
        let items: Vec<u64> = (0..1000).collect();
        let doubled: Vec<u64> = items.iter().map(|item| item * 2).collect();
        assert_eq!(map(&items, |item| item * 2), doubled);
        assert_eq!(map(&[] as &[u64], |item| *item), [] as [u64; 0]);
    }

    #[test]
    #[should_panic(expected = "of an item")]
    fn a_panic_goes_on_in_the_caller() {
        map(&[1, 2, 3], |item| assert!(*item < 3, "of an item"));
    }

    #[test]
    fn threads_have_the_stack_that_deep_documents_need() {
        fn depth(left: usize, filled: &mut [u8; 4096]) -> usize {
            filled[left % 4096] = 1;
            if left == 0 {
                return 0;
            }
            depth(left - 1, &mut [filled[0]; 4096]) + 1
        }
        let (one, other) = join(
            || depth(2_000, &mut [0; 4096]),
            || depth(2_000, &mut [0; 4096]),
        );
        assert_eq!((one, other), (2_000, 2_000));
    }
}

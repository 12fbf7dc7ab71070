// Mutex, Condvar, RwLock, Barrier, Once, channels, scoped threads, parking, a child process.
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Arc, Barrier, Condvar, Mutex, Once, RwLock};
use std::thread;

static ONCE: Once = Once::new();
static ONCES: AtomicUsize = AtomicUsize::new(0);

fn turns() -> usize {
    let pair = Arc::new((Mutex::new(0usize), Condvar::new()));
    let threads: Vec<_> = (0..4)
        .map(|me| {
            let pair = Arc::clone(&pair);
            thread::spawn(move || {
                for _ in 0..200 {
                    let mut turn = pair.0.lock().unwrap();
                    while *turn % 4 != me {
                        turn = pair.1.wait(turn).unwrap();
                    }
                    *turn += 1;
                    pair.1.notify_all();
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
    let turn = *pair.0.lock().unwrap();
    turn
}

fn readers_and_writers() -> u64 {
    let table = Arc::new(RwLock::new(vec![0u64; 16]));
    let barrier = Arc::new(Barrier::new(5));
    let threads: Vec<_> = (0..5u64)
        .map(|me| {
            let (table, barrier) = (Arc::clone(&table), Arc::clone(&barrier));
            thread::spawn(move || {
                barrier.wait();
                ONCE.call_once(|| {
                    ONCES.fetch_add(1, Ordering::SeqCst);
                });
                for i in 0..300 {
                    if (i + me) % 3 == 0 {
                        table.write().unwrap()[i as usize % 16] += me;
                    } else {
                        assert!(table.read().unwrap().len() == 16);
                    }
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
    let sum = table.read().unwrap().iter().sum();
    sum
}

fn channels() -> u64 {
    let (many, sum) = channel();
    let (narrow, numbers) = sync_channel::<u64>(2);
    let consumer = thread::spawn(move || {
        for n in numbers {
            many.send(n * n).unwrap();
        }
    });
    thread::scope(|scope| {
        for part in 0..3u64 {
            let narrow = narrow.clone();
            scope.spawn(move || (0..100).for_each(|n| narrow.send(part * 100 + n).unwrap()));
        }
    });
    drop(narrow);
    consumer.join().unwrap();
    sum.iter().sum()
}

fn main() {
    let sleeper = thread::spawn(|| thread::park());
    println!("{} {} {}", turns(), readers_and_writers(), channels());
    sleeper.thread().unpark();
    sleeper.join().unwrap();
    let child = Command::new("sh").args(["-c", "echo child; exit 3"]).output().unwrap();
    println!("{} {:?} {}", ONCES.load(Ordering::SeqCst), child.status.code(), child.stdout.len());
    let panicked = thread::spawn(|| panic!("meant")).join();
    println!("{}", panicked.is_err());
}

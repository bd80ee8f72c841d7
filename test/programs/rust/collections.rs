//! Collections, iterators, strings and traits.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::cmp::Reverse;
use std::fmt::Debug;
use std::rc::{Rc, Weak};
use std::cell::RefCell;

struct Random(u64);

impl Iterator for Random {
    type Item = u64;
    fn next(&mut self) -> Option<u64> {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Some(self.0)
    }
}

fn maps() {
    let text = "it was the best of times it was the worst of times it was the age of wisdom";
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for word in text.split(' ') {
        *counts.entry(word).or_default() += 1;
    }
    let mut sorted: Vec<_> = counts.iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    println!("{sorted:?}");

    let mut tree = BTreeMap::new();
    let mut hash = HashMap::new();
    for (i, r) in Random(42).take(40_000).enumerate() {
        let key = (r % 10_000) as u32;
        if r & 0x10000 == 0 {
            assert_eq!(tree.remove(&key), hash.remove(&key));
        } else {
            assert_eq!(tree.insert(key, i), hash.insert(key, i));
        }
    }
    let mix = tree.iter().fold(0u64, |h, (k, v)| {
        assert_eq!(hash.get(k), Some(v));
        h.wrapping_mul(31).wrapping_add(u64::from(*k) ^ *v as u64)
    });
    println!("{} keys, {mix:016x}", tree.len());
    println!("{:?}", tree.range(500..520).map(|(k, _)| k).collect::<Vec<_>>());
    let odd: BTreeSet<u32> = (1..20).step_by(2).collect();
    let three: BTreeSet<u32> = (0..20).step_by(3).collect();
    println!("{:?} {:?}", odd.intersection(&three).collect::<Vec<_>>(), three.difference(&odd).collect::<Vec<_>>());
    let unique: HashSet<u64> = Random(7).take(5000).map(|r| r % 1000).collect();
    println!("{} of 1000", unique.len());
}

fn sequences() {
    let mut v: Vec<u64> = Random(99).take(30_000).collect();
    let mut w = v.clone();
    v.sort_unstable();
    w.sort_by_key(|&x| Reverse(x));
    w.reverse();
    println!("sorted the same: {}, {:?}", v == w, v.binary_search(&v[12345]));
    let mut heap: BinaryHeap<_> = v.iter().take(1000).map(|&x| Reverse(x % 1009)).collect();
    let mut drained = Vec::new();
    while let Some(Reverse(x)) = heap.pop() {
        drained.push(x);
    }
    println!("heap: {} {:?}", drained.windows(2).all(|p| p[0] <= p[1]), &drained[..5]);
    let mut ring: VecDeque<i32> = (0..10).collect();
    ring.rotate_left(3);
    ring.push_front(-1);
    ring.extend([100, 200]);
    println!("{ring:?} {:?}", ring.iter().rev().step_by(3).collect::<Vec<_>>());
    let list: LinkedList<char> = "linked".chars().collect();
    println!("{list:?}");
    v.retain(|x| x % 3 == 0);
    v.dedup_by_key(|x| *x >> 60);
    println!("{}", v.len());
    let (even, odd): (Vec<i32>, Vec<i32>) = (1..=10).partition(|n| n % 2 == 0);
    println!("{even:?} {odd:?} {:?}", even.iter().zip(&odd).map(|(a, b)| a * b).collect::<Vec<_>>());
    let nested = vec![vec![1, 2], vec![], vec![3]];
    println!("{:?} {:?}", nested.concat(), nested.iter().flatten().rev().skip_while(|x| **x > 2).collect::<Vec<_>>());
    println!("{:?}", [1, 5, 2, 8, 3].chunks(2).map(|c| c.iter().sum::<i32>()).collect::<Vec<_>>());
    println!("{:?} {:?}", (1..=5).scan(1, |acc, x| { *acc *= x; Some(*acc) }).collect::<Vec<i32>>(), [3.5, -1.0, 2.0f64].iter().cloned().fold(f64::INFINITY, f64::min));
}

fn strings() {
    let s = "Grüße, Welt! 你好 🦀";
    println!("{} bytes, {} chars, {}", s.len(), s.chars().count(), s.to_uppercase());
    println!("{}", s.chars().rev().collect::<String>());
    println!("{:?} {:?}", s.find('W'), s.char_indices().filter(|(_, c)| !c.is_ascii()).map(|(i, _)| i).collect::<Vec<_>>());
    println!("{:?}", "a=1;b=2;;c".split(';').map(|p| p.split_once('=')).collect::<Vec<_>>());
    println!("{:?} {:?} {:?}", "42".parse::<u8>(), "256".parse::<u8>().is_err(), "1e-3".parse::<f64>());
    println!("{:?}", String::from_utf8(vec![0x66, 0xff, 0x6f]).map_err(|e| e.utf8_error().valid_up_to()));
    println!("{}", "repeat ".repeat(3).trim_end().replace("pea", "trea"));
    println!("{:?}", "one two  three".split_whitespace().map(str::len).collect::<Vec<_>>());
}

trait Animal {
    fn name(&self) -> String;
    fn legs(&self) -> u32 { 4 }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Kind { Dog, Bird { wings: u8 }, Other(String) }

impl Animal for Kind {
    fn name(&self) -> String {
        match self {
            Kind::Dog => "dog".into(),
            Kind::Bird { wings } => format!("bird with {wings} wings"),
            Kind::Other(name) => name.clone(),
        }
    }
    fn legs(&self) -> u32 { if matches!(self, Kind::Bird { .. }) { 2 } else { 4 } }
}

struct Node { value: i32, parent: RefCell<Weak<Node>>, children: RefCell<Vec<Rc<Node>>> }

fn total(node: &Rc<Node>) -> i32 { node.value + node.children.borrow().iter().map(total).sum::<i32>() }

fn show_all<T: Debug + Ord>(mut items: Vec<T>) { items.sort(); println!("{items:?}"); }

fn objects() {
    let animals: Vec<Box<dyn Animal>> = vec![Box::new(Kind::Dog), Box::new(Kind::Bird { wings: 2 }), Box::new(Kind::Other("cat".into()))];
    println!("{} {}", animals.iter().map(|a| a.name()).collect::<Vec<_>>().join(", "), animals.iter().map(|a| a.legs()).sum::<u32>());
    show_all(vec![Kind::Other("b".into()), Kind::Bird { wings: 3 }, Kind::Dog, Kind::Bird { wings: 1 }, Kind::Other("a".into())]);
    let leaf = Rc::new(Node { value: 3, parent: RefCell::new(Weak::new()), children: RefCell::new(vec![]) });
    let root = Rc::new(Node { value: 5, parent: RefCell::new(Weak::new()), children: RefCell::new(vec![leaf.clone()]) });
    *leaf.parent.borrow_mut() = Rc::downgrade(&root);
    println!("{} {} {} {:?}", total(&root), Rc::strong_count(&leaf), Rc::weak_count(&root), leaf.parent.borrow().upgrade().map(|p| p.value));
    drop(root);
    println!("{}", leaf.parent.borrow().upgrade().is_none());
    let mut counter = 0;
    let mut increment = || { counter += 5; counter };
    increment();
    println!("{}", increment());
    let functions: Vec<(&str, Box<dyn Fn(f64) -> f64>)> = vec![("double", Box::new(|x| x * 2.0)), ("sqrt", Box::new(f64::sqrt)), ("add", { let y = 1.5; Box::new(move |x| x + y) })];
    println!("{}", functions.iter().fold(8.0, |x, (name, f)| { print!("{name} "); f(x) }));
}

fn main() {
    maps();
    sequences();
    strings();
    objects();
}

//! Formatting and parsing of numbers, and the checked, wrapping and saturating
//! arithmetic of all widths.

use std::fmt;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

#[derive(Debug, Default, Clone)]
#[allow(dead_code)]
struct Record { id: u32, name: Option<String>, tags: Vec<&'static str>, nested: (i8, f32) }

struct Matrix([[f64; 3]; 3]);

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let precision = f.precision().unwrap_or(1);
        for row in &self.0 {
            for (i, x) in row.iter().enumerate() {
                write!(f, "{}{x:8.precision$}", if i > 0 { " " } else { "[" })?;
            }
            writeln!(f, "]")?;
        }
        Ok(())
    }
}

fn floats() {
    for x in [0.0, -0.0, 1.0, 0.1, 1e21, 1e-7, 123456789.125, f64::MAX, f64::MIN_POSITIVE, 5e-324, f64::EPSILON, 2.5, 1e16, f64::INFINITY, f64::NAN] {
        println!("{x} {x:?} {x:e} {x:.3} {x:+.0} {x:>12.2}|{x:<10}|{x:^10}|");
    }
    for x in [0.1f32, 16777216.0, 1e-45, 3.4028235e38, 0.3] {
        println!("{x} {x:?} {:08x} {}", x.to_bits(), f64::from(x));
    }
    for text in ["1.7976931348623159e308", "2.2250738585072011e-308", "9007199254740993", "0.000001", "-.5", "1_000", "inf", "1e", "4.35"] {
        println!("{text} {:?}", text.parse::<f64>().map(f64::to_bits).map_err(|e| e.to_string()));
    }
    println!("{} {} {} {}", 300.7f32 as u8, -1.5f64 as u32, f64::NAN as i32, 1e20 as i64);
    println!("{:?} {:?} {:?}", 7.5f64.rem_euclid(-2.0), (-7.5f64).round(), 2.0f64.mul_add(3.0, 0.5));
    println!("{:?} {:?}", 1.0f64.clamp(2.0, 3.0), f64::total_cmp(&-0.0, &0.0));
}

fn integers() {
    println!("{:5}|{:<5}|{:^5}|{:05}|{:+}|{:#x}|{:#010b}|{:o}|{:X}", 42, 42, 42, 42, 42, 255, 5, 64, 0xbeefu16);
    println!("{} {} {} {}", i8::MIN, u64::MAX, i128::MIN, u128::MAX);
    println!("{:?} {:?} {:?}", 250u8.checked_add(5), 250u8.checked_add(6), i32::MIN.checked_div(-1));
    println!("{:?} {:?} {:?}", i64::MAX.overflowing_add(1), 200u8.wrapping_mul(3), i16::MIN.saturating_sub(1));
    println!("{} {} {} {}", (-7i32).rem_euclid(3), (-7i32).div_euclid(3), -7 / 3, -7 % 3);
    println!("{} {} {} {}", 0x0fu8.leading_zeros(), 40u64.trailing_zeros(), u128::MAX.count_ones(), 0x1234u16.swap_bytes());
    println!("{} {:x} {}", 0x12345678u32.rotate_left(8), 1u64.reverse_bits(), 3i32.pow(19));
    let factorial = (1..=34u128).product::<u128>();
    println!("{factorial} {} {}", factorial / 10u128.pow(20), factorial % 1_000_000_007);
    println!("{:?} {:?}", i32::from_str_radix("-7f", 16), u8::from_str_radix("12", 2).map_err(|e| e.to_string()));
    println!("{:?} {:?}", u8::try_from(300i32).is_err(), char::from_u32(0x1F980));
    println!("{:?} {:?}", 0x0102030405060708u64.to_be_bytes(), u32::from_le_bytes([1, 2, 3, 4]));
}

fn times() {
    let start = Instant::now();
    std::thread::sleep(Duration::from_millis(15));
    println!("slept {}", start.elapsed() >= Duration::from_millis(15));
    println!("after 2020 {}", SystemTime::now().duration_since(UNIX_EPOCH).map(|d| d.as_secs() > 1_577_836_800).unwrap_or(false));
    println!("{:?} {:?} {:?}", Duration::from_micros(1_500), Duration::new(3, 7), Duration::from_secs_f64(0.25) * 3);
}

fn main() {
    floats();
    integers();
    let record = Record { id: 7, name: Some("tab\t\"quote\" \u{1F980}\u{7f}".into()), tags: vec!["a", "b"], nested: (-1, 2.5) };
    println!("{record:?}\n{record:#?}\n{:?}", Record::default());
    print!("{}{:.3}", Matrix([[1.0, 2.0, 3.0], [4.5, 5.25, -6.125], [1e3, 0.0, -0.05]]), Matrix([[0.5; 3]; 3]));
    println!("{0:>1$} {0:>w$.p$} {name:?}", 1.23456, 9, w = 7, p = 2, name = "named");
    times();
}

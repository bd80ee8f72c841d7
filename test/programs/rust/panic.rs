//! Checked arithmetic and indexing: first what is caught, then a panic that
//! isn't. Memory safety's last line has to end the program, not corrupt it.

use std::num::NonZeroU32;

fn average(values: &[i32]) -> Result<i32, String> {
    let sum = values.iter().try_fold(0i32, |sum, &v| sum.checked_add(v)).ok_or("overflow")?;
    let count = i32::try_from(values.len()).map_err(|e| e.to_string())?;
    sum.checked_div(count).ok_or_else(|| "no values".to_string())
}

struct Guard(&'static str);

impl Drop for Guard {
    fn drop(&mut self) {
        println!("dropped {}", self.0);
    }
}

fn main() {
    println!("{:?}", average(&[1, 2, 6]));
    println!("{:?}", average(&[]));
    println!("{:?}", average(&[i32::MAX, 1]));
    println!("{:?} {:?}", [1, 2, 3].get(3), NonZeroU32::new(0));
    println!("{:?}", "12a".parse::<i32>().map_err(|e| e.to_string()));
    {
        let _guard = Guard("at the end of its scope");
    }
    let index = std::env::args().count() + 2;
    let values = [10, 20, 30];
    println!("about to read index {index}");
    println!("{}", values[index]);
}

//! Arguments, environment, standard streams and the exit code.

use std::env;
use std::io::{self, BufRead, Read, Write};
use std::process;

fn main() {
    let args: Vec<String> = env::args().collect();
    println!("{} arguments, the first is {}", args.len(), if args[0].is_empty() { "empty" } else { "set" });
    for (i, arg) in args.iter().enumerate().skip(1) {
        println!("{i}: {arg:?} {} bytes, {} characters", arg.len(), arg.chars().count());
    }

    let mut vars: Vec<(String, String)> = env::vars().collect();
    vars.sort();
    for (key, value) in &vars {
        println!("{key} = {value:?}");
    }
    println!("missing: {:?}", env::var("NO_SUCH_VARIABLE"));
    env::set_var("NEW_VARIABLE", "set by the program");
    println!("new: {:?}", env::var("NEW_VARIABLE"));
    env::remove_var("NEW_VARIABLE");
    println!("removed: {:?}", env::var_os("NEW_VARIABLE"));

    let stdin = io::stdin();
    let mut first = String::new();
    stdin.lock().read_line(&mut first).expect("a first line");
    println!("first line {:?}", first.trim_end());
    let mut rest = Vec::new();
    stdin.lock().read_to_end(&mut rest).expect("the rest");
    println!("{} more bytes, {} line feeds", rest.len(), rest.iter().filter(|&&b| b == b'\n').count());

    let stdout = io::stdout();
    let mut out = stdout.lock();
    for word in String::from_utf8_lossy(&rest).split_whitespace().rev() {
        write!(out, "{word} ").expect("standard output");
    }
    writeln!(out).expect("standard output");
    eprintln!("to standard error");

    let code = args.get(1).and_then(|a| a.parse().ok()).unwrap_or(0);
    process::exit(code);
}
